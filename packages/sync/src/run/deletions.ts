/**
 * Deletions by absence (docs/adr/0011): not being listed is suspicion, not proof. A record has to be missing from every listing of
 * two runs, and then a request for that one record, or one more listing where there is no such request, has to confirm it.
 */
import type { Connector, PlatformSession } from '@tributary/connector-kit';
import {
  addWarnings,
  type ClaimedRun,
  countMissing,
  forgetMissing,
  inTransaction,
  lockForWriting,
  lockRun,
  mapAgainNextTime,
  markDeleted,
  missingCandidates,
  moveCounters,
  readDataset,
  recordDeletions,
  type Store,
} from '@tributary/store';
import type { SyncMetrics } from '../metrics.ts';

export interface DeletionDependencies {
  readonly store: Store;
  readonly connector: Connector;
  readonly session: PlatformSession;
  /** Share of the stored records, in percent, above which a run stops short of marking. */
  readonly brakePercent: number;
  readonly keepAlive: () => Promise<void>;
  readonly metrics: SyncMetrics;
}

/** A run that would mark no more than this many is never braked. */
const brakeFloor = 20;
/** Single reads that one run makes at most; what is left over is asked for by the next. */
const probesPerRun = 500;

/** Whether so many deletions, of so many records that are not deleted, are too many to believe. */
export function tripsBrake(deletions: number, alive: number, brakePercent: number): boolean {
  return deletions > brakeFloor && deletions * 100 > alive * brakePercent;
}

/** Call it at the end of a complete, unfiltered listing whose ids were noted. @throws LeaseLostError, PlatformError */
export async function markVanished(run: ClaimedRun, dependencies: DeletionDependencies): Promise<void> {
  const { store, connector, session } = dependencies;
  const manifest = connector.manifest.dataTypes.get(run.dataType);
  if (manifest === undefined) return;
  await dependencies.keepAlive();
  const missing = await inTransaction(store.pool, async (client) => {
    await lockRun(client, run);
    return countMissing(client, run, run.dataType, run.id);
  });
  if (missing === 0) return;

  const candidates = await missingCandidates(store.pool, run, run.dataType, {
    runId: run.id,
    listings: manifest.deletionProof === 'single' ? 2 : 3,
    limit: 100_000,
  });
  if (candidates.length === 0) return;
  const stored = await readDataset(store.pool, run, run.dataType);
  const alive = stored.recordCount - stored.deletedCount;
  if (tripsBrake(candidates.length, alive, dependencies.brakePercent)) {
    await warn(run, store, {
      ruleId: 'deletion-brake',
      message: `${candidates.length} of ${alive} records are missing from complete listings: more than ${dependencies.brakePercent} %, so none was marked deleted. If they are really gone, raise DELETION_BRAKE_PERCENT for one run.`,
    });
    return;
  }

  let proven = candidates;
  if (manifest.deletionProof === 'single') {
    proven = [];
    const present: string[] = [];
    for (const id of candidates.slice(0, probesPerRun)) {
      const answer = await connector.probe(session, run.dataType, id);
      (answer === 'absent' ? proven : present).push(id);
    }
    if (present.length > 0) {
      await inTransaction(store.pool, async (client) => {
        await lockForWriting(client, run);
        await forgetMissing(client, run, run.dataType, present);
        // No listing has shown them for a while: what the others were mapped with since did not reach them.
        await mapAgainNextTime(client, run, run.dataType, present);
      });
      await warn(run, store, {
        ruleId: 'listing-incomplete',
        message: `${present.length} records were missing from two listings although the platform still has them; they were kept.`,
      });
    }
  }
  const deleted = await inTransaction(store.pool, async (client) => {
    await lockForWriting(client, run);
    const marked = await markDeleted(client, run, run.dataType, proven);
    await moveCounters(client, run, run.dataType, { inserted: 0, deleted: marked });
    await recordDeletions(client, run, { deleted: marked, warnings: 0 });
    return marked;
  });
  dependencies.metrics.recordsWritten(run.dataType, { deleted });
}

async function warn(
  run: ClaimedRun,
  store: Store,
  warning: { ruleId: string; message: string },
): Promise<void> {
  await inTransaction(store.pool, async (client) => {
    await recordDeletions(client, run, { deleted: 0, warnings: 1 });
    await addWarnings(client, run.companyId, run.id, [
      { severity: 'warning', itemId: undefined, ...warning },
    ]);
  });
}
