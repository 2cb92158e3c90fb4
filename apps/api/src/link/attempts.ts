/**
 * How often passwords may be tried through one connection's link. A journey is cheap to begin anew, so that the limit is the
 * connection's. It is a leaky bucket: so many attempts at once, then one more each time an interval has passed; a business that
 * mistypes goes on after minutes, and nobody guesses fast. The bucket is a row (ADR 0009): all processes share it.
 */
import type { LinkDependencies } from './dependencies.ts';
import { type LinkContext, linkFailure } from './link-context.ts';

export const attemptsAtOnce = 8;
export const attemptIntervalMs = 3 * 60_000;

/**
 * Counts an attempt that is about to be made at the platform.
 * @throws LinkFailure `tooManyAttempts`, and counts nothing
 */
export async function countAttempt(
  { store, clock }: Pick<LinkDependencies, 'store' | 'clock'>,
  link: LinkContext,
): Promise<void> {
  const { id } = link.connection;
  const key = `link-attempts/${id}`;
  const now = clock();
  const { rowCount } = await store.pool.query(
    `INSERT INTO rate_budgets AS b (key, connection_id, free_at)
     VALUES ($1, $2, $3::timestamptz + $4 * interval '1 millisecond')
     ON CONFLICT (key) DO UPDATE SET free_at = greatest(b.free_at, $3) + $4 * interval '1 millisecond'
     WHERE b.free_at <= $5`,
    [key, id, new Date(now), attemptIntervalMs, new Date(now + attemptIntervalMs * (attemptsAtOnce - 1))],
  );
  if (rowCount === 1) return;
  const { rows } = await store.pool.query<{ freeAt: Date }>(
    'SELECT free_at AS "freeAt" FROM rate_budgets WHERE key = $1',
    [key],
  );
  const nextAtMs = (rows[0]?.freeAt.getTime() ?? now) - attemptIntervalMs * (attemptsAtOnce - 1);
  throw linkFailure('tooManyAttempts', link, {
    retryAfterSeconds: Math.max(1, Math.ceil((nextAtMs - now) / 1000)),
  });
}
