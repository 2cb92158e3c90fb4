/**
 * Request budgets shared by every process: a block of evenly spaced slots is taken from the key's row at a time. The database's
 * clock decides, so that workers whose clocks differ do not overspend.
 */
import type { Pool } from 'pg';
import { inTransaction } from './pool.ts';

const hourMs = 3_600_000;

/** Names of budgets. One of a connection goes when the connection is deleted. */
export const budgetKeys = {
  application: (platformKey: string, clientId: string): string => `${platformKey}/application/${clientId}`,
  connection: (platformKey: string, connectionId: string): string =>
    `${platformKey}/connection/${connectionId}`,
} as const;

/** Slots were asked for on behalf of a connection that does not exist (any more). */
export class ConnectionGoneError extends Error {
  override readonly name = 'ConnectionGoneError';
  constructor(connectionId: string) {
    super(`there is no connection ${connectionId}`);
  }
}

function connectionOf(key: string): string | undefined {
  return /^[^/]+\/connection\/([\da-f-]{36})$/.exec(key)?.[1];
}

/**
 * `count` slots, the first `startsInMs` from now, each further one `spacingMs` later. None at all: the next one that could be had is so
 * far off, and was left for whoever asks then.
 */
export interface ReservedSlots {
  readonly startsInMs: number;
  readonly count: number;
  readonly spacingMs: number;
}

/** How far ahead slots of an hourly budget are handed out. One further off would be spent, and most likely not used. */
const reachMs = 2_000;

/**
 * Takes up to `count` slots of the budget `key`. A reserved slot is spent, used or not.
 * @throws ConnectionGoneError
 */
export async function reserveSlots(
  pool: Pool,
  budget: {
    key: string;
    count: number;
    requestsPerSecond: number;
    requestsPerHour: number | undefined;
    hourMs?: number;
  },
): Promise<ReservedSlots> {
  const spacingMs = 1000 / budget.requestsPerSecond;
  const connectionId = connectionOf(budget.key);
  const gone = () => new ConnectionGoneError(connectionId ?? '');
  try {
    const slots =
      budget.requestsPerHour === undefined
        ? await reserveBySecond(pool, budget.key, connectionId, budget.count, spacingMs)
        : await reserveByHour(
            pool,
            budget.key,
            connectionId,
            budget.count,
            spacingMs,
            budget.requestsPerHour,
          );
    if (slots === undefined) throw gone();
    return slots;
  } catch (error) {
    // The connection was deleted between the look at it and the insertion: its foreign key notices.
    throw error instanceof Error && 'code' in error && error.code === '23503' ? gone() : error;
  }
}

/** A budget of a connection is made only while there is the connection; its foreign key takes the budget away with it. */
const insertBudget = (freeAt: string) =>
  `INSERT INTO rate_budgets AS budget (key, connection_id, free_at)
   SELECT $1, $2::uuid, ${freeAt} WHERE $2::uuid IS NULL OR EXISTS (SELECT FROM connections WHERE id = $2)`;

async function reserveBySecond(
  pool: Pool,
  key: string,
  connectionId: string | undefined,
  count: number,
  spacingMs: number,
): Promise<ReservedSlots | undefined> {
  const { rows } = await pool.query<{ startsInMs: number }>(
    `${insertBudget(`clock_timestamp() + $3 * interval '1 ms'`)}
     ON CONFLICT (key) DO UPDATE SET free_at = greatest(budget.free_at, clock_timestamp()) + $3 * interval '1 ms'
     RETURNING (extract(epoch from free_at - clock_timestamp()) * 1000)::float8 - $3 AS "startsInMs"`,
    [key, connectionId ?? null, count * spacingMs],
  );
  const [row] = rows;
  return row && { startsInMs: Math.max(0, row.startsInMs), count, spacingMs };
}

/** Never more than `perHour` slots within any hour: the slot before last-but-`perHour` must be an hour old. */
async function reserveByHour(
  pool: Pool,
  key: string,
  connectionId: string | undefined,
  count: number,
  spacingMs: number,
  perHour: number,
): Promise<ReservedSlots | undefined> {
  return inTransaction(pool, async (client) => {
    await client.query(`${insertBudget('clock_timestamp()')} ON CONFLICT DO NOTHING`, [
      key,
      connectionId ?? null,
    ]);
    const { rows } = await client.query<{ nowMs: number; freeAtMs: number; slots: number[] }>(
      `SELECT (extract(epoch from clock_timestamp()) * 1000)::float8 AS "nowMs", (extract(epoch from free_at) * 1000)::float8 AS "freeAtMs",
              hour_slots AS slots
       FROM rate_budgets WHERE key = $1 FOR UPDATE`,
      [key],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    const slots = row.slots.filter((slotMs) => slotMs > row.nowMs - hourMs);
    const allowedAtMs = () =>
      slots.length < perHour ? Number.NEGATIVE_INFINITY : (slots[slots.length - perHour] ?? 0) + hourMs;
    const startsAtMs = Math.max(row.nowMs, row.freeAtMs, allowedAtMs());
    const startsInMs = startsAtMs - row.nowMs;
    if (startsInMs >= reachMs) return { startsInMs, count: 0, spacingMs };
    let granted = 0;
    do {
      slots.push(startsAtMs + granted * spacingMs);
      granted += 1;
    } while (granted < count && allowedAtMs() <= startsAtMs + granted * spacingMs);
    await client.query(
      'UPDATE rate_budgets SET free_at = to_timestamp($2::float8 / 1000), hour_slots = $3 WHERE key = $1',
      [key, startsAtMs + granted * spacingMs, slots],
    );
    return { startsInMs, count: granted, spacingMs };
  });
}
