/**
 * A model-based test: random edits, removals and faults at the sandbox, in any order with syncs of random data types; after quiet,
 * our copy must equal the platform's. `MODEL_SEEDS` sets how many walks are made, `MODEL_FIRST_SEED` where they start: a failing
 * seed is printed and repeats exactly.
 *
 * In every other walk names change that records are mapped with, and listings lack, break or repeat records; such a walk ends with
 * listings in full, since nothing else tells that a name has changed.
 */
import type { WireRecord } from '@tributary/connector-kit';
import { type DataTypeKey, dataTypeKeys, dataTypes } from '@tributary/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlteredPlatform, alterPlatform, withMemo } from './testing/altered-platform.ts';
import { checkStatements, expectedRecords, storedRecords } from './testing/books.ts';
import { type Harness, startHarness } from './testing/harness.ts';
import { createRandom, type Random } from './testing/random.ts';

const seeds = Number(process.env['MODEL_SEEDS'] ?? 100);
const firstSeed = Number(process.env['MODEL_FIRST_SEED'] ?? 1);

type Linked = Awaited<ReturnType<Harness['link']>>;

let harness: Harness;
let platform: AlteredPlatform;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 60, pageLimit: 20 } });
  platform = alterPlatform(harness);
});
afterAll(() => harness.close());

const faults = [
  { kind: 'status', status: 503, times: 2 },
  { kind: 'status', status: 429, times: 1 },
  { kind: 'status', status: 429, retryAfter: 30, times: 1 },
  { kind: 'status', status: 500, times: 6 },
  { kind: 'html', times: 1 },
  { kind: 'cut', times: 1 },
  { kind: 'tokenExpired', times: 1 },
] as const;

/**
 * One pull as a worker would make it; what was put off is taken up again, as if its time had come.
 * @param before called before each attempt
 */
async function pullUntilDone(
  connection: Linked,
  dataType: DataTypeKey,
  before: () => void = () => undefined,
): Promise<string> {
  for (let attempt = 0; attempt < 12; attempt += 1) {
    before();
    const run = await harness.pull(connection, dataType);
    if (run.completedAt !== null) return run.status;
    // Of the ledger, too, when the run waits for it.
    await harness.store.prisma.pullOperation.updateMany({
      where: { connectionId: connection.id, completedAt: null },
      data: { notBefore: null },
    });
  }
  throw new Error(`the run of ${dataType} did not come to an end`);
}

async function walk(connection: Linked, random: Random): Promise<void> {
  const isAltering = random.below(2) === 0;
  const types = Array.from({ length: (isAltering ? 1 : 2) + random.below(3) }, () =>
    random.pick(isAltering ? namingTypes : walkedTypes),
  );
  platform.restore();
  const alter = (): void => {
    platform.accountSuffix = random.pick(['', ' & Sons']);
    platform.page = random.below(2) === 0 ? undefined : damaging(random);
    platform.warnings = random.below(8) === 0 ? [{ ruleId: 'listing-odd', message: 'It is odd.' }] : [];
  };
  for (let step = 0; step < (isAltering ? 12 : 6); step += 1) {
    switch (random.below(isAltering ? 5 : 3)) {
      case 0:
        await harness.control('live', { edits: 1 + random.below(8) });
        break;
      case 1:
        await harness.control('faults', {
          match: '^GET /api/',
          ...random.pick(faults),
          skip: random.below(4),
        });
        break;
      case 2:
        await pullUntilDone(connection, random.pick(types), isAltering ? alter : undefined);
        break;
      default: {
        const dataType = random.pick(types);
        await forgetCursor(connection, dataType);
        await pullUntilDone(connection, dataType, alter);
      }
    }
  }
  await harness.control('faults', { faults: [] });
  Object.assign(platform, { page: undefined, warnings: [] });
  // The second one finds what the first has left.
  for (let time = 0; time < (isAltering ? 2 : 1); time += 1) {
    for (const dataType of new Set(types)) {
      if (isAltering) await forgetCursor(connection, dataType);
      expect(await pullUntilDone(connection, dataType), dataType).toBe('Complete');
      await expectEqual(connection, dataType);
    }
  }
}

/** The next run of a data type that is not derived lists everything. */
async function forgetCursor({ id: connectionId }: Linked, dataType: DataTypeKey): Promise<void> {
  if (derivedTypes.has(dataType)) return;
  await harness.store.prisma.dataset.updateMany({
    where: { connectionId, dataType },
    data: { cursorAt: null },
  });
}

/** Pages that lack records, show some that cannot be read, and repeat some with another text. */
const damaging =
  (random: Random) =>
  (records: readonly WireRecord[]): readonly WireRecord[] =>
    records.flatMap((record) => {
      switch (random.below(30)) {
        case 0:
          return [];
        case 1:
          return [{ ...record, raw: '{"id":' }];
        case 2:
          return [withMemo(record, 'earlier'), record];
        case 3:
          return [record, withMemo(record, 'later')];
        default:
          return [record];
      }
    });

/** What Kashoo has not. */
const lacking: readonly DataTypeKey[] = ['creditNotes', 'billCreditNotes', 'bankTransactions'];
/** Statements are checked with the journal entries that they come from. */
const walkedTypes = dataTypeKeys.filter((key) => !('servedAs' in dataTypes[key]) && !lacking.includes(key));
/** What accounts are named in. */
const namingTypes = [
  'invoices',
  'bills',
  'payments',
  'items',
  'transfers',
  'chartOfAccounts',
] as const satisfies readonly DataTypeKey[];
const derivedTypes: ReadonlySet<DataTypeKey> = new Set([
  'journalEntries',
  'journals',
  'accountTransactions',
  'balanceSheet',
  'profitAndLoss',
  'cashFlowStatement',
]);
const fromLedger = ['journalEntries', 'journals', 'accountTransactions'] as const;

async function expectEqual(connection: Linked, dataType: DataTypeKey): Promise<void> {
  const derived = fromLedger.find((key) => key === dataType);
  if (derived === undefined) {
    expect(await stored(connection, dataType), dataType).toEqual(await atThePlatform(connection, dataType));
    return;
  }
  const expected = await expectedRecords(harness, connection, derived);
  const found = await storedRecords(harness, connection, derived);
  // A journal stays when nothing of its kind is left.
  if (derived === 'journals') expect(found).toMatchObject(expected);
  else expect(found, derived).toEqual(expected);
  if (derived !== 'journalEntries') return;
  for (const statement of ['balanceSheet', 'profitAndLoss'] as const)
    expect(await pullUntilDone(connection, statement)).toBe('Complete');
  await checkStatements(harness, connection);
}

/** The platform's own records, listed in full and mapped directly: no engine, no database. */
async function atThePlatform(connection: Linked, dataType: DataTypeKey): Promise<Record<string, unknown>> {
  const connector = harness.connectors.get(connection.platformKey);
  const row = await harness.store.prisma.connection.findUniqueOrThrow({ where: { id: connection.id } });
  if (connector === undefined) throw new Error('there is a connector');
  const info = (row.connectionInfo ?? {}) as Record<string, string>;
  const session = await harness.credentials.openSession(connection, {
    id: row.businessId ?? undefined,
    info,
  });
  const lookup = await connector.loadLookup(session, dataType);
  const records: Record<string, unknown> = {};
  const request = { dataType, modifiedSinceMs: undefined, fromDate: undefined, checkpoint: undefined };
  for await (const page of connector.pull(session, request)) {
    for (const wire of page.records) {
      const outcome = connector.map(dataType, wire, lookup);
      if (outcome.kind === 'mapped')
        records[outcome.id] = { document: JSON.stringify(outcome.record), isDeleted: outcome.isDeleted };
    }
  }
  return records;
}

async function stored(connection: Linked, dataType: DataTypeKey): Promise<Record<string, unknown>> {
  const { rows } = await harness.store.pool.query<{ id: string; document: string; is_deleted: boolean }>(
    `SELECT id, document::text AS document, is_deleted FROM ${dataTypes[dataType].table} WHERE connection_id = $1`,
    [connection.id],
  );
  return Object.fromEntries(
    rows.map((row) => [row.id, { document: row.document, isDeleted: row.is_deleted }]),
  );
}

describe('our copy after quiet', () => {
  it(
    `equals the platform's, whatever happened before (${seeds} seeds)`,
    async () => {
      for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
        try {
          await walk(await harness.link(), createRandom(seed));
        } catch (error) {
          throw new Error(`seed ${seed} fails; repeat it with MODEL_FIRST_SEED=${seed} MODEL_SEEDS=1`, {
            cause: error,
          });
        }
      }
      process.stdout.write(`model-based test: ${seeds} seeds from ${firstSeed}\n`);
    },
    600_000 + seeds * 6_000,
  );
});
