import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSandbox } from '../../app.ts';
import { audit } from '../../testing/audit.ts';
import { listen, type SandboxClient, type Wire } from '../../testing/client.ts';

const SAMPLE = join(import.meta.dirname, '../../../../../../shared/data/online-retail-sample.csv');
const BUSINESS = 123_456_790n;
const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withDataset<T>(
  dataset: string,
  work: (client: SandboxClient, token: string) => Promise<T>,
): Promise<T> {
  const app = await buildSandbox({ dataset, size: 50, clock: () => new Date('2026-05-20T10:00:00.000Z') });
  try {
    const client = await listen(app);
    return await work(client, (await client.signIn()).access_token);
  } finally {
    await app.close();
  }
}

async function fileOf(text: string): Promise<string> {
  const path = join(folder, 'sales.csv');
  await writeFile(path, text);
  return path;
}

const sum = (rows: readonly Wire[]): bigint =>
  rows.reduce((total, row) => total + (typeof row['totalDue'] === 'bigint' ? row['totalDue'] : 0n), 0n);

describe('a dataset of sales lines', () => {
  if (!existsSync(SAMPLE)) console.info(`skipped the retail sample: ${SAMPLE} is absent`);
  it.skipIf(!existsSync(SAMPLE))(
    'the retail sample becomes 2,093 invoices of 373,086.01 in all, 870 of nobody, 874 customers',
    async () => {
      await withDataset(SAMPLE, async (client, token) => {
        expect(await client.list(token, '/users/me/businesses')).toMatchObject([
          { id: BUSINESS, homeCurrency: 'GBP' },
        ]);
        const { findings, records } = await audit(client, token, BUSINESS);
        expect(findings).toEqual([]);
        expect(records).toHaveLength(2093);
        expect(sum(records)).toBe(37_308_601n);
        expect(records.filter((row) => !('contact' in row))).toHaveLength(870);
        expect(await client.all(token, `/businesses/${BUSINESS}/contacts`)).toHaveLength(874);
        expect(records.filter((row) => String(row['number']).startsWith('C'))).toHaveLength(44);
        const dates = records.map((row) => String(row['date'])).toSorted();
        expect([dates.at(0), dates.at(-1)]).toEqual(['2010-12-01', '2011-12-09']);
      });
    },
  );

  it('keeps dates, rounds each line by itself, and takes 0.0 for nobody and C for a cancellation', async () => {
    const path = await fileOf(
      `${HEADER}1,A,"Mug, ""blue""",3,2010-12-01 08:26:00,0.335,17850.0,France\n1,B,Bag,1,2010-12-01 08:26:00,1.005,17850.0,France\n` +
        'C2,A,Mug,-2,12/31/2010 9:05,2.5,0.0,France\n',
    );
    await withDataset(path, async (client, token) => {
      const { records, findings } = await audit(client, token, BUSINESS);
      expect(findings).toEqual([]);
      expect(records).toMatchObject([
        {
          number: '1',
          contactName: 'Customer 17850',
          totalDue: 202n,
          creation: '2010-12-01T08:26:00.000Z',
          lineItems: [{ description: 'Mug, "blue"', amount: 101n }, { amount: 101n }],
        },
        { number: 'C2', date: '2010-12-31', totalDue: -500n },
      ]);
      expect(records[1]).not.toHaveProperty('contact');
      expect(await client.list(token, `/businesses/${BUSINESS}/items`)).toMatchObject([
        { sku: 'A' },
        { sku: 'B' },
      ]);
    });
  });

  it.each([
    [
      'a quantity that is no number',
      `${HEADER}1,A,Mug,1,2010-12-01,2,0.0,F\n1,A,Mug,two,2010-12-01,2,0.0,F\n`,
      /sales\.csv, line 3: quantity is not a number: "two"/,
    ],
    ['a day that does not exist', `${HEADER}1,A,Mug,1,2010-02-31 10:00:00,2,0.0,F\n`, /line 2: not a date/],
    ['no invoice number', `${HEADER},A,Mug,1,2010-12-01,2,0.0,F\n`, /line 2: no invoice number/],
    ['a missing column', 'InvoiceNo,StockCode\n1,A\n', /line 1: no column description/],
    ['a line with too few cells', `${HEADER}1,A,Mug\n`, /line 2/],
    ['no lines', HEADER, /no sales lines/],
  ])('a file with %s is refused, and the line is named', async (_case, text, message) => {
    await expect(buildSandbox({ dataset: await fileOf(text) })).rejects.toThrow(message);
  });

  it('a file that is not there is refused', async () => {
    await expect(buildSandbox({ dataset: join(folder, 'none.csv') })).rejects.toThrow(
      /none\.csv: cannot be read/,
    );
  });
});
