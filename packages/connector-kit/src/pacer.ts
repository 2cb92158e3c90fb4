/**
 * Pacing: every call takes one slot of the application key's budget and one of the connection's.
 *
 * A budget source hands out blocks of slots (one process at a time asks for them, so that many workers share one budget);
 * the pacer spends them one by one. Short waits are sat out; a wait beyond the limit is thrown as `rateLimited`,
 * because a waiting call must not hold a worker.
 */
import type { Clock } from './clock.ts';
import { PlatformError } from './platform-error.ts';

/** `count` slots of one budget: the first may be used at `startsAtMs`, each further one `spacingMs` later. */
export interface Reservation {
  readonly startsAtMs: number;
  /** May be fewer than were asked for; 0: none can be had before `startsAtMs`, and none was spent. */
  readonly count: number;
  readonly spacingMs: number;
}

/** Where slots come from: memory, or a table that all workers share. A reserved slot is spent, used or not. */
export interface BudgetSource {
  reserve(key: string, count: number): Promise<Reservation>;
}

export interface Pacer {
  /**
   * Waits for one slot in each of `keys`' budgets.
   * @throws PlatformError `rateLimited` when the wait would be too long to happen in place; no slot is spent then
   */
  take(keys: readonly string[], signal?: AbortSignal): Promise<void>;
}

export interface PacerOptions {
  readonly budgets: BudgetSource;
  readonly clock: Clock;
  /** Slots asked for at a time. More save round trips to a shared source, but are lost when nobody uses them. */
  readonly blockSize?: number;
  readonly longestWaitInPlaceMs?: number;
  /** Told of each wait that happens in place, before it begins. */
  readonly onWait?: (waitMs: number) => void;
}

/** A slot that was not used within this time is void: a store of old slots would allow a burst. */
const SLOT_LIFE_MS = 1000;
/** Beyond this many keys, those without a usable slot are forgotten. */
const REMEMBERED_KEYS = 1000;

function usedUp(retryAtMs: number): PlatformError {
  return new PlatformError('rateLimited', 'The request budget is used up for now', { retryAtMs });
}

interface Block {
  nextAtMs: number;
  remaining: number;
  readonly spacingMs: number;
}

/** A pacer over a budget source; one per process and platform, so that all its sessions draw on the same blocks. */
export function createPacer(options: PacerOptions): Pacer {
  const { budgets, clock, blockSize = 1, longestWaitInPlaceMs = 2000 } = options;
  const blocks = new Map<string, Block>();
  const lastUsedAtMs = new Map<string, number>();
  const reserving = new Map<string, Promise<void>>();

  const usableBlock = (key: string, nowMs: number): Block | undefined => {
    const block = blocks.get(key);
    if (block === undefined) return undefined;
    while (block.remaining > 0 && block.nextAtMs < nowMs - SLOT_LIFE_MS) {
      block.remaining -= 1;
      block.nextAtMs += block.spacingMs;
    }
    return block.remaining > 0 ? block : undefined;
  };

  /** Concurrent takers of one key share one reservation. */
  const reserve = (key: string): Promise<void> => {
    const running = reserving.get(key);
    if (running !== undefined) return running;
    const started = budgets
      .reserve(key, blockSize)
      .then(({ startsAtMs, count, spacingMs }) => {
        if (count === 0) throw usedUp(startsAtMs);
        // A shared source may tell the time by another clock: slots that look past are taken to start now.
        blocks.set(key, {
          nextAtMs: Math.max(startsAtMs, clock.now()),
          remaining: count,
          spacingMs,
        });
      })
      .finally(() => reserving.delete(key));
    reserving.set(key, started);
    return started;
  };

  const forgetIdleKeys = (nowMs: number): void => {
    if (blocks.size <= REMEMBERED_KEYS) return;
    for (const key of blocks.keys()) {
      if (usableBlock(key, nowMs) === undefined) {
        blocks.delete(key);
        lastUsedAtMs.delete(key);
      }
    }
  };

  /** When the next slot of a block may be used; the spacing holds even when older slots are left over. */
  const startOf = (key: string, block: Block): number =>
    Math.max(block.nextAtMs, (lastUsedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) + block.spacingMs);

  return {
    async take(keys, signal) {
      for (;;) {
        signal?.throwIfAborted();
        const nowMs = clock.now();
        const missing = keys.filter((key) => usableBlock(key, nowMs) === undefined);
        if (missing.length > 0) {
          // Another taker may use the slots up while this one waits for them: look again afterwards.
          await Promise.all(missing.map(reserve));
          continue;
        }
        const taken = keys.map((key) => ({ key, block: usableBlock(key, nowMs) }));
        const startMs = taken.reduce(
          (latest, { key, block }) => (block === undefined ? latest : Math.max(latest, startOf(key, block))),
          nowMs,
        );
        if (startMs - nowMs >= longestWaitInPlaceMs) {
          throw usedUp(startMs);
        }
        for (const { key, block } of taken) {
          if (block === undefined) continue;
          block.remaining -= 1;
          block.nextAtMs += block.spacingMs;
          lastUsedAtMs.set(key, startMs);
        }
        forgetIdleKeys(nowMs);
        if (startMs > nowMs) {
          options.onWait?.(startMs - nowMs);
          await clock.sleep(startMs - nowMs, signal);
        }
        return;
      }
    },
  };
}

const HOUR_MS = 60 * 60 * 1000;

interface LocalBudget {
  nextAtMs: number;
  /** Instants of the last `requestsPerHour` slots, oldest at `oldest`; the next slot is an hour after the oldest at least. */
  readonly ring: Float64Array;
  oldest: number;
}

/** Budgets in the memory of one process: evenly spaced by the second, and never more than `requestsPerHour` in any hour. */
export function createLocalBudgetSource(options: {
  readonly requestsPerSecond: number;
  readonly requestsPerHour: number | undefined;
  readonly clock: Clock;
}): BudgetSource {
  const spacingMs = 1000 / options.requestsPerSecond;
  const perHour = options.requestsPerHour ?? 0;
  const budgets = new Map<string, LocalBudget>();

  const budgetOf = (key: string, nowMs: number): LocalBudget => {
    if (budgets.size > REMEMBERED_KEYS) {
      for (const [other, { nextAtMs }] of budgets) if (nextAtMs < nowMs - HOUR_MS) budgets.delete(other);
    }
    let budget = budgets.get(key);
    if (budget === undefined) {
      budget = { nextAtMs: nowMs, ring: new Float64Array(perHour).fill(Number.NEGATIVE_INFINITY), oldest: 0 };
      budgets.set(key, budget);
    }
    return budget;
  };

  return {
    async reserve(key, count) {
      const nowMs = options.clock.now();
      const budget = budgetOf(key, nowMs);
      const allowedAtMs = () => (budget.ring[budget.oldest] ?? Number.NEGATIVE_INFINITY) + HOUR_MS;
      const startsAtMs = Math.max(nowMs, budget.nextAtMs, allowedAtMs());
      let granted = 0;
      while (granted < count) {
        const slotMs = startsAtMs + granted * spacingMs;
        if (granted > 0 && allowedAtMs() > slotMs) break;
        if (perHour > 0) {
          budget.ring[budget.oldest] = slotMs;
          budget.oldest = (budget.oldest + 1) % perHour;
        }
        granted += 1;
      }
      budget.nextAtMs = startsAtMs + granted * spacingMs;
      return { startsAtMs, count: granted, spacingMs };
    },
  };
}

/** A pacer whose budgets live in this process alone: for linking, tests and single-process use. */
export function createLocalPacer(options: {
  readonly requestsPerSecond: number;
  readonly requestsPerHour: number | undefined;
  readonly clock: Clock;
}): Pacer {
  return createPacer({ budgets: createLocalBudgetSource(options), clock: options.clock });
}
