import { setTimeout as delay } from 'node:timers/promises';

/** Time as connectors see it; passed in, so that tests decide what time it is and nothing waits for real. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `milliseconds`; rejects with the signal's reason as soon as it aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      try {
        await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
      } catch (error) {
        signal?.throwIfAborted();
        throw error;
      }
    },
  };
}
