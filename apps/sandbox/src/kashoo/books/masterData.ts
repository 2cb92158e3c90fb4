import { Decimal } from '../../exact/decimal.ts';
import type { Random } from '../../random.ts';
import { CREDIT_TYPES, type Tax } from '../chart.ts';
import { itemName, type Persona, persona } from './names.ts';
import type { BookStore } from './store.ts';

export interface Party {
  id: bigint;
  name: string;
  currency: string;
}

interface SellableItem {
  id: bigint;
  name: string;
  rate: Decimal;
  buyRate: Decimal;
  taxCode: string;
}

export interface MasterData {
  customers: Party[];
  suppliers: Party[];
  items: SellableItem[];
}

/** Writes the chart of accounts and the taxes, which every business has. `atMs`: when they were last modified. */
export function writeChart(store: BookStore, atMs: number): void {
  const { book } = store;
  for (const account of book.accounts) {
    const { id, type, archived = false, removed = false } = account;
    store.insertAccount(
      { id, type, archived, removed },
      {
        id,
        business: book.profile.id,
        name: account.name,
        type,
        number: account.number,
        description: '',
        parent: account.parent && book.accountOf[account.parent],
        archived,
        removed,
        normalBalanceCredit: CREDIT_TYPES.has(type),
        taxNumber: type === 'TAXES' ? BigInt(account.number) : undefined,
        currency: account.currency ?? book.profile.homeCurrency,
        system: account.role === 'receivable' || account.role === 'payable',
        nameAndNumber: `${account.number} ${account.name}`,
        lastModified: BigInt(atMs),
        links: [],
      },
    );
  }
  for (const tax of book.taxes.values()) store.insertTax(tax.id, tax.removed, taxBody(tax));
}

function taxBody(tax: Tax): object {
  return {
    id: tax.id,
    code: tax.code,
    name: tax.name,
    rate: tax.rate,
    removed: tax.removed,
    components: tax.components.map(({ name, rate, compound }) => ({ name, rate, compound })),
  };
}

export interface ContactDraft {
  id: bigint;
  type: string;
  persona: Persona;
  currency: string;
  archived: boolean;
  removed: boolean;
  taxCode: string;
  atMs: number;
  /** Members beside Kashoo's own. */
  more?: object;
}

/** The wire form of a contact; `lastModified` is epoch milliseconds. */
export function writeContact(store: BookStore, draft: ContactDraft): Party {
  const { persona: who, id, type, currency, archived, removed } = draft;
  const address = [who.street, who.city, who.province, who.postalCode, who.country]
    .filter((part) => part !== '')
    .join(', ');
  store.insertContact(
    { id, type, name: who.name, currency, archived, removed },
    {
      id,
      business: store.book.profile.id,
      type,
      name: who.name,
      contactInformation: {
        name: who.name,
        address: {
          street: who.street,
          city: who.city,
          province: who.province,
          postalCode: who.postalCode,
          country: who.country,
        },
        phones: who.phone === '' ? [] : [who.phone],
        email: who.email === '' ? undefined : who.email,
      },
      email: who.email,
      phoneNumbers: who.phone,
      address,
      currency,
      defaultTaxCode: draft.taxCode,
      paymentTerms: 'NET30',
      removed,
      archived,
      organization: who.organization,
      lastModified: BigInt(draft.atMs),
      links: [],
      ...draft.more,
    },
  );
  return { id, name: who.name, currency };
}

export interface ItemDraft {
  id: bigint;
  code: string;
  name: string;
  sellRate?: Decimal | undefined;
  buyRate?: Decimal | undefined;
  taxCode: string;
  description?: string | undefined;
  creditAccount?: bigint | undefined;
  debitAccount?: bigint | undefined;
  archived: boolean;
  removed: boolean;
  atMs: number;
}

/** The wire form of an item; rates are major units, `lastModified` is epoch milliseconds. */
export function writeItem(store: BookStore, draft: ItemDraft): void {
  const { accountOf, profile } = store.book;
  store.insertItem(draft.id, draft.removed, {
    id: draft.id,
    itemId: draft.code,
    business: profile.id,
    name: draft.name,
    sku: draft.code,
    description: draft.description ?? draft.name,
    defaultTaxCode: draft.taxCode,
    defaultDiscountCode: '',
    defaultBuyRate: draft.buyRate,
    defaultSellRate: draft.sellRate,
    defaultNote: '',
    inventoryAccount: accountOf.inventory,
    cogsAccount: accountOf.cogs,
    creditAccount: draft.creditAccount ?? accountOf.sales,
    debitAccount: draft.debitAccount ?? accountOf.cogs,
    readOnly: false,
    removed: draft.removed,
    tracked: false,
    archived: draft.archived,
    lastModified: BigInt(draft.atMs),
    links: [],
  });
}

/** A whole number not above the square root, without floating-point surprises across machines. */
function wholeRoot(value: number): number {
  let root = 1;
  while ((root + 1) * (root + 1) <= value) root += 1;
  return root;
}

const CURRENCIES = ['CAD', 'USD', 'EUR', 'GBP', 'JPY'];

/** How many of each for books of `size` records: three regulars' worth per square root. */
function populationOf(size: number): { customers: number; suppliers: number; items: number } {
  const root = wholeRoot(size);
  return {
    customers: Math.max(16, 3 * root),
    suppliers: Math.max(8, Math.floor(root / 2)),
    items: 18 + Math.floor(root / 2),
  };
}

/** Writes contacts and items of generated books. The last few of each list are archived or removed and take no part in new records. */
export function writeMasterData(store: BookStore, random: Random, size: number, atMs: number): MasterData {
  const { profile, taxes } = store.book;
  const population = populationOf(size);
  const taxCodes = [...taxes.values()].filter(({ removed }) => !removed).map(({ code }) => code);
  const foreign = CURRENCIES.filter((currency) => currency !== profile.homeCurrency);
  const party = (type: string, rank: number, count: number): Party | undefined => {
    const retired = rank >= count - 3;
    const made = writeContact(store, {
      id: store.nextId(),
      type,
      persona: persona(random, rank),
      currency: rank % 9 === 4 ? random.pick(foreign) : profile.homeCurrency,
      archived: retired && rank % 2 === 0,
      removed: retired && rank % 2 === 1,
      taxCode: taxCodes[0] ?? '',
      atMs: atMs + rank * 1000,
    });
    return retired ? undefined : made;
  };
  const list = <T>(count: number, make: (rank: number) => T | undefined): T[] =>
    Array.from({ length: count }, (_, rank) => make(rank)).filter((made): made is T => made !== undefined);
  const customers = list(population.customers, (rank) => party('CUSTOMER', rank, population.customers));
  const suppliers = list(population.suppliers, (rank) => party('VENDOR', rank + 3, population.suppliers + 3));
  for (const [index, type] of ['OWNER', 'EMPLOYEE', 'GOVERNMENT', 'PARTNER', 'OTHER'].entries())
    party(type, index, 99);
  const items = list(
    profile.product === 'trulysmall' ? 0 : population.items,
    (rank): SellableItem | undefined => {
      const sell = random.int(250, 24_999);
      const item = {
        id: store.nextId(),
        name: itemName(random, rank),
        rate: new Decimal(BigInt(sell), 2),
        buyRate: new Decimal(BigInt(Math.floor((sell * 55) / 100)), 2),
        taxCode: taxCodes[rank % taxCodes.length] ?? '',
      };
      const retired = rank >= population.items - 3;
      writeItem(store, {
        id: item.id,
        code: `SKU-${1000 + rank}`,
        name: item.name,
        sellRate: item.rate,
        buyRate: item.buyRate,
        taxCode: item.taxCode,
        archived: retired && rank % 2 === 0,
        removed: retired && rank % 2 === 1,
        atMs: atMs + rank * 1000,
      });
      return retired ? undefined : item;
    },
  );
  return { customers, suppliers, items };
}
