import { Decimal, ONE } from '../../exact/decimal.ts';
import { DAY_MS, instantOf } from '../calendar.ts';
import type { AccountRole } from '../chart.ts';
import type { AdjustmentRecord, SaleDraft } from '../records.ts';
import {
  draftSale,
  linesOf,
  NOBODY,
  newHead,
  type PaymentPlan,
  type SaleWishes,
  type Side,
  somebody,
  type Workshop,
  writeCluster,
  writeRecord,
} from './cluster.ts';

/** One kind of business event and how often it happens. The first events of a business run through all kinds once. */
interface Kind {
  weight: number;
  write(workshop: Workshop, dayMs: number): void;
}

type Plan = (
  workshop: Workshop,
  side: Side,
  dayMs: number,
) => { drafts: SaleDraft[]; payments: PaymentPlan[] };

const on =
  (sideOf: (workshop: Workshop) => Side, plan: Plan): Kind['write'] =>
  (workshop, dayMs) => {
    const side = sideOf(workshop);
    const { drafts, payments } = plan(workshop, side, dayMs);
    writeCluster(workshop, side, drafts, payments);
  };
const sale = (plan: Plan) => on(({ sales }) => sales, plan);
const purchase = (plan: Plan) => on(({ purchases }) => purchases, plan);

const later = (workshop: Workshop, dayMs: number, most = 60): number =>
  dayMs + workshop.random.int(2, most) * DAY_MS;

/** One record of somebody, paid by `permilles` in turn, each some weeks after the one before. */
const paidIn =
  (...permilles: number[]): Plan =>
  (workshop, side, dayMs) => {
    let paidMs = dayMs;
    return {
      drafts: [draftSale(workshop, side, dayMs, { party: somebody(workshop, side) })],
      payments: permilles.map((permille) => {
        paidMs = later(workshop, paidMs, 45);
        return { dayMs: paidMs, permille: [permille] };
      }),
    };
  };

const paidTogether: Plan = (workshop, side, dayMs) => {
  const party = somebody(workshop, side);
  const count = workshop.random.int(2, 4);
  const lastMs = Math.min(dayMs + (count - 1) * DAY_MS, workshop.endMs - DAY_MS);
  const drafts = Array.from({ length: count }, (_, index) =>
    draftSale(workshop, side, Math.min(dayMs + index * DAY_MS, lastMs), { party }),
  );
  // One payment settles them all, at one currency; the last one sometimes in part only.
  const permille = drafts.map((_, index) =>
    index === count - 1 && workshop.random.chance(300) ? 500 : 1000,
  );
  return { drafts, payments: [{ dayMs: later(workshop, lastMs), permille }] };
};

const overpaid: Plan = (workshop, side, dayMs) => ({
  drafts: [draftSale(workshop, side, dayMs, { party: somebody(workshop, side) })],
  payments: [
    { dayMs: later(workshop, dayMs), permille: [1000], extraCents: BigInt(workshop.random.int(1, 20_000)) },
  ],
});

/** Nobody's sale, paid on the spot as a rule; the payment has no contact either. */
const nobodys =
  (variant: number): Plan =>
  (workshop, side, dayMs) => ({
    drafts: [draftSale(workshop, side, dayMs, { nobody: NOBODY[variant % NOBODY.length] ?? {} })],
    payments: workshop.random.chance(850) ? [{ dayMs, permille: [1000] }] : [],
  });

const anybodysNothing: Plan = (workshop, side, dayMs) =>
  nobodys(workshop.random.int(0, 3))(workshop, side, dayMs);

const onAccount: Plan = (workshop, side, dayMs) => ({
  drafts: [draftSale(workshop, side, dayMs, { party: somebody(workshop, side) })],
  payments: [{ dayMs, permille: [0], extraCents: BigInt(workshop.random.int(5_000, 90_000)) }],
});

const foreign: Plan = (workshop, side, dayMs) => {
  const others = side.parties.filter(({ currency }) => currency !== workshop.store.book.profile.homeCurrency);
  const party = others.length > 0 ? workshop.random.pick(others) : somebody(workshop, side);
  return {
    drafts: [draftSale(workshop, side, dayMs, { party })],
    payments: workshop.random.chance(700)
      ? [
          { dayMs: later(workshop, dayMs), permille: [400] },
          { dayMs: later(workshop, dayMs + 60 * DAY_MS), permille: [1000] },
        ]
      : [],
  };
};

const removedSale: Plan = (workshop, side, dayMs) => {
  const draft = draftSale(workshop, side, dayMs, { party: somebody(workshop, side) });
  const removedMs = Math.min(
    Date.parse(draft.creation) + workshop.random.int(1, 20) * DAY_MS,
    workshop.endMs - 1,
  );
  return { drafts: [{ ...draft, removed: true, lastModified: instantOf(removedMs) }], payments: [] };
};

const bouncedPayment: Plan = (workshop, side, dayMs) => ({
  drafts: [draftSale(workshop, side, dayMs, { party: somebody(workshop, side) })],
  payments: [{ dayMs: later(workshop, dayMs, 20), permille: [1000], removed: true }],
});

const withLines =
  (wishes: (workshop: Workshop, side: Side, dayMs: number) => SaleWishes['lines']): Plan =>
  (workshop, side, dayMs) => {
    const lines = wishes(workshop, side, dayMs);
    return {
      drafts: [
        draftSale(workshop, side, dayMs, { party: somebody(workshop, side), ...(lines ? { lines } : {}) }),
      ],
      payments: [],
    };
  };

const negated = ({ digits, scale }: Decimal): Decimal => new Decimal(-digits, scale);

const credit = withLines((workshop, side, dayMs) =>
  linesOf(workshop, side, dayMs, true).map((line) => ({ ...line, quantity: negated(line.quantity) })),
);

const worthNothing = withLines((workshop, side, dayMs) => {
  const [line] = linesOf(workshop, side, dayMs, false);
  if (!line) return [];
  return [
    line,
    { ...line, id: workshop.store.nextId(), description: 'Goodwill', quantity: negated(line.quantity) },
  ];
});

/** A credit and an invoice settled by one payment of the difference. */
const creditApplied: Plan = (workshop, side, dayMs) => {
  const party = somebody(workshop, side);
  const invoice = draftSale(workshop, side, dayMs, { party, lines: linesOf(workshop, side, dayMs, true) });
  const [line] = invoice.lineItems;
  const returned = line
    ? [{ ...line, id: workshop.store.nextId(), description: 'Returned', quantity: negated(line.quantity) }]
    : [];
  const refund = {
    ...draftSale(workshop, side, dayMs, { party, lines: returned }),
    exchangeRate: invoice.exchangeRate,
  };
  return {
    drafts: [invoice, refund],
    payments: [{ dayMs: later(workshop, dayMs), permille: [1000, 1000], extraCents: 100n }],
  };
};

function writeTransfer(workshop: Workshop, dayMs: number): void {
  const { random, store } = workshop;
  const routes: readonly (readonly [AccountRole, AccountRole])[] = [
    ['bank', 'savings'],
    ['bank', 'card'],
    ['savings', 'bank'],
    ['bank', 'foreignBank'],
  ];
  const [from, to] =
    dayMs < workshop.startMs + 60 * DAY_MS ? (['oldBank', 'bank'] as const) : random.pick(routes);
  writeRecord(
    workshop,
    {
      ...newHead(workshop, 'TRANSFER', dayMs, store.book.profile.homeCurrency),
      exchangeRate: ONE,
      type: 'TRANSFER',
      fromAccount: store.book.accountOf[from],
      toAccount: store.book.accountOf[to],
      amount: BigInt(random.int(1_000, 250_000)),
    },
    [],
  );
}

/** Writes an adjustment from signed amounts: a debit when positive. */
export function writeAdjustment(
  workshop: Workshop,
  type: AdjustmentRecord['type'],
  dayMs: number,
  description: string,
  lines: readonly (readonly [account: bigint, cents: bigint])[],
): void {
  writeRecord(
    workshop,
    {
      ...newHead(workshop, type, dayMs, workshop.store.book.profile.homeCurrency),
      exchangeRate: ONE,
      type,
      description,
      lines: lines
        .filter(([, cents]) => cents !== 0n)
        .map(([account, cents]) => ({
          account,
          debit: cents > 0n ? cents : 0n,
          credit: cents < 0n ? -cents : 0n,
          description,
        })),
    },
    [],
  );
}

function writeJournal(workshop: Workshop, dayMs: number): void {
  const {
    random,
    store: {
      book: { accountOf },
    },
  } = workshop;
  const cents = BigInt(random.int(2_000, 180_000));
  const [description, debit, credited] = random.pick<readonly [string, AccountRole, AccountRole]>([
    ['Depreciation', 'office', 'equipment'],
    ["Owner's draw", 'draw', 'bank'],
    ['Payroll accrual', 'accrued', 'payrollTax'],
    ['Stock count', 'cogs', 'inventory'],
    ['Loan repayment', 'loan', 'bank'],
  ]);
  writeAdjustment(workshop, 'ADJUSTMENT', dayMs, description, [
    [accountOf[debit], cents],
    [accountOf[credited], -cents],
  ]);
}

export const KINDS: readonly Kind[] = [
  { weight: 230, write: sale(paidIn(1000)) },
  { weight: 8, write: sale(nobodys(0)) },
  { weight: 8, write: sale(nobodys(1)) },
  { weight: 8, write: sale(nobodys(2)) },
  { weight: 8, write: sale(nobodys(3)) },
  { weight: 40, write: sale(paidIn(350)) },
  { weight: 15, write: sale(overpaid) },
  { weight: 50, write: sale(paidTogether) },
  { weight: 30, write: sale(foreign) },
  { weight: 20, write: sale(removedSale) },
  { weight: 12, write: sale(credit) },
  { weight: 6, write: sale(worthNothing) },
  { weight: 5, write: purchase(anybodysNothing) },
  { weight: 140, write: purchase(paidIn(1000)) },
  { weight: 8, write: writeTransfer },
  { weight: 12, write: writeJournal },
  { weight: 6, write: sale(bouncedPayment) },
  { weight: 6, write: sale(onAccount) },
  { weight: 40, write: sale(paidIn()) },
  { weight: 30, write: sale(paidIn(300, 300, 1000)) },
  { weight: 6, write: sale(creditApplied) },
  { weight: 20, write: purchase(paidIn(500)) },
  { weight: 15, write: purchase(paidTogether) },
  { weight: 8, write: purchase(foreign) },
  { weight: 6, write: purchase(removedSale) },
  { weight: 4, write: purchase(overpaid) },
  { weight: 25, write: purchase(paidIn()) },
  { weight: 3, write: purchase(credit) },
];
