/** Customers and suppliers, as KashFlow takes them. */

import { writeContact } from '../kashoo/books/masterData.ts';
import type { BookStore } from '../kashoo/books/store.ts';
import { badRequest } from '../kashoo/errors.ts';
import type { Received } from './received.ts';
import { type Body, bodyOf, CURRENCIES, contactMembers, KEPT, longId, shortId } from './view.ts';

type Kind = 'CUSTOMER' | 'VENDOR';

/** Members that the books themselves have a place for, or that the platform sets. */
const OWN: ReadonlySet<string> = new Set([
  'CustomerID',
  'SupplierID',
  'Name',
  'Telephone',
  'Email',
  'Address1',
  'Address3',
  'Address4',
  'CountryName',
  'Postcode',
  'PostCode',
  'CurrencyID',
  'Created',
  'Updated',
]);
const WORDS = { CUSTOMER: 'customer', VENDOR: 'supplier' } as const;

interface WriteContext {
  readonly store: BookStore;
  readonly nowMs: number;
}

/** Adds a contact. @returns its id */
export function insertContact({ store, nowMs }: WriteContext, kind: Kind, record: Received): bigint {
  const id = store.nextId();
  put({ store, nowMs }, kind, id, record, undefined);
  return shortId(store, id);
}

/** Writes a contact anew: a member that is not sent has no value afterwards. @returns its code */
export function updateContact({ store, nowMs }: WriteContext, kind: Kind, record: Received): string {
  const id = longId(store, record.whole(kind === 'CUSTOMER' ? 'CustomerID' : 'SupplierID'));
  const found = store.get('SELECT body FROM contacts WHERE id = ? AND type = ? AND removed = 0', id, kind);
  if (found === undefined) throw badRequest(`There is no ${WORDS[kind]} with that ID`);
  put({ store, nowMs }, kind, id, record, bodyOf(found['body']));
  return codeOf(store, id, bodyOf(store.get('SELECT body FROM contacts WHERE id = ?', id)?.['body']));
}

/** The contact of that code. */
export function contactByCode(
  store: BookStore,
  kind: Kind,
  code: string,
): { id: bigint; body: Body } | undefined {
  if (code === '') return undefined;
  return store
    .all('SELECT id, body FROM contacts WHERE removed = 0 AND type = ? ORDER BY id', kind)
    .map((found) => ({ id: found['id'] as bigint, body: bodyOf(found['body']) }))
    .find(({ id, body }) => codeOf(store, id, body).toLowerCase() === code.toLowerCase());
}

const codeOf = (store: BookStore, id: bigint, body: Body): string =>
  String(contactMembers(store, id, body)['Code']);

function put(
  { store, nowMs }: WriteContext,
  kind: Kind,
  id: bigint,
  record: Received,
  existing: Body | undefined,
): void {
  const name = record.text('Name').trim();
  if (name === '') throw badRequest(`The ${WORDS[kind]} needs a name`);
  const code = record.text('Code').trim();
  const holder = contactByCode(store, kind, code);
  if (holder !== undefined && holder.id !== id) throw badRequest(`The code ${code} is already in use`);
  const currencyId = record.whole('CurrencyID');
  const currency = currencyId === 0n ? store.book.profile.homeCurrency : CURRENCIES[Number(currencyId) - 1];
  if (currency === undefined) throw badRequest('There is no currency with that ID');
  const kept = [...record.members].filter(([member, value]) => !OWN.has(member) && value !== '');
  writeContact(store, {
    id,
    type: kind,
    persona: {
      name,
      email: record.text('Email'),
      organization: existing?.['organization'] === true,
      street: record.text('Address1'),
      city: record.text('Address3'),
      province: record.text('Address4'),
      postalCode: record.text(kind === 'CUSTOMER' ? 'Postcode' : 'PostCode'),
      country: record.text('CountryName'),
      phone: record.text('Telephone'),
    },
    currency,
    archived: false,
    removed: false,
    taxCode: '',
    atMs: nowMs,
    more: { [KEPT]: { Contact: '', ...Object.fromEntries(kept) } },
  });
}
