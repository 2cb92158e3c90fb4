/**
 * Request budgets shared by every process: a block of evenly spaced slots is taken from the key's row at a time. The database's
 * clock decides, so that workers whose clocks differ do not overspend.
 */
import type { Pool } from 'pg';
import { inTransaction } from './pool.ts';

const hourMs = 3_600_000;

/** `count` slots, the first `startsInMs` from now, each further one `spacingMs` later. */
export interface ReservedSlots {
  readonly startsInMs: number;
  readonly count: number;
  readonly spacingMs: number;
}

/** Takes up to `count` slots of the budget `key`; at least one. A reserved slot is spent, used or not. */
export async function reserveSlots(
  pool: Pool,
  budget: { key: string; count: number; requestsPerSecond: number; requestsPerHour: number | undefined },
): Promise<ReservedSlots> {
  const spacingMs = 1000 / budget.requestsPerSecond;
  return budget.requestsPerHour === undefined
    ? reserveBySecond(pool, budget.key, budget.count, spacingMs)
    : reserveByHour(pool, budget.key, budget.count, spacingMs, budget.requestsPerHour);
}

async function reserveBySecond(
  pool: Pool,
  key: string,
  count: number,
  spacingMs: number,
): Promise<ReservedSlots> {
  const { rows } = await pool.query<{ startsInMs: number }>(
    `INSERT INTO rate_budgets AS budget (key, free_at) VALUES ($1, clock_timestamp() + $2 * interval '1 ms')
     ON CONFLICT (key) DO UPDATE SET free_at = greatest(budget.free_at, clock_timestamp()) + $2 * interval '1 ms'
     RETURNING (extract(epoch from free_at - clock_timestamp()) * 1000)::float8 - $2 AS "startsInMs"`,
    [key, count * spacingMs],
  );
  return { startsInMs: Math.max(0, rows[0]?.startsInMs ?? 0), count, spacingMs };
}

/** Never more than `perHour` slots within any hour: the slot before last-but-`perHour` must be an hour old. */
async function reserveByHour(
  pool: Pool,
  key: string,
  count: number,
  spacingMs: number,
  perHour: number,
): Promise<ReservedSlots> {
  return inTransaction(pool, async (client) => {
    await client.query(
      'INSERT INTO rate_budgets (key, free_at) VALUES ($1, clock_timestamp()) ON CONFLICT DO NOTHING',
      [key],
    );
    const { rows } = await client.query<{ nowMs: number; freeAtMs: number; slots: number[] }>(
      `SELECT (extract(epoch from clock_timestamp()) * 1000)::float8 AS "nowMs", (extract(epoch from free_at) * 1000)::float8 AS "freeAtMs",
              hour_slots AS slots
       FROM rate_budgets WHERE key = $1 FOR UPDATE`,
      [key],
    );
    const row = rows[0];
    if (row === undefined) throw new Error(`the rate budget ${key} vanished while it was being taken from`);
    const slots = row.slots.filter((slotMs) => slotMs > row.nowMs - hourMs);
    const allowedAtMs = () =>
      slots.length < perHour ? Number.NEGATIVE_INFINITY : (slots[slots.length - perHour] ?? 0) + hourMs;
    const startsAtMs = Math.max(row.nowMs, row.freeAtMs, allowedAtMs());
    let granted = 0;
    do {
      slots.push(startsAtMs + granted * spacingMs);
      granted += 1;
    } while (granted < count && allowedAtMs() <= startsAtMs + granted * spacingMs);
    await client.query(
      'UPDATE rate_budgets SET free_at = to_timestamp($2::float8 / 1000), hour_slots = $3 WHERE key = $1',
      [key, startsAtMs + granted * spacingMs, slots],
    );
    return { startsInMs: startsAtMs - row.nowMs, count: granted, spacingMs };
  });
}
