import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@tributary/testing';

/** What tests need to know of the running service. */
export interface Stack {
  /** Where browsers find it. */
  readonly url: string;
  readonly sandboxUrl: string;
  readonly databaseUrl: string;
  /** Of the client that `npm start` sets up, with its linked and synced demo company. */
  readonly apiKey: string;
}

export interface RunningStack extends Stack {
  stop(): Promise<void>;
}

const program = join(import.meta.dirname, '..', '..', '..', 'cli', 'src', 'start.ts');
const readyLimitMs = 110_000;

/** Runs `npm start`, without npm: API, worker and sandbox on free ports, the portal built, a demo company synced. */
export async function startStack(databaseUrl: string): Promise<RunningStack> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tributary-e2e-'));
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const { REDIS_URL: _redis, NODE_ENV: _mode, ...outside } = process.env;
  const child = spawn(process.execPath, [program], {
    env: {
      ...outside,
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
      SANDBOX_SIZE: outside['SANDBOX_SIZE'] ?? '200',
      REQUESTS_PER_CLIENT_PER_DAY: '1000000',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(dataDir, { recursive: true, force: true });
  };
  const deadline = Date.now() + readyLimitMs;
  for (;;) {
    const apiKey = /^API key: (\S+)$/m.exec(output)?.[1];
    if (apiKey) {
      const url = `http://localhost:${port}`;
      return { url, sandboxUrl: `http://127.0.0.1:${sandboxPort}`, databaseUrl, apiKey, stop };
    }
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`The service did not start:\n${output}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}
