/** Account transactions: the ledger's lines of bank accounts. */
import {
  bankLines,
  type ClaimedRun,
  deleteVanishedTransactions,
  inTransaction,
  type LinePosition,
  lastLineChangeMs,
  lockForWriting,
  moveCounters,
  readDataset,
  recordDeletions,
} from '@tributary/store';
import { commitPage } from './commit-page.ts';
import { createSlice, type DeriveDependencies, derivedPageContext } from './derive-context.ts';
import { finishRun } from './finish.ts';
import { checkIntegrity } from './integrity.ts';
import { mapAgain } from './pull-run.ts';

const batchSize = 1000;

export async function buildAccountTransactions(
  run: ClaimedRun,
  dependencies: DeriveDependencies,
): Promise<void> {
  const { store, connector } = dependencies;
  const mappingVersion = connector.manifest.dataTypes.get(run.dataType)?.mappingVersion ?? 0;
  const context = await derivedPageContext(run, dependencies);
  const makeRoom = createSlice(run, dependencies);
  const stored = await readDataset(store.pool, run, run.dataType);
  if (run.checkpoint === null)
    await mapAgain(context, stored.mappingVersion < mappingVersion ? mappingVersion : undefined);
  // Lines put in force while this run works have a later stamp: the next run takes them.
  const cursorMs = await lastLineChangeMs(store.pool, run);
  let after = (run.checkpoint ?? undefined) as LinePosition | undefined;
  for (;;) {
    const request = { changedAfterMs: stored.cursorMs ?? undefined, after, limit: batchSize };
    const lines = await bankLines(store.pool, run, request);
    const last = lines.at(-1);
    if (last === undefined) break;
    after = { recordId: last.recordId, accountId: last.accountId, id: last.id };
    await commitPage(context, {
      records: lines,
      checkpoint: { ...after },
      platformTimeMs: undefined,
      warnings: [],
    });
    await makeRoom();
  }
  await checkIntegrity(run, store, 'incremental');
  await inTransaction(store.pool, async (client) => {
    await lockForWriting(client, run);
    const deleted = await deleteVanishedTransactions(client, run);
    await moveCounters(client, run, run.dataType, { inserted: 0, deleted });
    await recordDeletions(client, run, { deleted, warnings: 0 });
    await finishRun(dependencies, client, run, { cursorMs, fromDate: undefined, mappingVersion });
  });
}
