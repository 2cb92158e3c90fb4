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

function checkOf(asking: Promise<Check>): Promise<Check> {
  return asking.catch(() => 'unavailable' as const);
}
