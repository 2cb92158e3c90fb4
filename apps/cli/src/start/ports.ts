import { createServer } from 'node:net';

/** An address that one of the processes is about to listen on. */
export interface Listener {
  host: string;
  port: number;
  /** The environment variable that moves it. */
  variable: string;
}

/** Why the address cannot be listened on, in one line; undefined when it can. */
function problemOf({ host, port, variable }: Listener): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      const what = isTaken ? 'is taken' : `cannot be listened on (${error.code ?? error.message})`;
      done(`Port ${port} on ${host} ${what}. Stop what uses it, or set ${variable} to another port.`);
    });
    server.listen(port, host, () => server.close(() => done(undefined)));
  });
}

/** One line for each address that cannot be listened on. */
export async function portProblems(listeners: readonly Listener[]): Promise<string[]> {
  const [first, ...others] = listeners;
  const clashing = others.filter((other) => other.port === first?.port).map((other) => other.variable);
  if (first && clashing.length > 0) {
    return [
      `${first.variable} and ${clashing.join(', ')} are both ${first.port}. Set one of them to another port.`,
    ];
  }
  const problems = await Promise.all(listeners.map(problemOf));
  return problems.filter((problem) => problem !== undefined);
}
