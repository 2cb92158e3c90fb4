/** What the runs of derived data types share. */
import type { ClaimedRun, RecordRow } from '@tributary/store';
import {
  inKeyedTransaction,
  lockForWriting,
  moveCounters,
  othersWait,
  recordPage,
  upsertRecords,
} from '@tributary/store';
import type { PageContext } from './commit-page.ts';
import { type PullDependencies, SliceOverError } from './pull-run.ts';

export type DeriveDependencies = PullDependencies;

/** A context in which pages of derived records are committed: nothing is proven by what a page lacks. */
export async function derivedPageContext(
  run: ClaimedRun,
  { store, connector, session, leaseMs, requests, memory, metrics }: DeriveDependencies,
): Promise<PageContext> {
  return {
    store,
    run,
    plan: { listing: 'incremental', modifiedSinceMs: undefined, fromDate: undefined },
    connector,
    lookup: await connector.loadLookup(session, run.dataType),
    tally: {
      platformStartedAtMs: run.platformStartedAtMs ?? undefined,
      greatestModifiedAtMs: undefined,
      pages: run.pages,
      read: run.recordsRead,
      suspicious: false,
      strangePages: 0,
    },
    leaseMs,
    requests,
    memory,
    metrics,
  };
}

/** Makes room for other clients between two pages, once the run's slice is over. @throws SliceOverError */
export function createSlice(
  run: ClaimedRun,
  { store, now, sliceMs }: DeriveDependencies,
): () => Promise<void> {
  const startedAtMs = now();
  return async () => {
    if (now() - startedAtMs > sliceMs && (await othersWait(store.pool, run.clientId)))
      throw new SliceOverError();
  };
}

/** Stores records that have no counterpart at the platform, as one page. @throws LeaseLostError */
export async function commitRecords(
  run: ClaimedRun,
  { store, leaseMs, metrics }: DeriveDependencies,
  records: readonly RecordRow[],
): Promise<void> {
  const { inserted, changed, unchanged } = await inKeyedTransaction(store.pool, async (client) => {
    const dataset = await lockForWriting(client, run);
    const written = await upsertRecords(client, run, run.dataType, records, dataset.lastSeq);
    await moveCounters(client, run, run.dataType, {
      inserted: written.inserted,
      deleted: written.deletedDelta,
    });
    await recordPage(
      client,
      run,
      {
        checkpoint: null,
        platformStartedAtMs: undefined,
        greatestModifiedAtMs: undefined,
        read: records.length,
        ...written,
        quarantined: 0,
        warnings: 0,
        progress: 90,
      },
      leaseMs,
    );
    return written;
  });
  metrics.recordsWritten(run.dataType, { read: records.length, inserted, changed, unchanged });
}
