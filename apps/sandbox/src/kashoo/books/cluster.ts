import { Decimal } from '../../exact/decimal.ts';
import type { Random } from '../../random.ts';
import { DAY_MS, dateOf, instantOf } from '../calendar.ts';
import type { AccountRole } from '../chart.ts';
import { clearedLocally, type LocalAllocation, postingsOf } from '../postings.ts';
import {
  type BookRecord,
  type Head,
  type LineDraft,
  type PaymentIn,
  type PaymentType,
  paymentRecord,
  type SaleDraft,
  type SaleType,
  saleRecord,
} from '../records.ts';
import { exchangeRate } from './currencies.ts';
import type { MasterData, Party } from './masterData.ts';
import type { BookStore } from './store.ts';

/** Sales or purchases: the same shapes, mirrored. */
export interface Side {
  saleType: SaleType;
  paymentType: PaymentType;
  parties: readonly Party[];
  /** Running sums of the parties' weights. */
  weights: readonly number[];
  lineRoles: readonly AccountRole[];
  /** Where money comes in, or leaves from. */
  moneyRoles: readonly AccountRole[];
}

/** What the making of generated records shares. */
export interface Workshop {
  store: BookStore;
  random: Random;
  data: MasterData;
  sales: Side;
  purchases: Side;
  /** First millisecond of the first day, and of the day after the last one. */
  startMs: number;
  endMs: number;
  /** Last number used, by record type. */
  numbers: Map<string, number>;
  /** Records written so far. */
  written: number;
}

/** The ways in which the platform says that there is no customer or supplier. */
export const NOBODY: readonly Pick<Head, 'contact' | 'contactName'>[] = [
  {},
  { contact: null, contactName: null },
  { contact: 0n, contactName: '' },
  { contact: null },
];

function nextNumber(workshop: Workshop, type: string): string {
  const number = (workshop.numbers.get(type) ?? 1000) + 1;
  workshop.numbers.set(type, number);
  return String(number);
}

/** The members every new record starts with; created during the working hours of its day. */
export function newHead(workshop: Workshop, type: string, dayMs: number, currency: string): Head {
  const {
    random,
    store: {
      book: { profile },
    },
  } = workshop;
  const createdMs = dayMs + 9 * 3_600_000 + random.int(0, 8 * 3_600_000);
  return {
    id: workshop.store.nextId(),
    business: profile.id,
    number: nextNumber(workshop, type),
    date: dateOf(dayMs),
    currency,
    homeCurrency: profile.homeCurrency,
    exchangeRate: exchangeRate(random, currency, profile.homeCurrency),
    description: '',
    memo: random.chance(80)
      ? random.pick(['Thank you!', 'Net 30 – merci', 'PO on file', 'See “terms”', 'Rush order'])
      : '',
    removed: false,
    readOnly: false,
    foreignCurrency: currency !== profile.homeCurrency,
    creation: instantOf(createdMs),
    lastModified: instantOf(createdMs),
  };
}

function quantityOf(random: Random): Decimal {
  if (random.chance(120)) return new Decimal(BigInt(random.int(1, 40) * 25), 2);
  if (random.chance(30)) return new Decimal(BigInt(random.int(1, 2999)), 3);
  return new Decimal(BigInt(random.int(1, 12)), 0);
}

/** One to six lines; now and then one without an account, or without tax. */
export function linesOf(workshop: Workshop, side: Side, dayMs: number, taxed: boolean): LineDraft[] {
  const { random, store, data } = workshop;
  const firstYear = dayMs < workshop.startMs + 365 * DAY_MS;
  const roles = firstYear ? side.lineRoles : side.lineRoles.filter((role) => role !== 'oldAdvertising');
  return Array.from({ length: random.int(1, random.chance(700) ? 3 : 6) }, (): LineDraft => {
    const item = data.items.length > 0 && random.chance(850) ? random.pick(data.items) : undefined;
    const rate = side.saleType === 'BILL' ? item?.buyRate : item?.rate;
    return {
      id: store.nextId(),
      item: item?.id,
      description:
        item?.name ?? random.pick(['Consulting', 'Sundry goods', 'Frais d’expédition', 'Labour 1/2 day']),
      account: random.chance(25) ? undefined : store.book.accountOf[random.pick(roles)],
      quantity: quantityOf(random),
      rate: rate ?? new Decimal(BigInt(random.int(500, 90_000)), 2),
      taxCode:
        taxed && random.chance(850)
          ? (item?.taxCode ?? random.pick([...store.book.taxes.values()].filter((tax) => !tax.removed)).code)
          : '',
    };
  });
}

/** Somebody of this side, the regulars more often than the rest. */
export function somebody(workshop: Workshop, side: Side): Party {
  const party = side.parties[workshop.random.weighted(side.weights)];
  if (!party) throw new RangeError('a side without parties');
  return party;
}

export interface SaleWishes {
  party?: Party | undefined;
  nobody?: Pick<Head, 'contact' | 'contactName'>;
  lines?: LineDraft[];
  currency?: string;
}

/** Drafts an invoice or bill of one day, of a given party or of nobody. */
export function draftSale(workshop: Workshop, side: Side, dayMs: number, wishes: SaleWishes): SaleDraft {
  const currency = wishes.currency ?? wishes.party?.currency ?? workshop.store.book.profile.homeCurrency;
  const head = newHead(workshop, side.saleType, dayMs, currency);
  return {
    ...head,
    ...(wishes.party ? { contact: wishes.party.id, contactName: wishes.party.name } : wishes.nobody),
    type: side.saleType,
    terms: 'NET30',
    dueDate: dateOf(dayMs + 30 * DAY_MS),
    poNumber: workshop.random.chance(150) ? `PO-${head.number}` : '',
    lineItems: wishes.lines ?? linesOf(workshop, side, dayMs, !head.foreignCurrency),
  };
}

export interface PaymentPlan {
  dayMs: number;
  /** Share of each sale of the cluster that this payment settles, in thousandths; the last thousandth settles it whole. */
  permille: readonly number[];
  /** Cents beyond the allocations: an unallocated rest. */
  extraCents?: bigint;
  removed?: boolean;
}

interface OpenSale {
  draft: SaleDraft;
  total: bigint;
  localTotal: bigint;
  payments: PaymentIn[];
  paidCents: bigint;
  clearedCents: bigint;
}

/** Writes sales together with the payments that settle them; a payment that would fall after the last day is not made yet. */
export function writeCluster(
  workshop: Workshop,
  side: Side,
  drafts: readonly SaleDraft[],
  plans: readonly PaymentPlan[],
): void {
  const { book } = workshop.store;
  const sales = drafts.map((draft): OpenSale => {
    const { totalDue, totalLocalDue } = saleRecord(draft, [], book);
    return {
      draft,
      total: totalDue,
      localTotal: totalLocalDue,
      payments: [],
      paidCents: 0n,
      clearedCents: 0n,
    };
  });
  const payments = plans
    .filter(({ dayMs }) => dayMs < workshop.endMs)
    .map((plan) => payCluster(workshop, side, sales, plan));
  for (const { draft, payments: received } of sales) {
    const touched = payments
      .filter(({ record }) => received.some((payment) => payment.record === record.id))
      .map(({ record }) => record.lastModified);
    // Instants in ISO form sort as texts.
    const lastModified = [draft.lastModified, ...touched].toSorted().at(-1) ?? draft.lastModified;
    writeRecord(workshop, saleRecord({ ...draft, lastModified }, received, book), []);
  }
  for (const { record, allocations } of payments) writeRecord(workshop, record, allocations);
}

function payCluster(
  workshop: Workshop,
  side: Side,
  sales: readonly OpenSale[],
  plan: PaymentPlan,
): { record: BookRecord; allocations: LocalAllocation[] } {
  const { random, store } = workshop;
  const first = sales[0]?.draft;
  const head = newHead(
    workshop,
    side.paymentType,
    plan.dayMs,
    first?.currency ?? store.book.profile.homeCurrency,
  );
  const parts = sales
    .map((sale, index) => {
      const permille = plan.permille[index] ?? 0;
      const rest = sale.total - sale.paidCents;
      return { sale, amount: permille >= 1000 ? rest : (sale.total * BigInt(permille)) / 1000n };
    })
    .filter(({ amount }) => amount !== 0n);
  const amount = parts.reduce((total, part) => total + part.amount, plan.extraCents ?? 0n);
  const record = paymentRecord(
    {
      ...head,
      type: side.paymentType,
      ...(first && 'contact' in first ? { contact: first.contact } : {}),
      ...(first && 'contactName' in first ? { contactName: first.contactName } : {}),
      removed: plan.removed ?? false,
      amount,
      method: random.pick(['CHECK', 'CASH', 'CREDIT_CARD', 'BANK_TRANSFER', '']),
      account: store.book.accountOf[random.pick(side.moneyRoles)],
      allocations: parts.map((part) => ({ record: part.sale.draft.id, amount: part.amount })),
    },
    store.book,
  );
  if (record.removed) return { record, allocations: [] };
  const allocations = parts.map(({ sale, amount: allocated }): LocalAllocation => {
    const localAmount = clearedLocally(
      { totalDue: sale.total, totalLocalDue: sale.localTotal, exchangeRate: sale.draft.exchangeRate },
      allocated,
      { amount: sale.paidCents, localAmount: sale.clearedCents },
    );
    sale.paidCents += allocated;
    sale.clearedCents += localAmount;
    sale.payments.push({ record: record.id, amount: allocated, date: record.date });
    return { record: sale.draft.id, amount: allocated, localAmount };
  });
  return { record, allocations };
}

/** Writes one finished record with its postings. */
export function writeRecord(
  workshop: Workshop,
  record: BookRecord,
  allocations: readonly LocalAllocation[],
): void {
  workshop.store.insertRecord(record, postingsOf(record, allocations, workshop.store.book), allocations);
  workshop.written += 1;
}
