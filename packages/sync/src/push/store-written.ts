/** What a write has come to at the platform goes the way of pulled records: mapped, and stored together with the write's success. */
import { PlatformError, type WriteProblem, type Written, type WrittenRecord } from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';
import {
  closePush,
  createSupplementalDataRepository,
  ensureDatasets,
  forgetMissing,
  inKeyedTransaction,
  lockDataset,
  lockDatasets,
  logPushRequests,
  moveCounters,
  releaseFromQuarantine,
  upsertRaw,
  upsertRecords,
} from '@tributary/store';
import { type NormalisedPage, normalisePage } from '../run/page.ts';
import { supplementOf } from '../run/supplement.ts';
import type { PushContext } from './push-context.ts';

interface Mapped {
  readonly dataType: DataTypeKey;
  readonly page: NormalisedPage;
}

/** @throws PlatformError when what mapping needs cannot be read, LeaseLostError, DatasetGoneError */
export async function storeWritten(context: PushContext, written: Written): Promise<void> {
  const { push, store, connector, metrics, events, now } = context;
  const [first] = written.records;
  const problems: WriteProblem[] = [];
  const mapped: Mapped[] = [];
  for (const [dataType, records] of byDataType(written.records)) {
    if (!connector.manifest.dataTypes.has(dataType)) continue;
    try {
      mapped.push({ dataType, page: await mapWritten(context, dataType, records) });
    } catch (error) {
      // The next sync brings what changed beside the record that was written.
      if (dataType === first.dataType || !(error instanceof PlatformError)) throw error;
      context.logger.info({ error, dataType }, 'a record that changed with a write waits for the next sync');
    }
  }
  for (const { page } of mapped) {
    for (const { id, reason } of page.quarantined)
      problems.push({
        itemId: id,
        message: `It was written, and could not be read back: ${reason}`,
        validatorName: 'read-back',
      });
  }
  const ref = { id: push.connectionId, clientId: push.clientId, companyId: push.companyId };
  await ensureDatasets(
    store.pool,
    ref,
    mapped.map(({ dataType }) => dataType),
  );
  const changes = written.records.map(({ change, dataType, record }) => ({
    type: change,
    recordRef: { id: record.id, dataType },
  }));
  const counts = await inKeyedTransaction(store.pool, async (client) => {
    await lockDatasets(
      client,
      push,
      mapped.map(({ dataType }) => dataType),
    );
    const { completedAt } = await closePush(client, push, {
      status: 'Success',
      statusCode: 200,
      errorMessage: undefined,
      changes,
      validation: problems.length === 0 ? undefined : { errors: [], warnings: problems },
      isWritten: true,
    });
    await logPushRequests(client, push, context.requests.take(written.records.length));
    const type = push.action === 'create' ? 'Create' : 'Update';
    await events.writeEnded(client, push, {
      id: push.id,
      dataType: push.dataType,
      type,
      connectionId: push.connectionId,
      requestedAt: push.createdAt,
      completedAt,
      status: 'Success',
      recordId: first.record.id,
    });
    // Last, so that `modifiedDate` is stamped just before the commit.
    const results = [];
    for (const { dataType, page } of mapped) {
      const version = connector.manifest.dataTypes.get(dataType)?.mappingVersion ?? 0;
      const dataset = await lockDataset(client, push, dataType);
      // A run maps it once more, with what it maps the others with, and checks it.
      const raw = page.raw.map((row) => ({ ...row, mapAgain: true }));
      await upsertRaw(client, push, dataType, version, raw);
      const ids = page.records.map(({ id }) => id);
      await releaseFromQuarantine(client, push, dataType, ids);
      await forgetMissing(client, push, dataType, ids);
      const upserted = await upsertRecords(client, push, dataType, page.records, dataset.lastSeq);
      const { inserted, deletedDelta } = upserted;
      await moveCounters(client, push, dataType, { inserted, deleted: deletedDelta });
      results.push({ dataType, upserted });
    }
    return results;
  });
  for (const { dataType, upserted } of counts) {
    const { inserted, changed, unchanged } = upserted;
    metrics.recordsWritten(dataType, { inserted, changed, unchanged });
  }
  const { dataType, action, createdAt } = push;
  metrics.writeEnded({ dataType, action, status: 'Success', durationMs: now() - createdAt.getTime() });
}

async function mapWritten(
  context: PushContext,
  dataType: DataTypeKey,
  records: readonly WrittenRecord[],
): Promise<NormalisedPage> {
  const { push, store, connector } = context;
  const lookup = await connector.loadLookup(
    context.memories.of(`${push.id}/lookup`).remembering(context.reads),
    dataType,
  );
  const { config } = await createSupplementalDataRepository(store).find(
    push.clientId,
    push.platformKey,
    dataType,
  );
  const page = {
    records: records.map(({ record }) => record),
    checkpoint: null,
    platformTimeMs: undefined,
    warnings: [],
  };
  return normalisePage(connector, dataType, page, lookup, { supplement: supplementOf(config) });
}

function byDataType(records: readonly WrittenRecord[]): Map<DataTypeKey, WrittenRecord[]> {
  const groups = new Map<DataTypeKey, WrittenRecord[]>();
  for (const record of records) groups.set(record.dataType, [...(groups.get(record.dataType) ?? []), record]);
  return groups;
}
