import {
  type Clock,
  elementsOf,
  fingerprintOf,
  type ListedPage,
  listByOffset,
  type PlatformSession,
} from '@tributary/connector-kit';
import { type DataTypeKey, parseExactJson } from '@tributary/model';
import type { z } from 'zod';
import { type AccountFacts, KashooLookup, type LookupContents, type TaxFacts } from './lookup.ts';
import { isMoneyType } from './mapping/accounts.ts';
import { ratesOf } from './mapping/tax-rates.ts';
import { businessOf, listBusinesses, PAGE_LIMIT } from './pull.ts';
import { byId } from './raw-records.ts';
import * as wire from './wire.ts';
import { idOrNone, textOrNone } from './wire-values.ts';

type Part = 'today' | 'homeCurrency' | 'accounts' | 'taxes' | 'items';

/** What mapping each data type looks up. */
const NEEDS: Readonly<Partial<Record<DataTypeKey, readonly Part[]>>> = {
  company: ['today'],
  chartOfAccounts: ['homeCurrency', 'accounts'],
  bankAccounts: ['homeCurrency'],
  invoices: ['homeCurrency', 'accounts', 'taxes', 'items'],
  bills: ['homeCurrency', 'accounts', 'taxes', 'items'],
  payments: ['homeCurrency', 'accounts'],
  billPayments: ['homeCurrency', 'accounts'],
  items: ['accounts', 'taxes'],
  transfers: ['homeCurrency', 'accounts'],
  journalEntries: ['homeCurrency', 'accounts'],
  accountTransactions: ['homeCurrency', 'accounts'],
};

/** Loads what mapping a data type needs beside its records. Entries that cannot be read are left out: a name is missing then. */
export async function loadLookup(
  session: PlatformSession,
  dataType: DataTypeKey,
  clock: Clock,
): Promise<KashooLookup> {
  const needs = new Set(NEEDS[dataType]);
  const contents: LookupContents = {
    ...(needs.has('today') ? { today: new Date(clock.now()).toISOString().slice(0, 10) } : {}),
    ...(needs.has('homeCurrency') ? { homeCurrency: await homeCurrencyOf(session) } : {}),
    ...(needs.has('accounts') ? { accounts: await accountsOf(session) } : {}),
    ...(needs.has('taxes') ? { taxes: await taxesOf(session) } : {}),
    ...(needs.has('items') ? { items: await itemsOf(session) } : {}),
  };
  return new KashooLookup({ ...contents, fingerprint: fingerprintOf({ ...contents }) });
}

/** The business's own currency, where the platform tells it. */
export async function homeCurrencyOf(session: PlatformSession): Promise<string | undefined> {
  const known = session.info['homeCurrency'];
  if (known !== undefined) return known;
  const id = businessOf(session);
  for await (const page of listBusinesses(session)) {
    const found = page.records.find((record) => record.id === id);
    if (found !== undefined) return textOrNone(readable(wire.business, found.raw)?.homeCurrency);
  }
  return undefined;
}

export async function accountsOf(session: PlatformSession): Promise<Map<string, AccountFacts>> {
  const accounts = new Map<string, AccountFacts>();
  const pages: AsyncGenerator<ListedPage, void, void> = listByOffset({
    session,
    path: wire.paths.accounts(businessOf(session)),
    query: {},
    limit: PAGE_LIMIT,
    checkpoint: undefined,
    ...byId,
  });
  for await (const page of pages) {
    for (const { id, raw } of page.records) {
      const account = readable(wire.account, raw);
      if (account !== undefined)
        accounts.set(id, {
          name: textOrNone(account.name),
          parentId: idOrNone(account.parent),
          isMoney: isMoneyType(account.type),
        });
    }
  }
  return accounts;
}

export async function taxesOf(session: PlatformSession): Promise<Map<string, TaxFacts>> {
  const path = wire.paths.taxes(businessOf(session));
  const response = await session.request({ method: 'GET', path, query: wire.parameters.taxes });
  const taxes = new Map<string, TaxFacts>();
  for (const raw of elementsOf(response, path)) {
    const tax = readable(wire.tax, raw);
    const id = idOrNone(tax?.id);
    const code = textOrNone(tax?.code);
    if (tax === undefined || id === undefined || code === undefined) continue;
    // A removed tax gives way to one in use that has the same code, and still serves the old records that name it.
    if (tax.removed !== true || !taxes.has(code)) {
      taxes.set(code, { id, name: textOrNone(tax.name), effectiveRate: ratesOf(tax).effective });
    }
  }
  return taxes;
}

/** Names of items; none for a business without items, or for a user who may not read them. */
async function itemsOf(session: PlatformSession): Promise<Map<string, string>> {
  const path = wire.paths.items(businessOf(session));
  const response = await session.request({ method: 'GET', path, accept: [403, 404] });
  const items = new Map<string, string>();
  if (response.status !== 200) return items;
  for (const raw of elementsOf(response, path)) {
    const item = readable(wire.item, raw);
    const id = idOrNone(item?.id);
    const name = textOrNone(item?.name);
    if (id !== undefined && name !== undefined) items.set(id, name);
  }
  return items;
}

/** One element of a listing; undefined when it is not what it should be. */
export function readable<Value>(schema: z.ZodType<Value>, raw: string): Value | undefined {
  try {
    return schema.safeParse(parseExactJson(raw)).data;
  } catch {
    return undefined;
  }
}
