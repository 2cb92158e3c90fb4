import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './expect.ts';

/**
 * Asks again and again until there is an answer.
 * @throws {Failure} when there is none in time, with the last reason that `ask` threw or what `describe` says
 */
export async function until<Value>(
  what: string,
  ask: () => Promise<Value | undefined | false>,
  options: { seconds: number; everyMs?: number; describe?: () => string },
): Promise<Value> {
  const deadline = performance.now() + options.seconds * 1000;
  let last = '';
  for (;;) {
    try {
      const value = await ask();
      if (value !== undefined && value !== false) return value;
      last = options.describe?.() ?? last;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() > deadline) {
      throw new Failure(`${what}: not within ${options.seconds} s${last ? ` (${last})` : ''}`);
    }
    await delay(options.everyMs ?? 100);
  }
}

/** A TCP port that nothing listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address
          ? done(address.port)
          : fail(new Error('The system gave no port.')),
      );
    });
  });
}
