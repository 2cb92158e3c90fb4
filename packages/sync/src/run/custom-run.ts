/**
 * The inside of a run of a data type that a client defined: read the client's listing below the business, keep what the client
 * asked for of each element. The listing is read whole each time; what it does not show any more is gone.
 */
import { type DataWarning, PlatformError } from '@tributary/connector-kit';
import { parseSelectable, parseSelector, selectMembers, selectValue } from '@tributary/model';
import {
  addWarnings,
  type ClaimedRun,
  type CustomDataTypeConfig,
  type CustomRecordRow,
  completeRun,
  createCustomDataTypeRepository,
  deleteUnseenCustomRecords,
  inTransaction,
  lockForWriting,
  logRequests,
  recordDeletions,
  recordListingRead,
  recordPage,
  upsertCustomRecords,
} from '@tributary/store';
import { parseCustomSource } from '../custom-source.ts';
import { contentHash } from './page.ts';
import type { PullDependencies } from './pull-run.ts';

/** @throws LeaseLostError, PlatformError */
export async function customRun(
  run: ClaimedRun,
  identifier: string,
  dependencies: PullDependencies,
): Promise<void> {
  const { store, connector, session, leaseMs } = dependencies;
  const config = await createCustomDataTypeRepository(store).find(run.clientId, run.platformKey, identifier);
  if (config === undefined || connector.customListings === undefined)
    throw new PlatformError('notFound', `The custom data type ${identifier} is not configured`);
  const source = parseCustomSource(config.dataSource);
  const path =
    source && run.businessId !== null && connector.customListings.pathOf(source.path, run.businessId);
  if (!source || !path)
    throw new PlatformError('unexpected', 'The data source does not lie below the business');

  for await (const { elements } of connector.customListings.list(session, { path, query: source.query })) {
    const page = customPage(elements, config);
    const requests = dependencies.requests.take(elements.length);
    await inTransaction(store.pool, async (client) => {
      await lockForWriting(client, run);
      await logRequests(client, run, requests);
      const counts = await upsertCustomRecords(client, run, identifier, page.rows);
      const warnings = page.warnings.map((warning) => ({
        severity: 'warning' as const,
        itemId: undefined,
        ...warning,
      }));
      await addWarnings(client, run.companyId, run.id, warnings);
      const progress = {
        checkpoint: null,
        platformStartedAtMs: undefined,
        greatestModifiedAtMs: undefined,
        read: elements.length,
        ...counts,
        quarantined: 0,
        warnings: warnings.length,
        progress: 50,
      };
      await recordPage(client, run, progress, leaseMs);
    });
  }
  await recordListingRead(store.pool, run, leaseMs);
  await inTransaction(store.pool, async (client) => {
    await lockForWriting(client, run);
    const deleted = await deleteUnseenCustomRecords(client, run, identifier);
    await recordDeletions(client, run, { deleted, warnings: 0 });
    await completeRun(client, run, { cursorMs: undefined, fromDate: undefined, mappingVersion: 0 });
  });
}

/** Pure: elements of a listing as the client wants them. Of several with one key the last counts. */
function customPage(
  elements: readonly string[],
  config: CustomDataTypeConfig,
): { rows: CustomRecordRow[]; warnings: DataWarning[] } {
  const rows = new Map<string, CustomRecordRow>();
  const warnings: DataWarning[] = [];
  for (const raw of elements) {
    const record = readable(raw);
    const id = keyOf(record, config.keyBy);
    if (id === undefined) {
      const message = `An element has no value for its key (${config.keyBy.join(', ')}) and was left out`;
      warnings.push({ ruleId: 'custom-record-without-key', message });
      continue;
    }
    const content = JSON.stringify(selectMembers(record, config.requiredData));
    rows.set(id, {
      id,
      content,
      contentHash: contentHash(content),
      sourceModifiedDate: keyOf(record, config.sourceModifiedDate ?? []),
    });
  }
  return { rows: [...rows.values()], warnings };
}

/** Values that together name a record; undefined when one is missing, or is no plain value. */
function keyOf(record: unknown, selectors: readonly string[]): string | undefined {
  const parts = selectors.map((text) => {
    const selector = parseSelector(text);
    return plainText(selector && selectValue(record, selector));
  });
  if (parts.length === 0 || parts.includes(undefined)) return undefined;
  return parts.length === 1 ? parts[0] : parts.map((part) => encodeURIComponent(part ?? '')).join('|');
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'boolean') return String(value);
  return JSON.isRawJSON(value) ? JSON.stringify(value) : undefined;
}

function readable(raw: string): unknown {
  try {
    return parseSelectable(raw);
  } catch {
    return undefined;
  }
}
