import { setTimeout as delay } from 'node:timers/promises';
import type { AppDependencies } from '../dependencies.ts';

type Check = 'ok' | 'unavailable' | 'outdated';

/** `schema` is `outdated` when the database lacks migrations of this release. */
export interface Readiness {
  readonly status: 'ready' | 'unavailable';
  readonly checks: { readonly database: Check; readonly queue: Check; readonly schema: Check };
}

/** Asks database and queue whether they answer. */
export async function checkReadiness({
  store,
  pingQueue,
}: Pick<AppDependencies, 'store' | 'pingQueue'>): Promise<Readiness> {
  const [database, queue, schema] = await Promise.all([
    checkOf(store.ping().then(() => 'ok' as const)),
    checkOf(pingQueue().then(() => 'ok' as const)),
    checkOf(store.pendingMigrations().then((pending) => (pending.length === 0 ? 'ok' : 'outdated'))),
  ]);
  const checks = { database, queue, schema };
  const isReady = Object.values(checks).every((check) => check === 'ok');
  return { status: isReady ? 'ready' : 'unavailable', checks };
}

/** Whoever asks for readiness wants to know now: an answer that takes longer is none. */
const patienceMs = 3_000;

function checkOf(asking: Promise<Check>): Promise<Check> {
  const tooLate = delay(patienceMs, 'unavailable' as const, { ref: false });
  return Promise.race([asking.catch(() => 'unavailable' as const), tooLate]);
}
