import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another process holds the folder. `holder` is its process id, where it could be asked. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
  readonly holder: number | undefined;

  constructor(folder: string, holder: number | undefined) {
    super(`${folder} is in use by another process${holder ? ` (${holder})` : ''}.`);
    this.holder = holder;
  }
}

/** A folder held by this process. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Holds a folder for one purpose, for as long as this process lives.
 *
 * The lock is a listening socket, not a file with a process id: the kernel takes it back however the process
 * ends, and no stale one has to be recognised. On Linux it has no file at all.
 * @throws {FolderLockedError}
 */
export async function lockFolder(folder: string, purpose: string): Promise<FolderLock> {
  const name = createHash('sha256')
    .update(`${purpose}\n${realpathSync(folder)}`)
    .digest('hex')
    .slice(0, 24);
  const isAbstract = process.platform === 'linux';
  const path = isAbstract ? `\0tributary-${name}` : join(tmpdir(), `tributary-${name}.sock`);
  let server = await listen(path);
  if (!server) {
    const holder = await askHolder(path);
    const isAbandoned = holder === 'nobody' && !isAbstract;
    if (isAbandoned) {
      rmSync(path, { force: true });
      server = await listen(path);
    }
    if (!server) throw new FolderLockedError(folder, typeof holder === 'number' ? holder : undefined);
  }
  const held = server;
  return { release: () => new Promise((done) => held.close(() => done())) };
}

/** The server, or undefined when the address is taken. */
function listen(path: string): Promise<Server | undefined> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(String(process.pid));
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? done(undefined) : fail(error),
    );
    server.listen(path, () => {
      server.unref();
      done(server);
    });
  });
}

function askHolder(path: string): Promise<number | 'nobody' | 'silent'> {
  return new Promise((done) => {
    let answer = '';
    const socket = connect(path);
    socket.setTimeout(1000, () => {
      socket.destroy();
      done('silent');
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('end', () => done(Number.parseInt(answer, 10) || 'silent'));
    socket.on('error', () => done('nobody'));
  });
}
