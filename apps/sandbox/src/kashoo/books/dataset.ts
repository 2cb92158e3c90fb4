import { createReadStream } from 'node:fs';
import { type Info, parse } from 'csv-parse';
import { type Decimal, ONE, parseDecimal } from '../../exact/decimal.ts';
import { dateOf, instantOf } from '../calendar.ts';
import { postingsOf } from '../postings.ts';
import { type LineDraft, saleRecord } from '../records.ts';
import { type Party, writeChart, writeContact, writeItem } from './masterData.ts';
import type { BookStore } from './store.ts';

/** A dataset that cannot be read. The message names the file and, where there is one, the line. */
export class DatasetError extends Error {
  constructor(path: string, line: number | undefined, problem: string) {
    super(`${path}${line === undefined ? '' : `, line ${line}`}: ${problem}`);
    this.name = 'DatasetError';
  }
}

/** What a column means, and the headings it is known by, written small and without spaces. */
const HEADINGS = {
  invoice: ['invoiceno', 'invoice'],
  code: ['stockcode'],
  description: ['description'],
  quantity: ['quantity'],
  date: ['invoicedate'],
  price: ['unitprice', 'price'],
  customer: ['customerid'],
  country: ['country'],
} as const;

type Column = keyof typeof HEADINGS;

interface SalesLine {
  invoice: string;
  code: string;
  description: string;
  quantity: Decimal;
  instantMs: number;
  price: Decimal;
  /** `undefined`: nobody. */
  customer: string | undefined;
  country: string;
}

const NUMBERS_PER_PAUSE = 2_000;

/** `2010-12-01 08:26:00`, `2010-12-01` or `12/1/2010 8:26` (month first), read as UTC. */
function instantIn(text: string): number | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2}))?$/.exec(text);
  const [year, month, day, hour, minute, second] = iso
    ? iso.slice(1).map((part) => Number(part ?? 0))
    : american
      ? [american[3], american[1], american[2], american[4], american[5], 0].map((part) => Number(part ?? 0))
      : [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const instantMs = Date.UTC(year, month - 1, day, hour, minute, second);
  // A day such as 31 February rolls over into another month.
  return new Date(instantMs).getUTCDate() === day && new Date(instantMs).getUTCMonth() === month - 1
    ? instantMs
    : undefined;
}

function columnsOf(heading: readonly string[], path: string): Map<Column, number> {
  const known = heading.map((name) => name.replaceAll(/[\s_]/g, '').toLowerCase());
  const columns = new Map<Column, number>();
  for (const [column, names] of Object.entries(HEADINGS) as [Column, readonly string[]][]) {
    const index = known.findIndex((name) => names.includes(name));
    if (index >= 0) columns.set(column, index);
    else
      throw new DatasetError(
        path,
        1,
        `no column ${names.join(' or ')}; the columns are ${heading.join(', ')}`,
      );
  }
  return columns;
}

function salesLine(
  cells: readonly string[],
  columns: ReadonlyMap<Column, number>,
  path: string,
  line: number,
): SalesLine {
  const cell = (column: Column): string => cells[columns.get(column) ?? -1]?.trim() ?? '';
  const decimal = (column: Column): Decimal => {
    const value = parseDecimal(cell(column));
    if (!value)
      throw new DatasetError(path, line, `${column} is not a number: ${JSON.stringify(cell(column))}`);
    return value;
  };
  const instantMs = instantIn(cell('date'));
  if (instantMs === undefined)
    throw new DatasetError(path, line, `not a date: ${JSON.stringify(cell('date'))}`);
  if (cell('invoice') === '') throw new DatasetError(path, line, 'no invoice number');
  const customer = cell('customer').replace(/\.0+$/, '');
  return {
    invoice: cell('invoice'),
    code: cell('code'),
    description: cell('description'),
    quantity: decimal('quantity'),
    instantMs,
    price: decimal('price'),
    customer: customer === '' || customer === '0' ? undefined : customer,
    country: cell('country'),
  };
}

/** Reads the file: the lines of each invoice number together, in the order of their first lines. */
async function readInvoices(path: string): Promise<Map<string, SalesLine[]>> {
  const invoices = new Map<string, SalesLine[]>();
  const parser = createReadStream(path).pipe(parse({ bom: true, info: true, skip_empty_lines: true }));
  let columns: Map<Column, number> | undefined;
  try {
    for await (const row of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (!columns) {
        columns = columnsOf(row.record, path);
        continue;
      }
      const line = salesLine(row.record, columns, path, row.info.lines);
      const known = invoices.get(line.invoice);
      if (known) known.push(line);
      else invoices.set(line.invoice, [line]);
    }
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    throw new DatasetError(path, parser.info.lines, error instanceof Error ? error.message : String(error));
  }
  if (invoices.size === 0) throw new DatasetError(path, undefined, 'no sales lines');
  return invoices;
}

/**
 * Writes the books of a business whose sales are the lines of a CSV file: one invoice per number, with the dates of the file.
 * A line's amount is quantity × price, rounded to cents, halves away from zero. A cancellation (its number starts with `C`) has negative
 * quantities and becomes a negative invoice. Customer `0.0` or none: an invoice without a contact. No payments: the file knows of none.
 * Throws `DatasetError`.
 */
export async function* datasetBooks(store: BookStore, path: string): AsyncGenerator<void> {
  const { book } = store;
  const { profile } = book;
  const invoices = await readInvoices(path);
  const firstMs = Math.min(
    ...[...invoices.values()].map(([line]) => line?.instantMs ?? Number.POSITIVE_INFINITY),
  );
  writeChart(store, firstMs);
  const customers = new Map<string, Party>();
  const items = new Map<string, bigint>();
  const customerOf = ({ customer, country, instantMs }: SalesLine): Party | undefined => {
    if (customer === undefined) return undefined;
    const known = customers.get(customer);
    if (known) return known;
    const made = writeContact(store, {
      id: store.nextId(),
      type: 'CUSTOMER',
      currency: profile.homeCurrency,
      archived: false,
      removed: false,
      taxCode: '',
      atMs: instantMs,
      persona: {
        name: `Customer ${customer}`,
        organization: true,
        street: '',
        city: '',
        province: '',
        postalCode: '',
        country,
        phone: '',
        email: '',
      },
    });
    customers.set(customer, made);
    return made;
  };
  const itemOf = ({ code, description, price, instantMs }: SalesLine): bigint => {
    const known = items.get(code);
    if (known !== undefined) return known;
    const id = store.nextId();
    writeItem(store, {
      id,
      code,
      name: description === '' ? code : description,
      sellRate: price,
      taxCode: '',
      archived: false,
      removed: false,
      atMs: instantMs,
    });
    items.set(code, id);
    return id;
  };
  let written = 0;
  for (const [number, lines] of invoices) {
    const [first] = lines;
    if (!first) continue;
    const party = customerOf(first);
    const lineItems = lines.map(
      (line): LineDraft => ({
        id: store.nextId(),
        item: itemOf(line),
        description: line.description,
        account: book.accountOf.sales,
        quantity: line.quantity,
        rate: line.price,
        taxCode: '',
      }),
    );
    const at = instantOf(first.instantMs);
    const record = saleRecord(
      {
        id: store.nextId(),
        business: profile.id,
        number,
        ...(party ? { contact: party.id, contactName: party.name } : {}),
        date: dateOf(first.instantMs),
        currency: profile.homeCurrency,
        homeCurrency: profile.homeCurrency,
        exchangeRate: ONE,
        description: '',
        memo: '',
        removed: false,
        readOnly: false,
        foreignCurrency: false,
        creation: at,
        lastModified: at,
        type: 'INVOICE',
        terms: 'NET30',
        dueDate: dateOf(first.instantMs + 30 * 86_400_000),
        poNumber: '',
        lineItems,
      },
      [],
      book,
    );
    store.insertRecord(record, postingsOf(record, [], book), []);
    written += 1;
    if (written % NUMBERS_PER_PAUSE === 0) yield;
  }
}
