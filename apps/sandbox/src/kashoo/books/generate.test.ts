import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSandbox } from '../../app.ts';
import { Decimal } from '../../exact/decimal.ts';
import { audit } from '../../testing/audit.ts';
import { listen, type SandboxClient, type Wire } from '../../testing/client.ts';

const clock = (): Date => new Date('2026-05-20T10:00:00.000Z');
const BUSINESS = 123_456_789n;

/** The texts of every list of a business, page by page, as one hash. */
async function fingerprint(seed: number): Promise<string> {
  const app = await buildSandbox({ size: 300, seed, clock });
  try {
    const client = await listen(app);
    const { access_token: token } = await client.signIn();
    const hash = createHash('sha256');
    const lists = [
      'accounts',
      'contacts',
      'records?includeRemoved=true',
      'records/invoices',
      'records/billPayments',
    ];
    for (const path of lists) {
      for (let offset = 0; ; offset += 100) {
        const response = await client.call(
          token,
          `/businesses/${BUSINESS}/${path}${path.includes('?') ? '&' : '?'}offset=${offset}&limit=100`,
        );
        const text = await response.text();
        hash.update(text);
        if (text === '[]') break;
      }
    }
    for (const path of ['items', 'taxes?version=2'])
      hash.update(await (await client.call(token, `/businesses/${BUSINESS}/${path}`)).text());
    return hash.digest('hex');
  } finally {
    await app.close();
  }
}

describe('generated books', () => {
  it('are the same to the byte for one seed, and others for another seed', async () => {
    const [first, again, other] = [await fingerprint(1), await fingerprint(1), await fingerprint(2)];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });
});

describe.each([
  ['1001', BUSINESS, 1500],
  ['1003', 9_007_199_254_740_993n, 50],
  ['1004', 123_456_804n, 400],
] as const)('books of user %s', (user, business, size) => {
  let client: SandboxClient;
  let close: () => Promise<void>;
  let token: string;
  let report: Awaited<ReturnType<typeof audit>>;

  beforeAll(async () => {
    const app = await buildSandbox({ size, clock });
    close = () => app.close();
    client = await listen(app);
    token = (await client.signIn(user)).access_token;
    report = await audit(client, token, business);
  });
  afterAll(() => close());

  const ofType = (type: string): Wire[] => report.records.filter((record) => record['type'] === type);
  const some = (rows: readonly Wire[], test: (row: Wire) => boolean): boolean => rows.some(test);
  const amount = (row: Wire, member: string): bigint => (typeof row[member] === 'bigint' ? row[member] : 0n);

  it('satisfy an auditor: double entry, balances, totals, allocations', () => {
    expect(report.findings).toEqual([]);
    expect(report.entries).toBeGreaterThan(size);
  });

  it('have about as many records as asked for, in 24 months that end before today', () => {
    expect(report.records.length).toBeGreaterThanOrEqual(size);
    expect(report.records.length).toBeLessThanOrEqual(size + 10);
    const dates = report.records.map((record) => String(record['date'])).toSorted();
    expect(dates.at(0)).toMatch(/^2024-06/);
    expect(dates.at(-1)).toMatch(/^2026-05/);
    expect(some(report.records, (record) => String(record['lastModified']) >= '2026-05-20')).toBe(false);
    expect(
      some(report.records, (record) => String(record['lastModified']) < String(record['creation'])),
    ).toBe(false);
  });

  it('hold every awkward case, however small they are', () => {
    const invoices = ofType('INVOICE');
    const payments = ofType('INVOICE_PAYMENT');
    const nobody = invoices.filter((row) => !row['contact']);
    expect(some(nobody, (row) => !('contact' in row))).toBe(true);
    expect(some(nobody, (row) => row['contact'] === null)).toBe(true);
    expect(some(nobody, (row) => row['contact'] === 0n)).toBe(true);
    expect(some(payments, (row) => !row['contact'])).toBe(true);
    expect(some(ofType('BILL'), (row) => !row['contact'])).toBe(true);
    expect(some(invoices, (row) => amount(row, 'totalDue') < 0n)).toBe(true);
    expect(some(invoices, (row) => row['totalDue'] === 0n)).toBe(true);
    expect(some(invoices, (row) => row['removed'] === true)).toBe(true);
    expect(some(invoices, (row) => amount(row, 'totalPaid') > 0n && amount(row, 'balanceDue') > 0n)).toBe(
      true,
    );
    expect(some(payments, (row) => amount(row, 'unallocatedAmount') > 0n)).toBe(true);
    expect(some(payments, (row) => (row['allocations'] as readonly unknown[]).length > 1)).toBe(true);
    expect(
      some(
        invoices,
        (row) =>
          row['foreignCurrency'] === true &&
          row['exchangeRate'] instanceof Decimal &&
          row['exchangeRate'].scale === 9,
      ),
    ).toBe(true);
    expect(ofType('TRANSFER').length).toBeGreaterThan(0);
    expect(ofType('ADJUSTMENT').length).toBeGreaterThan(0);
  });

  it('have names that break careless software, archived accounts and archived contacts', async () => {
    const contacts = await client.all(token, `/businesses/${business}/contacts?includeRemoved=true`);
    const names = contacts.map((contact) => String(contact['name'])).join('\n');
    for (const part of ["'", '"', 'ë', '株', '🌲', '\\', '<b>', 'ש']) expect(names).toContain(part);
    expect(some(contacts, (contact) => contact['archived'] === true)).toBe(true);
    expect(some(contacts, (contact) => contact['removed'] === true)).toBe(true);
    expect((await client.list(token, `/businesses/${business}/accounts?archived=true`)).length).toBe(2);
    expect((await client.list(token, `/businesses/${business}/accounts?archived=false`)).length).toBe(30);
    expect((await client.list(token, `/businesses/${business}/accounts`)).length).toBe(32);
  });

  it('close the fiscal year into retained earnings: income and expense start the new year from zero', async () => {
    const [closing] = ofType('YEAR_END_ADJUSTMENT').slice(-1);
    expect(closing?.['date']).toBe('2025-12-31');
    const accounts = await client.all(token, `/businesses/${business}/accounts`);
    for (const account of accounts.filter((row) =>
      /^(INCOME|EXPENSE|COST_OF|GAIN)/.test(String(row['type'])),
    )) {
      expect(await client.read(token, `/accounts/${account['id']}/balances?date=2025-12-31`)).toEqual({
        balance: 0n,
      });
    }
  });
});

describe('the two products', () => {
  it('TrulySmall has no items, keeps opening balances on accounts, and counts them in balances', async () => {
    const app = await buildSandbox({ size: 50, clock });
    try {
      const client = await listen(app);
      const { access_token: token } = await client.signIn('1004');
      const [business] = await client.list(token, '/tsa/api/users/me/businesses');
      expect(business).toMatchObject({ id: 123_456_804n, site: 'app.trulysmall.com' });
      expect((await client.call(token, '/tsa/api/businesses/123456804/items')).status).toBe(404);
      const accounts = await client.list(token, '/tsa/api/businesses/123456804/accounts');
      const bank = accounts.find((account) => account['number'] === '1060');
      expect(await client.list(token, `/tsa/api/accounts/${bank?.['id']}/openingBalances`)).toEqual([
        { account: bank?.['id'], date: '2024-06-01', amount: 1_500_000n },
      ]);
      expect(await client.read(token, `/tsa/api/accounts/${bank?.['id']}/balances?date=2024-05-31`)).toEqual({
        balance: 0n,
      });
    } finally {
      await app.close();
    }
  });
});

describe('kept books', () => {
  it('outlive a restart with their edits and grants, and are built anew for another size', async () => {
    const { mkdtemp, rm } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const { join } = await import('node:path');
    const dataDir = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
    const withSandbox = async <T>(size: number, work: (client: SandboxClient) => Promise<T>): Promise<T> => {
      const app = await buildSandbox({ size, clock, dataDir });
      try {
        return await work(await listen(app));
      } finally {
        await app.close();
      }
    };
    try {
      const { token, edited } = await withSandbox(60, async (client) => {
        const { access_token: token } = await client.signIn();
        await client.control('live', { edits: 5 });
        return {
          token,
          edited: await client.all(token, `/businesses/${BUSINESS}/records?includeRemoved=true`),
        };
      });
      const kept = await withSandbox(60, (client) =>
        client.all(token, `/businesses/${BUSINESS}/records?includeRemoved=true`),
      );
      expect(kept).toEqual(edited);
      const rebuilt = await withSandbox(80, (client) =>
        client.all(token, `/businesses/${BUSINESS}/records?includeRemoved=true`),
      );
      expect(rebuilt.length).toBeGreaterThanOrEqual(80);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
