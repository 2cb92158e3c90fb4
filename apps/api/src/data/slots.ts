import { serviceUnavailable } from '../errors.ts';

/** A number of things that can be in use at a time. */
export interface Slots {
  /**
   * Waits for a free slot, first come first served.
   * @returns gives the slot back; of no effect the second time
   * @throws ApiError 503 when none became free in time
   */
  acquire(): Promise<() => void>;
}

/**
 * @param waitMs how long to wait for a slot
 * @param busy what is told to whom waited in vain
 */
export function createSlots(
  count: number,
  waitMs: number,
  busy = 'Too many large pages are being read; use a smaller pageSize.',
): Slots {
  let free = count;
  const waiting = new Set<() => void>();

  function slot(): () => void {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const [next] = waiting;
      if (next === undefined) free += 1;
      else next();
    };
  }

  return {
    async acquire() {
      if (free > 0) {
        free -= 1;
        return slot();
      }
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(take);
          reject(serviceUnavailable(busy, 1));
        }, waitMs);
        const take = () => {
          clearTimeout(timer);
          waiting.delete(take);
          resolve();
        };
        waiting.add(take);
      });
      return slot();
    },
  };
}
