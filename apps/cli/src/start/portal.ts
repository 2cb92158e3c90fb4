import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../portal/build.ts', import.meta.url));

/**
 * Builds the portal's files, unless they are there. Takes seconds when something changed, and half a second otherwise.
 * Never fails: without the portal everything else serves all the same, and what went wrong is printed.
 * @param options.program another builder than the portal's
 */
export function buildPortal(options: {
  environment: NodeJS.ProcessEnv;
  print: (line: string) => void;
  signal: AbortSignal;
  program?: string;
}): Promise<void> {
  const { print, signal } = options;
  const builder = spawn(process.execPath, [options.program ?? program], {
    // Whoever runs this in a test says so in NODE_ENV; what is built is for users.
    env: { ...options.environment, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  for (const stream of [builder.stdout, builder.stderr]) {
    createInterface({ input: stream }).on('line', (line) => print(line));
  }
  const complain = (reason: string) => {
    if (signal.aborted) return;
    print(`The portal could not be built (${reason}); everything else works. Its messages stand above.`);
  };
  return new Promise((done) => {
    builder.once('error', (error) => {
      complain(error.message);
      done();
    });
    builder.once('close', (code, killedBy) => {
      if (code !== 0) complain(killedBy ? `signal ${killedBy}` : `code ${code}`);
      done();
    });
  });
}
