import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inKeyedTransaction } from '../pool.ts';
import { lockDataset, moveCounters } from '../runs/datasets.ts';
import { ensureDatasets } from '../runs/request.ts';
import { openStore, type Store } from '../store.ts';
import type { RecordScope } from './spine.ts';
import {
  insertRecords,
  isAlreadyStored,
  type RecordRow,
  resultOfInserting,
  upsertRecords,
} from './upsert.ts';

let database: TestDatabase;
let store: Store;
let scope: RecordScope;

beforeAll(async () => {
  database = await createTestDatabase();
  store = openStore({
    databaseUrl: database.databaseUrl,
    poolSize: 4,
    applicationName: 'test',
    onError: () => undefined,
  });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});
beforeEach(async () => {
  const client = await store.prisma.client.create({ data: { id: randomUUID(), name: 'lender' } });
  const company = await store.prisma.company.create({
    data: { id: randomUUID(), clientId: client.id, name: 'shop' },
  });
  const connection = await store.prisma.connection.create({
    data: { id: randomUUID(), clientId: client.id, companyId: company.id, platformKey: 'ksho' },
  });
  await ensureDatasets(store.pool, connection, ['taxRates']);
  scope = { companyId: company.id, connectionId: connection.id };
});

const row = (id: string, rate: string, overrides: Partial<RecordRow> = {}): RecordRow => ({
  id,
  document: `{"id":"${id}","name":"Tax ${id}","effectiveTaxRate":${rate}}`,
  contentHash: rate.replace('.', '').padStart(32, '0').slice(-32),
  sourceModifiedAt: undefined,
  isDeleted: false,
  columns: [`Tax ${id}`, null, 'Active', rate, null],
  ...overrides,
});

const write = (rows: readonly RecordRow[], writing = upsertRecords) =>
  inKeyedTransaction(store.pool, async (client) => {
    const { lastSeq } = await lockDataset(client, scope, 'taxRates');
    const result = await writing(client, scope, 'taxRates', rows, lastSeq);
    await moveCounters(client, scope, 'taxRates', {
      inserted: result.inserted,
      deleted: result.deletedDelta,
    });
    return result;
  });

const stored = async () => {
  const { rows } = await store.pool.query<{
    id: string;
    seq: string;
    document: string;
    rate: string;
    xmin: string;
    modified: string;
    gone: boolean;
  }>(
    `SELECT id, seq::text, document::text, effective_tax_rate::text AS rate, xmin::text, modified_at::text AS modified, is_deleted AS gone
     FROM tax_rates WHERE company_id = $1 ORDER BY tax_rates.seq`,
    [scope.companyId],
  );
  return rows;
};

describe('upsertRecords', () => {
  it('gives new records dense sequence numbers in the order of the page and keeps exact digits', async () => {
    expect(await write([row('b', '99999999999999.99'), row('a', '0.10')])).toEqual({
      inserted: 2,
      changed: 0,
      unchanged: 0,
      deletedDelta: 0,
    });
    await write([row('c', '5')]);
    expect((await stored()).map(({ id, seq, rate }) => [id, seq, rate])).toEqual([
      ['b', '1', '99999999999999.99'],
      ['a', '2', '0.10'],
      ['c', '3', '5'],
    ]);
    expect((await stored())[0]?.document).toContain('99999999999999.99');
  });

  it('does not rewrite unchanged rows: the same tuple stays, modified_at stays', async () => {
    await write([row('a', '1'), row('b', '2')]);
    const before = await stored();
    expect(await write([row('a', '1'), row('b', '2')])).toEqual({
      inserted: 0,
      changed: 0,
      unchanged: 2,
      deletedDelta: 0,
    });
    expect(await stored()).toEqual(before);
  });

  it('rewrites what changed, keeps its sequence number, and counts deletions both ways', async () => {
    await write([row('a', '1'), row('b', '2')]);
    expect(await write([row('a', '1', { isDeleted: true }), row('b', '3'), row('c', '4')])).toEqual({
      inserted: 1,
      changed: 2,
      unchanged: 0,
      deletedDelta: 1,
    });
    expect((await stored()).map(({ id, seq, gone }) => [id, seq, gone])).toEqual([
      ['a', '1', true],
      ['b', '2', false],
      ['c', '3', false],
    ]);
    expect((await write([row('a', '1')])).deletedDelta).toBe(-1);
    const dataset = await store.prisma.dataset.findFirstOrThrow({ where: { companyId: scope.companyId } });
    expect([dataset.recordCount, dataset.deletedCount, dataset.lastSeq]).toEqual([3n, 0n, 3n]);
  });

  it('leaves no gap in the sequence when a page is rolled back', async () => {
    await write([row('a', '1')]);
    await expect(write([row('b', '2'), row('b', '3')])).rejects.toThrow();
    await write([row('c', '4')]);
    expect((await stored()).map(({ id, seq }) => [id, seq])).toEqual([
      ['a', '1'],
      ['c', '2'],
    ]);
  });
});

describe('insertRecords', () => {
  const insert = (rows: readonly RecordRow[]) =>
    write(rows, async (...page) => {
      await insertRecords(...page);
      return resultOfInserting(rows);
    });

  it('numbers and counts a page of new records as an upsert does', async () => {
    expect(await insert([row('b', '2.50'), row('a', '1', { isDeleted: true })])).toEqual({
      inserted: 2,
      changed: 0,
      unchanged: 0,
      deletedDelta: 1,
    });
    expect(await insert([])).toMatchObject({ inserted: 0 });
    await insert([row('c', '3')]);
    expect((await stored()).map(({ id, seq, rate, gone }) => [id, seq, rate, gone])).toEqual([
      ['b', '1', '2.50', false],
      ['a', '2', '1', true],
      ['c', '3', '3', false],
    ]);
  });

  it('writes nothing and says so when one is stored already', async () => {
    await insert([row('a', '1')]);
    const before = await stored();
    const failure = await insert([row('b', '2'), row('a', '3')]).catch((error: unknown) => error);
    expect(isAlreadyStored(failure)).toBe(true);
    expect(await stored()).toEqual(before);
    await write([row('b', '2'), row('a', '3')]);
    expect((await stored()).map(({ id, seq, rate }) => [id, seq, rate])).toEqual([
      ['a', '1', '3'],
      ['b', '2', '2'],
    ]);
  });
});
