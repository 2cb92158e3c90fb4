/**
 * What sound books promise, as SQL over stored records: for each data type the rules, and what they look at.
 *
 * Ids follow the published examples, of which two rules are known: `accounting-bill-030` (lines against the total, an error) and
 * `accounting-bill-032` (lines against the sub-total, a warning). The same number means the same kind of rule everywhere:
 * 03x amounts, 04x currencies, 05x references that lead nowhere, 06x duplicates, 07x dates.
 *
 * A rule is a selection of `id` and `message`. It reads the common table expressions `candidate` (records to check: document and typed
 * columns, nothing that is deleted), `line` (their lines), `base` (the books' own currency), `same` (values that several records
 * have) and `$4`, the currency codes there are. Of records
 * that a reference leads to, those that are marked deleted count: they can still be read.
 */
import { type DataTypeKey, dataTypes } from '@tributary/model';

interface IntegrityRule {
  readonly id: string;
  readonly severity: 'error' | 'warning';
  readonly sql: string;
}

/** A column that is to have another value in every record; counted once for all records of a check. */
interface Duplicates {
  readonly column: string;
  /** Only records that have the same here too are duplicates. */
  readonly also?: string;
  readonly condition: string;
}

export interface IntegrityRules {
  /** Common table expressions beside `candidate` and `base`. */
  readonly parts: readonly string[];
  readonly rules: readonly IntegrityRule[];
  readonly duplicates?: Duplicates;
}

const owned = (alias: string) => `${alias}.company_id = $1 AND ${alias}.connection_id = $2`;
/** Digits as a person writes them. */
const shown = (expression: string) => `trim_scale(${expression})`;

/** The elements of a list in the candidates' documents. */
const linesOf = (list: string, columns: string) =>
  `line AS MATERIALIZED (
    SELECT candidate.id, element.* FROM candidate CROSS JOIN LATERAL json_to_recordset(candidate.document -> '${list}') AS element (${columns}))`;

const isRead = (dataType: DataTypeKey) =>
  `EXISTS (SELECT FROM datasets WHERE ${owned('datasets')} AND data_type = '${dataType}' AND last_successful_sync_at IS NOT NULL)`;

/** A reference to a record that is not stored, although its data type has been read. */
function dangling(from: string, reference: string, target: DataTypeKey, what: string): string {
  return `SELECT source.id, format('%s %s is not among the %s.', '${what}', source.reference, '${dataTypes[target].title.plural}') AS message
    FROM (SELECT DISTINCT source.id, ${reference} AS reference FROM ${from} AS source WHERE ${isRead(target)}) AS source
    WHERE source.reference <> 'NullId'
      AND NOT EXISTS (SELECT FROM ${dataTypes[target].table} AS target WHERE ${owned('target')} AND target.id = source.reference)`;
}

const outOfRange = (column: string) =>
  `SELECT id, format('The date %s lies outside the years 1900 to 2099.', ${column}::date) AS message FROM candidate
   WHERE ${column} < '1900-01-01' OR ${column} >= '2100-01-01'`;

const unknownCurrency = (column: string) =>
  `SELECT id, format('%s is no ISO 4217 currency.', ${column}) AS message FROM candidate WHERE ${column} IS NOT NULL AND ${column} <> ALL ($4::text[])`;

const oddRate = `SELECT id, CASE WHEN candidate.currency = base.currency
      THEN format('The rate is %s although the currency is that of the books.', ${shown('currency_rate')})
      ELSE format('The currency is %s and that of the books is %s, but there is no rate.', candidate.currency, base.currency) END AS message
  FROM candidate CROSS JOIN base
  WHERE (candidate.currency = base.currency AND currency_rate <> 1) OR (candidate.currency <> base.currency AND coalesce(currency_rate, 0) <= 0)`;

/** Other records with the same value; see {@link Duplicates}. */
const duplicate = ({ column, also, condition }: Duplicates, what: string) =>
  `SELECT candidate.id, format('%s %s is that of %s records.', '${what}', candidate.${column}, same.records) AS message
   FROM candidate JOIN same ON same.value = candidate.${column} AND same.also = ${also === undefined ? `''` : `coalesce(candidate.${also}, '')`}
   WHERE ${condition}`;

type Numbered = readonly [number: string, severity: 'error' | 'warning', sql: string];

function numbered(subject: string, rules: readonly Numbered[]): IntegrityRule[] {
  return rules.map(([number, severity, sql]) => ({ id: `accounting-${subject}-${number}`, severity, sql }));
}

const accountOf = `"accountRef" json`;
const accountId = `source."accountRef" ->> 'id'`;

function saleRules(dataType: 'invoices' | 'bills'): IntegrityRules {
  const isInvoice = dataType === 'invoices';
  const tax = isInvoice ? 'total_tax_amount' : 'tax_amount';
  const party = isInvoice ? 'customer' : 'supplier';
  // Lines may carry fractions of a cent, which a platform rounds line by line or at the end: both are sound.
  const total = (member: string, name: string) =>
    `sum("${member}") AS ${name}, sum(round("${member}", 2)) AS rounded_${name}, bool_and("${member}" IS NOT NULL) AS has_${name}`;
  const sums = `sums AS MATERIALIZED (
    SELECT id, ${total('subTotal', 'lines_sub_total')}, ${total('taxAmount', 'tax')}, ${total('totalAmount', 'total')} FROM line GROUP BY id)`;
  const against = (sum: string, column: string, what: string) =>
    `SELECT id, format('%s of the lines adds up to %s, the record says %s.', '${what}', ${shown(`sums.${sum}`)}, ${shown(column)}) AS message
     FROM candidate JOIN sums USING (id)
     WHERE sums.has_${sum} AND ${column} NOT IN (sums.${sum}, sums.rounded_${sum}, round(sums.${sum}, 2))`;
  const inForce = `coalesce(status, '') <> 'Void'`;
  const duplicates = isInvoice
    ? { column: 'invoice_number', condition: inForce }
    : { column: 'reference', also: 'supplier_id', condition: inForce };
  return {
    duplicates,
    parts: [
      linesOf(
        'lineItems',
        `"subTotal" numeric, "taxAmount" numeric, "totalAmount" numeric, ${accountOf}, "itemRef" json, "taxRateRef" json`,
      ),
      sums,
      `paid AS MATERIALIZED (
        SELECT candidate.id, sum((element.allocation ->> 'totalAmount')::numeric) AS amount
        FROM candidate CROSS JOIN LATERAL json_to_recordset(candidate.document -> 'paymentAllocations') AS element (allocation json)
        WHERE candidate.amount_due IS DISTINCT FROM candidate.total_amount GROUP BY candidate.id)`,
    ],
    rules: numbered(isInvoice ? 'invoice' : 'bill', [
      ['030', 'error', against('total', 'total_amount', 'The total')],
      ['031', 'warning', against('tax', tax, 'The tax')],
      ['032', 'warning', against('lines_sub_total', 'sub_total', 'The sub-total')],
      [
        '033',
        'error',
        `SELECT id, format('The sub-total %s and the tax %s make %s, the total is %s.', ${shown('sub_total')}, ${shown(tax)}, ${shown(`sub_total + ${tax}`)}, ${shown('total_amount')}) AS message
         FROM candidate WHERE sub_total + ${tax} <> total_amount`,
      ],
      [
        '034',
        'warning',
        `SELECT id, format('%s is due of a total of %s.', ${shown('amount_due')}, ${shown('total_amount')}) AS message
         FROM candidate WHERE ${inForce} AND (sign(amount_due) * sign(total_amount) < 0 OR abs(amount_due) > abs(total_amount))`,
      ],
      [
        '035',
        'warning',
        `SELECT id, format('Payments of %s are allocated, of a total of %s of which %s is due.', ${shown('paid.amount')}, ${shown('total_amount')}, ${shown('amount_due')}) AS message
         FROM candidate JOIN paid USING (id) WHERE ${inForce} AND abs(paid.amount) > abs(total_amount - amount_due)`,
      ],
      ['040', 'warning', unknownCurrency('currency')],
      ['041', 'warning', oddRate],
      [
        '050',
        'warning',
        dangling(
          'candidate',
          `source.${party}_id`,
          isInvoice ? 'customers' : 'suppliers',
          isInvoice ? 'The customer' : 'The supplier',
        ),
      ],
      ['051', 'warning', dangling('line', accountId, 'chartOfAccounts', 'The account of a line,')],
      ['052', 'warning', dangling('line', `source."itemRef" ->> 'id'`, 'items', 'The item of a line,')],
      [
        '053',
        'warning',
        dangling('line', `source."taxRateRef" ->> 'id'`, 'taxRates', 'The tax rate of a line,'),
      ],
      ['060', 'warning', duplicate(duplicates, isInvoice ? 'The number' : 'The reference')],
      [
        '070',
        'warning',
        `SELECT id, format('It is due on %s, before it was issued on %s.', due_date::date, issue_date::date) AS message FROM candidate WHERE due_date < issue_date`,
      ],
      ['071', 'warning', outOfRange('issue_date')],
      ['072', 'warning', outOfRange('due_date')],
    ]),
  };
}

function paymentRules(dataType: 'payments' | 'billPayments'): IntegrityRules {
  const isPayment = dataType === 'payments';
  const party = isPayment ? 'customer' : 'supplier';
  const type = isPayment ? 'Invoice' : 'Bill';
  return {
    parts: [
      linesOf('lines', 'amount numeric, links json'),
      `link AS MATERIALIZED (
        SELECT line.id, line.amount, element.type, element.id AS linked_id, element.amount AS linked, element."currencyRate" AS rate
        FROM line CROSS JOIN LATERAL json_to_recordset(line.links) AS element (type text, id text, amount numeric, "currencyRate" numeric))`,
    ],
    rules: numbered(isPayment ? 'payment' : 'billPayment', [
      [
        '030',
        'error',
        `SELECT id, format('The lines add up to %s, the total is %s.', ${shown('sum(line.amount)')}, ${shown('total_amount')}) AS message
         FROM candidate JOIN line USING (id) GROUP BY id, total_amount HAVING sum(line.amount) <> total_amount`,
      ],
      [
        '035',
        'warning',
        // In one currency alone: what a link says is in that of the linked record.
        `SELECT DISTINCT id, format('A line of %s takes %s off what it is linked to.', ${shown('amount')}, ${shown('-linked')}) AS message
         FROM link WHERE rate IS NOT NULL AND linked <> -amount`,
      ],
      ['040', 'warning', unknownCurrency('currency')],
      ['041', 'warning', oddRate],
      [
        '050',
        'warning',
        dangling(
          'candidate',
          `source.${party}_id`,
          isPayment ? 'customers' : 'suppliers',
          isPayment ? 'The customer' : 'The supplier',
        ),
      ],
      ['051', 'warning', dangling('candidate', 'source.account_id', 'chartOfAccounts', 'The account')],
      [
        '054',
        'warning',
        dangling(
          `(SELECT id, linked_id FROM link WHERE type = '${type}')`,
          'source.linked_id',
          isPayment ? 'invoices' : 'bills',
          isPayment ? 'The invoice' : 'The bill',
        ),
      ],
      ['071', 'warning', outOfRange('date')],
    ]),
  };
}

const section = (name: string) => `(document -> '${name}' ->> 'value')::numeric`;

const balanceSheetRules: IntegrityRules = {
  parts: [],
  rules: numbered('balanceSheet', [
    [
      '030',
      'error',
      `SELECT id, format('Assets of %s less liabilities of %s are not the equity of %s.', ${shown(section('assets'))}, ${shown(section('liabilities'))}, ${shown(section('equity'))}) AS message
       FROM candidate WHERE ${section('assets')} - ${section('liabilities')} <> ${section('equity')}`,
    ],
  ]),
};

const earned = `${section('income')} - ${section('costOfSales')} - ${section('expenses')} + ${section('otherIncome')} - ${section('otherExpenses')}`;

const profitAndLossRules: IntegrityRules = {
  parts: [],
  rules: numbered('profitAndLoss', [
    [
      '030',
      'error',
      `SELECT id, format('Income and expenses make %s, the net profit is %s.', ${shown(earned)}, net_profit) AS message
       FROM candidate WHERE ${earned} <> net_profit`,
    ],
  ]),
};

/** A code that is to be one record's alone, and nothing else. */
function codeRules(subject: string, column: string, more: readonly Numbered[] = []): IntegrityRules {
  const duplicates = { column, condition: 'true' };
  return {
    duplicates,
    parts: [],
    rules: numbered(subject, [...more, ['060', 'warning', duplicate(duplicates, 'The code')]]),
  };
}

/** Data types that are not here have nothing to be checked. */
export const integrityRules: Readonly<Partial<Record<DataTypeKey, IntegrityRules>>> = {
  chartOfAccounts: codeRules('account', 'nominal_code', [['040', 'warning', unknownCurrency('currency')]]),
  bankAccounts: {
    parts: [],
    rules: numbered('bankAccount', [['040', 'warning', unknownCurrency('currency')]]),
  },
  customers: {
    parts: [],
    rules: numbered('customer', [['040', 'warning', unknownCurrency('default_currency')]]),
  },
  suppliers: {
    parts: [],
    rules: numbered('supplier', [['040', 'warning', unknownCurrency('default_currency')]]),
  },
  items: codeRules('item', 'code'),
  taxRates: codeRules('taxRate', 'code'),
  invoices: saleRules('invoices'),
  bills: saleRules('bills'),
  payments: paymentRules('payments'),
  billPayments: paymentRules('billPayments'),
  transfers: {
    parts: [],
    rules: numbered('transfer', [
      ['040', 'warning', unknownCurrency('from_currency')],
      [
        '051',
        'warning',
        dangling('candidate', 'source.from_account_id', 'chartOfAccounts', 'The account that it comes from,'),
      ],
      [
        '055',
        'warning',
        dangling('candidate', 'source.to_account_id', 'chartOfAccounts', 'The account that it goes to,'),
      ],
      ['071', 'warning', outOfRange('date')],
    ]),
  },
  journalEntries: {
    parts: [linesOf('journalLines', `"netAmount" numeric, ${accountOf}`)],
    rules: numbered('journalEntry', [
      [
        '030',
        'error',
        `SELECT id, format('The lines add up to %s, not to 0.', ${shown('sum("netAmount")')}) AS message FROM line GROUP BY id HAVING sum("netAmount") <> 0`,
      ],
      ['051', 'warning', dangling('line', accountId, 'chartOfAccounts', 'The account of a line,')],
      ['071', 'warning', outOfRange('posted_on')],
    ]),
  },
  accountTransactions: {
    parts: [],
    rules: numbered('accountTransaction', [
      ['051', 'warning', dangling('candidate', 'source.bank_account_id', 'bankAccounts', 'The account')],
      ['071', 'warning', outOfRange('date')],
    ]),
  },
  balanceSheet: balanceSheetRules,
  profitAndLoss: profitAndLossRules,
};
