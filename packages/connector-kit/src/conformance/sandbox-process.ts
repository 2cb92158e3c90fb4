/** The sandbox as a process of its own, so that what it holds in memory does not count as the connector's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface SandboxProcess {
  readonly origin: string;
  /** Posts to a control route. Throws when it is refused. */
  control(path: string, body: unknown): Promise<void>;
  stop(): Promise<void>;
}

const LISTENING = /"msg":"Server listening at (http:[^"]+)"/;

/**
 * Starts the sandbox on a free port and waits until it listens.
 * @throws Error with what the process wrote when it ends before
 */
export async function startSandboxProcess(options: {
  /** The sandbox's `main.ts`. */
  readonly main: URL;
  readonly environment: Readonly<Record<string, string>>;
}): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [fileURLToPath(options.main)], {
    env: { PATH: process.env['PATH'] ?? '', SANDBOX_PORT: '0', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const origin = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output === undefined) return;
      output += text;
      const found = LISTENING.exec(output)?.[1];
      if (found !== undefined) resolve(found);
      // Only the line that tells the port matters; what the log says later is read and dropped.
      output = output.slice(-4096);
    });
    ended.then(() => reject(new Error(`The sandbox ended before it listened: ${errors}`)), reject);
  });
  return {
    origin,
    async control(path, body) {
      const response = await fetch(`${origin}/control/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`control/${path}: ${response.status} ${await response.text()}`);
      await response.body?.cancel();
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
