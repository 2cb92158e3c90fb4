/** Rules of sound books: healthy books break none, each kind of damage is found, and what was mended is forgotten. */
import { type DataTypeKey, dataTypes } from '@tributary/model';
import { listWarnings } from '@tributary/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';
import { columnValues } from './page.ts';

let harness: Harness;
let connection: Awaited<ReturnType<Harness['link']>>;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 300 } });
  connection = await harness.link('1001');
}, 60_000);
afterAll(() => harness.close());

// biome-ignore lint/suspicious/noExplicitAny: documents of every kind, damaged by the tests
type Document = any;
type Stored = { readonly id: string; readonly document: Document; readonly text: string };

const parse = (text: string): Document =>
  JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' ? JSON.rawJSON(source ?? '0') : value,
  );
const amount = (value: Document) => Number(value.rawJSON);
const raw = (value: number) => JSON.rawJSON(value.toFixed(2));

async function storedOf(dataType: DataTypeKey, condition = 'true'): Promise<Stored[]> {
  const { rows } = await harness.store.pool.query<{ id: string; text: string }>(
    `SELECT id, document::text AS text FROM ${dataTypes[dataType].table}
     WHERE connection_id = $1 AND NOT is_deleted AND ${condition} ORDER BY seq`,
    [connection.id],
  );
  return rows.map(({ id, text }) => ({ id, text, document: parse(text) }));
}

/** Writes a record as no sync would: what a platform's own mistakes, or those of a mapping, look like. */
async function write(dataType: DataTypeKey, id: string, document: Document): Promise<void> {
  const { table, columns } = dataTypes[dataType];
  const assignments = columns.map(({ name, kind }, index) => {
    const type = {
      numeric: 'numeric',
      localDate: 'timestamp',
      instant: 'timestamptz',
      boolean: 'boolean',
      text: 'text',
    }[kind];
    return `${name} = $${index + 4}::${type}`;
  });
  await harness.store.pool.query(
    `UPDATE ${table} SET document = $3::json, ${assignments.join(', ')} WHERE connection_id = $1 AND id = $2`,
    [connection.id, id, JSON.stringify(document), ...columnValues(dataType, document)],
  );
}

async function findingsOf(
  dataType: DataTypeKey,
): Promise<{ id: string; findings: string[]; warnings: number; told: string | null }> {
  const run = await harness.pull(connection, dataType);
  expect([dataType, run.status]).toEqual([dataType, 'Complete']);
  const rows = await listWarnings(harness.store.pool, connection.companyId, run.id, 1000);
  const findings = rows
    .filter(({ ruleId }) => ruleId.startsWith('accounting-'))
    .map(({ itemId, ruleId }) => `${itemId} ${ruleId}`);
  return { id: run.id, findings, warnings: run.warnings, told: run.statusDescription };
}

const forgetChecks = () =>
  harness.store.pool.query('UPDATE datasets SET checked_at = NULL WHERE connection_id = $1', [connection.id]);

it('healthy books, with foreign currency, removed records and no contacts, break none', async () => {
  for (const dataType of harness.connectors.get('ksho')?.manifest.dataTypes.keys() ?? [])
    expect((await findingsOf(dataType)).findings).toEqual([]);
}, 60_000);

type Damage = readonly [
  rule: string,
  damage: (document: Document, other: Stored) => void,
  condition?: string,
];

const firstLine = (list: string, damage: (line: Document) => void) => (document: Document) =>
  damage(document[list][0]);
const more = (member: string) => (holder: Document) => {
  holder[member] = raw(amount(holder[member]) + 1);
};
const nowhere = (reference: string) => (holder: Document) => {
  holder[reference] = { id: 'nowhere' };
};

const saleDamages = (party: string, tax: string, number: string): readonly Damage[] => [
  ['030', firstLine('lineItems', more('totalAmount'))],
  ['031', firstLine('lineItems', more('taxAmount'))],
  ['032', firstLine('lineItems', more('subTotal'))],
  ['033', more(tax)],
  [
    '034',
    (document) => {
      document.amountDue = raw(amount(document.totalAmount) + 1);
    },
    'total_amount > 0',
  ],
  [
    '035',
    (document) => {
      document.paymentAllocations = [{ payment: {}, allocation: { totalAmount: raw(1e9) } }];
    },
    'amount_due <> total_amount',
  ],
  [
    '040',
    (document) => {
      document.currency = 'QQQ';
    },
  ],
  [
    '041',
    (document) => {
      document.currency = 'CAD';
      document.currencyRate = raw(1.5);
    },
  ],
  ['050', nowhere(party)],
  ['051', firstLine('lineItems', nowhere('accountRef'))],
  ['052', firstLine('lineItems', nowhere('itemRef'))],
  ['053', firstLine('lineItems', nowhere('taxRateRef'))],
  [
    '060',
    (document, other) => {
      document[number] = other.document[number];
      document[party] = other.document[party];
    },
  ],
  [
    '070',
    (document) => {
      document.dueDate = '1999-01-01T00:00:00';
    },
  ],
  [
    '071',
    (document) => {
      document.issueDate = '1899-12-31T00:00:00';
    },
  ],
  [
    '072',
    (document) => {
      document.dueDate = '2100-01-01T00:00:00';
    },
  ],
];
const paymentDamages = (party: string): readonly Damage[] => [
  ['030', firstLine('lines', more('amount'))],
  [
    '035',
    firstLine('lines', firstLine('links', more('amount'))),
    `document::text LIKE '%"links":[{%"currencyRate"%'`,
  ],
  [
    '040',
    (document) => {
      document.currency = 'QQQ';
    },
  ],
  [
    '041',
    (document) => {
      document.currency = 'CAD';
      document.currencyRate = raw(2);
    },
  ],
  ['050', nowhere(party)],
  ['051', nowhere('accountRef')],
  [
    '054',
    firstLine(
      'lines',
      firstLine('links', (link) => {
        link.id = 'nowhere';
      }),
    ),
    `document::text NOT LIKE '%PaymentOnAccount%'`,
  ],
  [
    '071',
    (document) => {
      document.date = '2100-01-01T00:00:00';
    },
  ],
];
const value = (name: string) => (document: Document) => more('value')(document[name]);

const damages: readonly (readonly [dataType: DataTypeKey, subject: string, damages: readonly Damage[]])[] = [
  ['invoices', 'invoice', saleDamages('customerRef', 'totalTaxAmount', 'invoiceNumber')],
  ['bills', 'bill', saleDamages('supplierRef', 'taxAmount', 'reference')],
  ['payments', 'payment', paymentDamages('customerRef')],
  ['billPayments', 'billPayment', paymentDamages('supplierRef')],
  [
    'journalEntries',
    'journalEntry',
    [
      ['030', firstLine('journalLines', more('netAmount'))],
      ['051', firstLine('journalLines', nowhere('accountRef'))],
      [
        '071',
        (document) => {
          document.postedOn = '1899-12-31T00:00:00';
        },
      ],
    ],
  ],
  [
    'transfers',
    'transfer',
    [
      ['051', (document) => nowhere('accountRef')(document.from)],
      ['055', (document) => nowhere('accountRef')(document.to)],
    ],
  ],
  [
    'accountTransactions',
    'accountTransaction',
    [
      [
        '071',
        (document) => {
          document.date = '1899-12-31T00:00:00';
        },
      ],
    ],
  ],
  ['balanceSheet', 'balanceSheet', [['030', value('equity')]]],
  ['profitAndLoss', 'profitAndLoss', [['030', value('income')]]],
  [
    'chartOfAccounts',
    'account',
    [
      [
        '060',
        (document, other) => {
          document.nominalCode = other.document.nominalCode;
        },
      ],
    ],
  ],
  [
    'taxRates',
    'taxRate',
    [
      [
        '060',
        (document, other) => {
          document.code = other.document.code;
        },
      ],
    ],
  ],
];

it.each(damages)(
  'damaged %s are found, each by its rule, until they are mended',
  async (dataType, subject, all) => {
    const used: Stored[] = [];
    const expected: string[] = [];
    for (const [rule, damage, condition] of all) {
      const free = await storedOf(dataType, condition);
      const record = free.find(({ id }) => used.every((other) => other.id !== id));
      const other = free.findLast(({ id }) => id !== record?.id);
      if (record === undefined || other === undefined)
        throw new Error(`${dataType} has a record for ${rule}`);
      used.push(record);
      damage(record.document, other);
      await write(dataType, record.id, record.document);
      expected.push(`${record.id} accounting-${subject}-${rule}`);
    }
    await forgetChecks();
    const damaged = await findingsOf(dataType);
    expect(damaged.findings).toEqual(expect.arrayContaining(expected));
    expect(damaged.warnings).toBe(damaged.findings.length);
    expect(damaged.told).toMatch(/^Complete: \d+ records read, \d+ new, \d+ changed, \d+ deleted; /);
    expect(damaged.told?.endsWith(`; ${damaged.warnings} data errors and warnings`)).toBe(true);
    // Nothing changes: the next run says the same.
    expect((await findingsOf(dataType)).findings).toEqual(damaged.findings);
    const { id, text } = used[0] ?? { id: '', text: '' };
    await write(dataType, id, parse(text));
    expect((await findingsOf(dataType)).findings.filter((finding) => finding.startsWith(`${id} `))).toEqual(
      [],
    );
    for (const record of used) await write(dataType, record.id, parse(record.text));
    expect((await findingsOf(dataType)).findings).toEqual([]);
  },
  60_000,
);

it('a rule that everything breaks keeps some findings and counts the rest', async () => {
  await harness.store.pool.query(
    `UPDATE journal_entries SET posted_on = '1850-01-01',
       document = (document::jsonb || '{"postedOn": "1850-01-01T00:00:00"}')::json WHERE connection_id = $1`,
    [connection.id],
  );
  await forgetChecks();
  const { id } = await findingsOf('journalEntries');
  const rows = await listWarnings(harness.store.pool, connection.companyId, id, 1000);
  const alive = (await storedOf('journalEntries')).length;
  expect(rows).toHaveLength(201);
  expect(rows.at(-1)).toEqual({
    severity: 'warning',
    ruleId: 'accounting-journalEntry-071',
    itemId: null,
    message: `${alive - 200} more findings of this rule are not listed.`,
  });
});
