import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { buildSandbox } from './app.ts';
import { readConfig } from './config.ts';

/** Leaves with one readable message per line on the error stream. */
function leave(...lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
}

function reasonOf(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken: stop what uses it, or set SANDBOX_PORT.`;
  return `The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}`;
}

const config = readConfig(process.env);
if ('problems' in config) {
  leave(
    'The sandbox cannot start, its configuration is wrong:',
    ...config.problems.map((problem) => `  ${problem}`),
  );
}
const { host, port, logLevel, ...options } = config;

let dataDir = options.dataDir;
if (dataDir === undefined) {
  const temporary = mkdtempSync(join(tmpdir(), 'tributary-sandbox-'));
  // Whichever way the process ends, short of a kill: even while the books are being built.
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
  dataDir = temporary;
}

let app: FastifyInstance | undefined;
let stopping = false;
const stop = (): void => {
  if (stopping) return;
  stopping = true;
  if (!app) process.exit(0);
  app.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

try {
  app = await buildSandbox({ ...options, dataDir, logger: { level: logLevel } });
  await app.listen({ host, port });
} catch (error) {
  await app?.close();
  leave(reasonOf(error, host, port));
}
