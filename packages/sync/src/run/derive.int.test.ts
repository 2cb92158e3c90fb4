/** The ledger and what is built from it, against the sandbox's own account balances. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkBalances,
  checkCashFlow,
  checkStatements,
  expectedRecords,
  linkBusiness,
  pullAll,
  storedRecords,
} from '../testing/books.ts';
import { type Harness, startHarness } from '../testing/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 400 } });
});
afterAll(() => harness.close());

const derived = [
  'journalEntries',
  'journals',
  'accountTransactions',
  'balanceSheet',
  'profitAndLoss',
  'cashFlowStatement',
] as const;

describe.each([
  ['Kashoo Classic, closed every year, with foreign currency and archived accounts', '1001', 0],
  ['a business in USD whose year ends in June', '1002', 1],
  ['ids above 2^53', '1003', 0],
  ['TrulySmall, with opening balances beside the ledger', '1004', 0],
] as const)('%s', (_name, user, index) => {
  it('has the journal entries, journals and bank lines of the platform, and statements that balance, through live edits', async () => {
    const connection = await linkBusiness(harness, user, index);
    for (let round = 0; round < 3; round += 1) {
      const business = (
        await harness.store.prisma.connection.findUniqueOrThrow({ where: { id: connection.id } })
      ).businessId;
      if (round > 0) await harness.control('live', { edits: 40, business });
      await pullAll(harness, connection, ...derived);
      for (const dataType of ['journalEntries', 'journals', 'accountTransactions'] as const) {
        const stored = await storedRecords(harness, connection, dataType);
        expect(stored, dataType).toEqual(await expectedRecords(harness, connection, dataType));
      }
      const months = await checkStatements(harness, connection);
      expect(months.length).toBeGreaterThanOrEqual(24);
      expect(await checkCashFlow(harness, connection)).toEqual(months);
      const [first, , , fourth] = months;
      await checkBalances(harness, connection, [first, fourth, months[11], months.at(-1)]);
    }
    const gone = await storedRecords(harness, connection, 'journalEntries', true);
    expect(Object.keys(gone).length).toBeGreaterThan(0);
    const runs = await harness.store.prisma.pullOperation.findMany({
      where: { connectionId: connection.id, dataType: 'journalEntries' },
      orderBy: { requestedAt: 'asc' },
    });
    // Every other data type had the ledger read again first.
    expect(runs).toHaveLength(3 * derived.length);
    expect(new Set(runs.slice(1).map(({ listing }) => listing))).toEqual(new Set(['incremental']));
  }, 300_000);
});
