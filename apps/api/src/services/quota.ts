import type { UsageRepository } from '@tributary/store';

/** What a client has left today. */
interface QuotaState {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch milliseconds at which the next UTC day starts. */
  readonly resetAtMs: number;
  /** False: this request is one too many. */
  readonly isAllowed: boolean;
}

/**
 * Requests per client and UTC day. Each process counts for itself and adds its count to the database in blocks, which tells it the
 * count of all processes: between two blocks they can together pass the limit by some blocks, and no request waits for the database
 * but a client's first one.
 */
export interface Quota {
  take(clientId: string): Promise<QuotaState>;
  /** Adds what is not in the database yet. */
  flush(): Promise<void>;
}

const dayMs = 86_400_000;

interface Count {
  readonly day: string;
  /** All processes, as of the last block. */
  known: number;
  /** Of this process, on their way to the database. */
  flushing: number;
  /** Of this process, since. */
  pending: number;
  /** The block on its way, if any; never rejects. */
  block: Promise<void> | undefined;
  /** That nothing is left was told, or is being told. */
  isExhaustionTold: boolean;
}

export function createQuota(options: {
  usage: UsageRepository;
  clock: () => number;
  limit: number;
  onError: (error: unknown) => void;
  /** A client's requests of a day are used up. Called until it succeeds once; other processes call theirs. */
  onExhausted?: (usage: { clientId: string; day: string; limit: number }) => Promise<void>;
}): Quota {
  const { usage, clock, limit, onError, onExhausted } = options;
  const counts = new Map<string, Count>();
  const blockSize = Math.max(1, Math.min(100, Math.floor(limit / 100)));

  async function countOf(clientId: string, day: string): Promise<Count> {
    const count = counts.get(clientId);
    if (count?.day === day) return count;
    if (count !== undefined) await flushCount(clientId, count);
    const known = await usage.add(clientId, day, 0);
    const raced = counts.get(clientId);
    if (raced?.day === day) return raced;
    const fresh: Count = { day, known, flushing: 0, pending: 0, block: undefined, isExhaustionTold: false };
    counts.set(clientId, fresh);
    return fresh;
  }

  /** Sends what is pending after the block that is on its way. */
  async function flushCount(clientId: string, count: Count): Promise<void> {
    while (count.block !== undefined) await count.block;
    if (count.pending === 0) return;
    count.block = sendBlock(clientId, count);
    await count.block;
  }

  async function sendBlock(clientId: string, count: Count): Promise<void> {
    count.flushing = count.pending;
    count.pending = 0;
    try {
      count.known = await usage.add(clientId, count.day, count.flushing);
    } catch (error) {
      count.pending += count.flushing;
      onError(error);
    }
    count.flushing = 0;
    count.block = undefined;
  }

  function tellExhausted(clientId: string, count: Count): void {
    if (count.isExhaustionTold || onExhausted === undefined) return;
    count.isExhaustionTold = true;
    // No request waits for it; the next one tries again when it fails.
    onExhausted({ clientId, day: count.day, limit }).catch((error: unknown) => {
      count.isExhaustionTold = false;
      onError(error);
    });
  }

  return {
    async take(clientId) {
      const now = clock();
      const count = await countOf(clientId, new Date(now).toISOString().slice(0, 10));
      const used = count.known + count.flushing + count.pending;
      const isAllowed = used < limit;
      if (isAllowed) count.pending += 1;
      if (count.pending >= blockSize && count.block === undefined) void flushCount(clientId, count);
      const remaining = Math.max(0, limit - used - (isAllowed ? 1 : 0));
      if (remaining === 0) tellExhausted(clientId, count);
      return { limit, remaining, resetAtMs: (Math.floor(now / dayMs) + 1) * dayMs, isAllowed };
    },
    async flush() {
      await Promise.all([...counts].map(([clientId, count]) => flushCount(clientId, count)));
    },
  };
}
