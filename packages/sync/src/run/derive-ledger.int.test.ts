/** What readings of the ledger do when the platform changes, loses lines, refuses or breaks off. */
import { eraseConnection } from '@tributary/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  checkStatements,
  expectedRecords,
  type Linked,
  pullAll,
  sessionOf,
  storedRecords,
} from '../testing/books.ts';
import { type Harness, startHarness } from '../testing/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 120 } });
});
afterAll(() => harness.close());
afterEach(() => harness.control('faults', { faults: [] }));

const lineListing = '/accounts/\\d+/journalEntries';
const never = new AbortController().signal;

/** A connection whose ledger has been read. */
async function linkedAndRead(): Promise<Linked> {
  const connection = await harness.link();
  await pullAll(harness, connection, 'journalEntries');
  return connection;
}

async function expectEqual(connection: Linked): Promise<void> {
  expect(await storedRecords(harness, connection, 'journalEntries')).toEqual(
    await expectedRecords(harness, connection, 'journalEntries'),
  );
}

/** Paths that a run asked for. */
async function requestedPaths(runId: string): Promise<string[]> {
  const rows = await harness.store.prisma.upstreamRequest.findMany({
    where: { runId },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ path }) => path);
}

const isLineListing = (path: string) => new RegExp(lineListing).test(path);

/** A pattern of the first page of an account's lines. */
async function firstPageOf(connection: Linked, accountNumber: string): Promise<string> {
  const session = await sessionOf(harness, connection);
  const path = `/businesses/${session.businessId}/accounts`;
  const { text } = await session.request({ method: 'GET', path, query: { limit: 1000 } });
  const accounts = JSON.parse(text) as { id: number; number: string }[];
  const id = accounts.find(({ number }) => number === accountNumber)?.id;
  return `/accounts/${id}/journalEntries.*offset=0&`;
}

async function makeWeekOld(connection: Linked): Promise<void> {
  await harness.store.pool.query(
    `UPDATE ledgers SET fully_read_at = fully_read_at - interval '8 days' WHERE connection_id = $1`,
    [connection.id],
  );
}

async function rowVersions(connection: Linked): Promise<unknown[]> {
  const { rows } = await harness.store.pool.query(
    'SELECT id, seq::text, xmin::text, content_hash FROM journal_entries WHERE connection_id = $1 ORDER BY seq',
    [connection.id],
  );
  return rows;
}

async function warningsOf(runId: string): Promise<string[]> {
  const rows = await harness.store.prisma.dataWarning.findMany({ where: { runId } });
  return [...new Set(rows.map(({ ruleId }) => ruleId))];
}

describe('a second reading', () => {
  it('asks for no line when no record changed, and rewrites nothing', async () => {
    const connection = await linkedAndRead();
    const before = await rowVersions(connection);
    const run = await harness.pull(connection, 'journalEntries');
    expect([run.status, run.listing, run.recordsRead]).toEqual(['Complete', 'incremental', 0]);
    expect((await requestedPaths(run.id)).filter(isLineListing)).toEqual([]);
    expect(await rowVersions(connection)).toEqual(before);
  });

  it('asks from the earliest date that a change touches, wherever the record was before', async () => {
    const connection = await linkedAndRead();
    const session = await sessionOf(harness, connection);
    const path = `/businesses/${session.businessId}/records`;
    const { text } = await session.request({
      method: 'GET',
      path,
      query: { type: 'ADJUSTMENT', sortColumn: 'date', limit: 1 },
    });
    const [adjustment] = JSON.parse(text) as { id: number; date: string }[];
    await session.request({
      method: 'PUT',
      path: `/records/${adjustment?.id}`,
      body: JSON.stringify({ date: '2026-01-31' }),
    });
    const run = await harness.pull(connection, 'journalEntries');
    expect([run.status, run.listing, run.changed]).toEqual(['Complete', 'incremental', 1]);
    const asked = (await requestedPaths(run.id)).filter(isLineListing);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every((listing) => listing.includes(`startDate=${adjustment?.date}`))).toBe(true);
    const stored = await storedRecords(harness, connection, 'journalEntries');
    expect(stored[String(adjustment?.id)]).toMatchObject({ postedOn: '2026-01-31T00:00:00' });
    await expectEqual(connection);
  });

  it('reads everything once a week, and rewrites nothing that is as it was', async () => {
    const connection = await linkedAndRead();
    const before = await rowVersions(connection);
    await makeWeekOld(connection);
    const run = await harness.pull(connection, 'journalEntries');
    expect([run.status, run.listing, run.inserted, run.changed]).toEqual(['Complete', 'full', 0, 0]);
    expect((await requestedPaths(run.id)).filter(isLineListing).length).toBeGreaterThan(30);
    expect(await rowVersions(connection)).toEqual(before);
  });
});

describe('a reading that lost a line', () => {
  it('keeps what the record had, quarantines it, and is made good by the next run', async () => {
    const connection = await harness.link();
    const match = await firstPageOf(connection, '1060');
    await harness.control('faults', { match, kind: 'query', set: { offset: '1' }, times: 1 });
    const run = await harness.pull(connection, 'journalEntries');
    expect([run.status, run.quarantined]).toEqual(['Complete', 1]);
    const [held] = await harness.store.prisma.quarantinedRecord.findMany({
      where: { connectionId: connection.id },
    });
    expect(held?.reason).toMatch(/^lines: they add up to -?\d+(\.\d+)?, not to 0$/);
    expect(await storedRecords(harness, connection, 'journalEntries')).not.toHaveProperty(held?.id ?? '');
    await pullAll(harness, connection, 'balanceSheet', 'profitAndLoss');
    await checkStatements(harness, connection);
    expect(
      await harness.store.prisma.quarantinedRecord.count({ where: { connectionId: connection.id } }),
    ).toBe(0);
    await expectEqual(connection);
  });

  it('in every run gives up after some, until everything is read', async () => {
    const connection = await harness.link();
    const match = await firstPageOf(connection, '1060');
    await harness.control('faults', { match, kind: 'status', status: 404, times: null });
    const asked: boolean[] = [];
    for (let round = 0; round < 6; round += 1) {
      const run = await harness.pull(connection, 'journalEntries');
      expect(run.status).toBe('Complete');
      asked.push((await requestedPaths(run.id)).some(isLineListing));
    }
    expect(asked).toEqual([true, true, true, true, false, false]);
    await pullAll(harness, connection, 'balanceSheet', 'profitAndLoss');
    await checkStatements(harness, connection);
    await harness.control('faults', { faults: [] });
    await makeWeekOld(connection);
    await pullAll(harness, connection, 'journalEntries');
    await expectEqual(connection);
  });

  it('that could not be read says which, and no other entry suffers', async () => {
    const connection = await harness.link();
    const match = await firstPageOf(connection, '1060');
    await harness.control('faults', { match, kind: 'malformedRecord', damage: 'wrongTypes', times: 1 });
    const run = await harness.pull(connection, 'journalEntries');
    expect([run.status, run.quarantined]).toEqual(['Complete', 1]);
    expect(await warningsOf(run.id)).toEqual(
      expect.arrayContaining(['journal-line-unreadable', 'record-quarantined']),
    );
    await pullAll(harness, connection, 'journalEntries');
    await expectEqual(connection);
  });
});

describe('a ledger that is suddenly empty', () => {
  it('is not believed: entries, lines and statements stay, and the run says so', async () => {
    const connection = await linkedAndRead();
    const before = await storedRecords(harness, connection, 'journalEntries');
    await makeWeekOld(connection);
    await harness.control('faults', {
      match: lineListing,
      kind: 'rewrite',
      find: '^.*$',
      replace: '[]',
      times: null,
    });
    const run = await harness.pull(connection, 'journalEntries');
    expect([run.status, run.deleted]).toEqual(['Complete', 0]);
    expect(await warningsOf(run.id)).toEqual(['deletion-brake']);
    expect(await storedRecords(harness, connection, 'journalEntries')).toEqual(before);
    await pullAll(harness, connection, 'balanceSheet', 'profitAndLoss');
    expect((await checkStatements(harness, connection)).length).toBeGreaterThanOrEqual(24);
  });
});

describe('records removed at the platform', () => {
  it('lose their entries, however many they are, because the platform says so', async () => {
    const connection = await linkedAndRead();
    const session = await sessionOf(harness, connection);
    const { text } = await session.request({
      method: 'GET',
      path: `/businesses/${session.businessId}/records/invoicePayments`,
      query: { limit: 60 },
    });
    const payments = JSON.parse(text) as { id: number }[];
    const before = Object.keys(await storedRecords(harness, connection, 'journalEntries')).length;
    for (const { id } of payments) await session.request({ method: 'DELETE', path: `/records/${id}` });
    const run = await harness.pull(connection, 'journalEntries');
    expect(run.status).toBe('Complete');
    expect(run.deleted).toBe(payments.length);
    expect(payments.length).toBeGreaterThan(before / 5);
    const dataset = await harness.store.prisma.dataset.findFirstOrThrow({
      where: { connectionId: connection.id, dataType: 'journalEntries' },
    });
    expect(Number(dataset.deletedCount)).toBe(payments.length);
    await expectEqual(connection);
    await pullAll(harness, connection, 'accountTransactions');
    const expected = await expectedRecords(harness, connection, 'accountTransactions');
    expect(await storedRecords(harness, connection, 'accountTransactions')).toEqual(expected);
    await harness.control('reset', {});
  });
});

describe('a reading that breaks off', () => {
  it('goes on where it was, by another worker, and asks for no finished account again', async () => {
    const connection = await harness.link();
    await harness.control('faults', { match: lineListing, kind: 'status', status: 503, times: 20, skip: 12 });
    const broken = await harness.pull(connection, 'journalEntries');
    expect([broken.status, broken.completedAt]).toEqual(['Queued', null]);
    expect(await storedRecords(harness, connection, 'journalEntries')).toEqual({});
    await harness.control('faults', { faults: [] });
    await harness.store.prisma.pullOperation.update({ where: { id: broken.id }, data: { notBefore: null } });
    await harness.engineFor('other').execute(broken.id, never);
    const run = await harness.store.prisma.pullOperation.findUniqueOrThrow({ where: { id: broken.id } });
    expect(run.status).toBe('Complete');
    const rows = await harness.store.prisma.upstreamRequest.findMany({
      where: { runId: run.id, status: 200 },
    });
    const pages = rows.map(({ path }) => path).filter(isLineListing);
    // At most the page before the one at which it broke off.
    expect(pages.length - new Set(pages).size).toBeLessThanOrEqual(1);
    await expectEqual(connection);
    expect(
      await harness.store.prisma.stagedJournalLine.count({ where: { connectionId: connection.id } }),
    ).toBe(0);
    expect(
      await harness.store.prisma.staleJournalEntry.count({ where: { connectionId: connection.id } }),
    ).toBe(0);
  });
});

describe('what is built from the ledger', () => {
  it('waits while the ledger cannot be read yet, and completes when it can', async () => {
    const connection = await harness.link();
    await harness.control('faults', { match: lineListing, kind: 'status', status: 503, times: 20 });
    const waiting = await harness.pull(connection, 'balanceSheet');
    expect([waiting.status, waiting.statusDescription]).toEqual(['Queued', 'Waiting for journalEntries']);
    // Not before the ledger itself goes on.
    const ledger = await harness.store.prisma.pullOperation.findFirstOrThrow({
      where: { connectionId: connection.id, dataType: 'journalEntries' },
    });
    const [own, its] = [waiting, ledger].map(({ notBefore }) => notBefore?.getTime() ?? 0);
    expect(own).toBeGreaterThan((its ?? 0) - 500);
    await harness.control('faults', { faults: [] });
    await harness.store.prisma.pullOperation.updateMany({
      where: { connectionId: connection.id, completedAt: null },
      data: { notBefore: null },
    });
    await pullAll(harness, connection, 'balanceSheet');
  });

  it('ends as a prerequisite that is not met, with the reason, when the ledger is refused', async () => {
    const connection = await harness.link();
    await harness.control('faults', { match: lineListing, kind: 'status', status: 403, times: null });
    const run = await harness.pull(connection, 'profitAndLoss');
    expect(run.status).toBe('PrerequisiteNotMet');
    expect(run.errorMessage).toMatch(
      /^journalEntries, which this is built from, could not be read: GET .*may not read this$/,
    );
  });

  it('shares one reading among runs that are asked for together', async () => {
    const connection = await harness.link();
    const types = ['journals', 'accountTransactions', 'balanceSheet', 'profitAndLoss'] as const;
    const runs = await Promise.all(
      types.map((dataType) => harness.sync.requestRun({ connection, dataType, trigger: 'request' })),
    );
    for (const { id } of runs) await harness.engineFor('one').execute(id, never);
    const all = await harness.store.prisma.pullOperation.findMany({ where: { connectionId: connection.id } });
    expect(all.map(({ dataType, status }) => [dataType, status]).sort()).toEqual(
      [...types, 'journalEntries'].map((dataType) => [dataType, 'Complete']).sort(),
    );
  });

  it('is erased with its connection, side tables included', async () => {
    const connection = await linkedAndRead();
    await pullAll(harness, connection, 'accountTransactions', 'balanceSheet');
    await eraseConnection(harness.store, connection.clientId, connection.companyId, connection.id);
    const { rows } = await harness.store.pool.query<{ table_name: string }>(
      `SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'connection_id'`,
    );
    for (const { table_name } of rows) {
      const left = await harness.store.pool.query(`SELECT 1 FROM "${table_name}" WHERE connection_id = $1`, [
        connection.id,
      ]);
      expect(left.rowCount, table_name).toBe(0);
    }
  });
});
