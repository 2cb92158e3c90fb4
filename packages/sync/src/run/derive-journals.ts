/** Journals: one for each type of record that posts. */
import { type ClaimedRun, inTransaction, postingRecordTypes } from '@tributary/store';
import { commitPage } from './commit-page.ts';
import { type DeriveDependencies, derivedPageContext } from './derive-context.ts';
import { finishRun } from './finish.ts';

export async function buildJournals(run: ClaimedRun, dependencies: DeriveDependencies): Promise<void> {
  const { store, connector } = dependencies;
  const context = await derivedPageContext(run, dependencies);
  const types = await postingRecordTypes(store.pool, run);
  await commitPage(context, {
    records: types.map((id) => ({ id, raw: JSON.stringify({ id }) })),
    checkpoint: null,
    platformTimeMs: undefined,
    warnings: [],
  });
  await inTransaction(store.pool, (client) =>
    finishRun(dependencies, client, run, {
      cursorMs: undefined,
      fromDate: undefined,
      mappingVersion: connector.manifest.dataTypes.get(run.dataType)?.mappingVersion ?? 0,
    }),
  );
}
