import { cents, compare, type Exact, scaled } from '../kit/exact.ts';
import { equal, expect, show } from '../kit/expect.ts';
import { at, dotted, exactAt, type Json, listAt, textAt } from '../kit/json.ts';
import type { LinkedCompany, World } from '../world.ts';
import { dataPath } from './linking.ts';

/** One business's books, as the platform itself lists them. */
export interface Books {
  business: Json;
  accounts: Json[];
  customers: Json[];
  suppliers: Json[];
  items: Json[];
  taxes: Json[];
  invoices: Json[];
  bills: Json[];
  invoicePayments: Json[];
  billPayments: Json[];
}

/** An id as the unified model writes it. */
export function idOf(record: Json | undefined, member = 'id'): string {
  return exactAt(record, member).source;
}

const isThere = (record: Json): boolean => at(record, 'removed') !== true;

/** Reads the books of a user's only business from the platform, removed records included where it lists them. */
export async function platformBooks(world: World, user: string): Promise<Books> {
  const { sandbox } = world;
  const { accessToken } = await sandbox.signIn(user);
  const [business] = await sandbox.whole(accessToken, '/api/users/me/businesses');
  expect(business, 'the user has no business');
  const base = `/api/businesses/${idOf(business)}`;
  const records = (path: string): Promise<Json[]> =>
    sandbox.all(accessToken, `${base}/records/${path}?includeRemoved=true&sortColumn=id`);
  const contacts = (type: string): Promise<Json[]> =>
    sandbox.all(accessToken, `${base}/contacts?type=${type}`);
  return {
    business,
    accounts: await sandbox.all(accessToken, `${base}/accounts`),
    customers: await contacts('CUSTOMER'),
    suppliers: await contacts('VENDOR'),
    items: [...(await sandbox.whole(accessToken, `${base}/items`))].filter(isThere),
    taxes: [...(await sandbox.whole(accessToken, `${base}/taxes?version=2`))].filter(isThere),
    invoices: await records('invoices'),
    bills: await records('bills'),
    invoicePayments: await records('invoicePayments'),
    billPayments: await records('billPayments'),
  };
}

/** What the product holds of a data type. */
export function held(world: World, company: LinkedCompany, key: string): Promise<Json[]> {
  return world.api.all(`${dataPath(company, key)}?pageSize=1000`);
}

/** The records that the product holds as not deleted are exactly those that the platform lists as not removed. */
export function sameIds(records: readonly Json[], platform: readonly Json[]): void {
  const there = platform.filter(isThere).map((record) => idOf(record));
  const kept = records
    .filter((record) => dotted(record, 'metadata.isDeleted') !== true)
    .map((record) => textAt(record, 'id'));
  equal(new Set(kept).size, kept.length, 'distinct ids');
  const missing = there.filter((id) => !kept.includes(id));
  const extra = kept.filter((id) => !there.includes(id));
  expect(
    missing.length + extra.length === 0,
    `${there.length} at the platform, ${kept.length} held; missing ${show(missing)}, too many ${show(extra)}`,
  );
}

/** Pairs of what the product holds and what the platform lists, by id. @throws {Failure} when there is none */
export function pairs(
  records: readonly Json[],
  platform: readonly Json[],
): { id: string; record: Json; source: Json }[] {
  const sources = new Map(platform.map((source) => [idOf(source), source]));
  const found = records.flatMap((record) => {
    const id = textAt(record, 'id');
    const source = sources.get(id);
    return source === undefined ? [] : [{ id, record, source }];
  });
  expect(
    found.length > 0,
    `none of ${records.length} records held is among ${platform.length} at the platform`,
  );
  return found;
}

export function equalCents(actual: Json | undefined, expected: Exact, what: string): void {
  expect(typeof actual === 'object' && actual !== null && 'source' in actual, `${what} is ${show(actual)}`);
  equal(cents(actual as Exact), BigInt(expected.source), `${what}, in cents`);
}

/** Amounts, dates, numbers and status of every invoice or bill. */
export function checkSales(
  records: readonly Json[],
  platform: readonly Json[],
  kind: 'invoice' | 'bill',
): void {
  const number = kind === 'invoice' ? 'invoiceNumber' : 'reference';
  const tax = kind === 'invoice' ? 'totalTaxAmount' : 'taxAmount';
  for (const { id, record, source } of pairs(records, platform)) {
    const totalDue = exactAt(source, 'totalDue');
    equal(textAt(record, 'issueDate'), `${textAt(source, 'date')}T00:00:00`, `issueDate of ${id}`);
    equal(at(record, number) ?? '', at(source, 'number') ?? '', `${number} of ${id}`);
    equal(at(record, 'currency'), at(source, 'currency'), `currency of ${id}`);
    equalCents(at(record, 'totalAmount'), totalDue, `totalAmount of ${id}`);
    if (isThere(source))
      equalCents(at(record, 'amountDue'), exactAt(source, 'balanceDue'), `amountDue of ${id}`);
    equal(
      cents(exactAt(record, 'subTotal')) + cents(exactAt(record, tax)),
      BigInt(totalDue.source),
      `subTotal + ${tax} of ${id}`,
    );
    const lines = listAt(record, 'lineItems');
    equal(lines.length, listAt(source, 'lineItems').length, `lines of ${id}`);
    const sum = lines.reduce((total, line) => total + cents(exactAt(line, 'totalAmount')), 0n);
    equal(sum, BigInt(totalDue.source), `sum of the lines of ${id}`);
    equal(textAt(record, 'status'), saleStatus(source, kind), `status of ${id}`);
    equal(dotted(record, 'metadata.isDeleted') === true, !isThere(source), `metadata.isDeleted of ${id}`);
    if (at(source, 'foreignCurrency') === true) {
      equal(
        compare(exactAt(record, 'currencyRate'), exactAt(source, 'exchangeRate')),
        0,
        `currencyRate of ${id}`,
      );
    }
  }
}

function saleStatus(source: Json, kind: 'invoice' | 'bill'): string {
  const total = BigInt(idOf(source, 'totalDue'));
  const balance = BigInt(idOf(source, 'balanceDue'));
  if (!isThere(source)) return 'Void';
  if (total >= 0n ? balance <= 0n : balance === 0n) return 'Paid';
  if (total > 0n && balance < total) return 'PartiallyPaid';
  return kind === 'invoice' ? 'Submitted' : 'Open';
}

/** Amounts and links of every payment: each allocation a line, the rest on account. */
export function checkPayments(
  records: readonly Json[],
  platform: readonly Json[],
  linkType: 'Invoice' | 'Bill',
): void {
  for (const { id, record, source } of pairs(records, platform).filter(({ source }) => isThere(source))) {
    equalCents(at(record, 'totalAmount'), exactAt(source, 'amount'), `totalAmount of ${id}`);
    equal(textAt(record, 'date'), `${textAt(source, 'date')}T00:00:00`, `date of ${id}`);
    const lines = listAt(record, 'lines');
    const sum = lines.reduce((total, line) => total + scaled(exactAt(line, 'amount'), 2), 0n);
    equal(sum, BigInt(idOf(source, 'amount')), `sum of the lines of ${id}`);
    const links = lines.flatMap((line) => listAt(line, 'links'));
    const allocated = links
      .filter((link) => at(link, 'type') === linkType)
      .map((link) => `${textAt(link, 'id')} ${cents(exactAt(link, 'amount'))}`);
    const expected = listAt(source, 'allocations').map(
      (part) => `${idOf(part, 'record')} ${-BigInt(idOf(part, 'amount'))}`,
    );
    equal(allocated.sort(), expected.sort(), `allocations of ${id}`);
    const rest = links.filter((link) => at(link, 'type') === 'PaymentOnAccount');
    const unallocated = BigInt(
      at(source, 'unallocatedAmount') === undefined ? '0' : idOf(source, 'unallocatedAmount'),
    );
    equal(rest.length, unallocated === 0n ? 0 : 1, `lines on account of ${id}`);
    for (const link of rest) equal(cents(exactAt(link, 'amount')), -unallocated, `rest of ${id}`);
  }
}

/** The NullId rule. @returns how many records are without a contact */
export function checkNullIds(
  records: readonly Json[],
  platform: readonly Json[],
  party: 'customer' | 'supplier',
): number {
  const member = party === 'customer' ? 'customerRef' : 'supplierRef';
  const nobody =
    party === 'customer'
      ? { id: 'NullId', companyName: 'Customer not specified' }
      : { id: 'NullId', supplierName: 'Supplier not specified' };
  let without = 0;
  for (const { id, record, source } of pairs(records, platform)) {
    const contact = at(source, 'contact');
    const isNobody =
      contact === undefined ||
      contact === null ||
      contact === '' ||
      (typeof contact === 'object' && 'source' in contact && contact.source === '0');
    if (isNobody) {
      without += 1;
      equal(JSON.parse(JSON.stringify(at(record, member) ?? null)), nobody, `${member} of ${id}`);
    } else equal(textAt(record, member, 'id'), idOf(source, 'contact'), `${member}.id of ${id}`);
  }
  return without;
}
