import { buildSandbox } from './app.ts';
import { readConfig } from './config.ts';

/** Leaves with one readable message per line on the error stream. */
function leave(...lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

const config = readConfig(process.env);
if ('problems' in config)
  leave(
    'The sandbox cannot start, its configuration is wrong:',
    ...config.problems.map((problem) => `  ${problem}`),
  );

const { host, port, logLevel, ...options } = config;
try {
  const app = await buildSandbox({ ...options, logger: { level: logLevel } });
  let closing = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (closing) return;
      closing = true;
      app.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw error;
  }
} catch (error) {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  leave(
    taken
      ? `Port ${port} on ${host} is taken: stop what uses it, or set SANDBOX_PORT.`
      : `The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}`,
  );
}
