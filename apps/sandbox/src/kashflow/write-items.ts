/** Sub-products, as KashFlow takes them. */
import { type Decimal, parseDecimal } from '../exact/decimal.ts';
import type { Json } from '../exact/json.ts';
import type { BookStore } from '../kashoo/books/store.ts';
import { badRequest } from '../kashoo/errors.ts';
import type { Received } from './received.ts';
import { type Body, bodyOf, KEPT, longId, shortId, textIn } from './view.ts';
import { type Members, row } from './xml.ts';

const NO_VAT = '-1.0000';
/** Members that only KashFlow has. */
const KEPT_MEMBERS = ['Managed', 'QtyInStock', 'StockWarnQty', 'AutoFill'];

export function subProductRow(store: BookStore, id: bigint, body: Body): string {
  const tax = store.book.taxes.get(textIn(body, 'defaultTaxCode'));
  const parent = body['creditAccount'];
  return row('SubProduct', {
    id: shortId(store, id),
    ParentID: typeof parent === 'bigint' ? shortId(store, parent) : 0,
    Name: textIn(body, 'name'),
    Code: textIn(body, 'sku'),
    Description: textIn(body, 'description'),
    Price: String(body['defaultSellRate'] ?? '0.0000'),
    VatRate: tax?.rate.toString() ?? NO_VAT,
    WholesalePrice: String(body['defaultBuyRate'] ?? '0.0000'),
    AutoFill: 1,
    ...((body[KEPT] ?? {}) as Members),
  });
}

export function subProducts(store: BookStore): { id: bigint; body: Body }[] {
  return store
    .all('SELECT id, body FROM items WHERE removed = 0 ORDER BY id')
    .map((found) => ({ id: found['id'] as bigint, body: bodyOf(found['body']) }));
}

/** The tax that has the rate; empty for what VAT does not apply to. */
export function taxCodeOf(store: BookStore, rate: Decimal): string {
  const found = [...store.book.taxes.values()].find((tax) => !tax.removed && isEqual(tax.rate, rate));
  if (found !== undefined) return found.code;
  if (rate.digits === 0n || isEqual(rate, parseDecimal('-1') ?? rate)) return '';
  throw badRequest(`${rate} is not one of your VAT rates`);
}

function isEqual(a: Decimal, b: Decimal): boolean {
  return a.digits * 10n ** BigInt(b.scale) === b.digits * 10n ** BigInt(a.scale);
}

/** Adds a sub-product, or writes the one of that id anew. @returns its id */
export function addOrUpdateSubProduct(store: BookStore, nowMs: number, record: Received): bigint {
  const given = record.whole('id');
  const existing = subProducts(store).find(({ id }) => id === longId(store, given));
  if (given !== 0n && existing === undefined) throw badRequest('There is no product with that ID');
  const parent = store.book.accounts.find(
    ({ id, type, removed = false }) =>
      id === longId(store, record.whole('ParentID')) && type === 'INCOME' && !removed,
  );
  if (parent === undefined) throw badRequest('There is no product with that ParentID');
  const [name, code] = [record.text('Name').trim(), record.text('Code').trim()];
  if (name === '') throw badRequest('The product needs a name');
  const holder = subProducts(store).find(
    ({ body }) => textIn(body, 'sku').toLowerCase() === code.toLowerCase(),
  );
  if (code !== '' && holder !== undefined && holder.id !== existing?.id)
    throw badRequest(`The code ${code} is already in use`);
  const id = existing?.id ?? store.nextId();
  const kept: Record<string, Json> = {};
  for (const member of KEPT_MEMBERS) kept[member] = record.text(member) || '0';
  const { accountOf, profile } = store.book;
  store.insertItem(id, false, {
    id,
    itemId: code,
    business: profile.id,
    name,
    sku: code,
    description: record.text('Description'),
    defaultTaxCode: taxCodeOf(store, record.decimal('VatRate')),
    defaultDiscountCode: '',
    defaultBuyRate: record.decimal('WholesalePrice'),
    defaultSellRate: record.decimal('Price'),
    defaultNote: '',
    inventoryAccount: accountOf.inventory,
    cogsAccount: accountOf.cogs,
    creditAccount: parent.id,
    debitAccount: accountOf.cogs,
    readOnly: false,
    removed: false,
    tracked: false,
    archived: false,
    lastModified: BigInt(nowMs),
    links: [],
    [KEPT]: kept,
  });
  return shortId(store, id);
}
