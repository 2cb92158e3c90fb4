/** Tests' own idea of the rules: records whose amounts are whole millionths, and what is wrong with them, said as plainly as can be. */
import fc from 'fast-check';
import type { DataTypeKey } from '../data-types.ts';
import { exactNumber } from '../exact-number.ts';

/** An amount in millionths; a record of such amounts; what the records are checked against. */
type Millionths = bigint;
export type PlainRecord = { readonly [member: string]: unknown };
export interface PlainBooks {
  readonly currency: string | undefined;
  /** Ids that exist, by data type; absent: not read. */
  readonly ids: Readonly<Partial<Record<DataTypeKey, readonly string[]>>>;
}

/** The digits of an amount, written out. */
export function digits(amount: Millionths): string {
  const [sign, magnitude] = amount < 0n ? ['-', -amount] : ['', amount];
  const fraction = String(magnitude % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${sign}${magnitude / 1_000_000n}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A record as a mapping makes it. */
export function mapped(plain: unknown): unknown {
  if (typeof plain === 'bigint') return exactNumber(digits(plain));
  if (Array.isArray(plain)) return plain.map(mapped);
  if (typeof plain !== 'object' || plain === null) return plain;
  return Object.fromEntries(
    Object.entries(plain)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, mapped(value)]),
  );
}

const toHundredths = (amount: Millionths): Millionths => {
  const magnitude = amount < 0n ? -amount : amount;
  const whole = ((magnitude + 5_000n) / 10_000n) * 10_000n;
  return amount < 0n ? -whole : whole;
};
const sum = (amounts: readonly Millionths[]): Millionths => amounts.reduce((total, each) => total + each, 0n);
const magnitude = (amount: Millionths): Millionths => (amount < 0n ? -amount : amount);

const cents = fc.integer({ min: -3_000, max: 3_000 }).map((value) => BigInt(value) * 10_000n);
const amount = fc.oneof(
  { weight: 6, arbitrary: cents },
  { weight: 2, arbitrary: fc.bigInt({ min: -20_000_000n, max: 20_000_000n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 90_071_992_547_409_910_000n, 9_007_199_254_740_993n) },
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 5 });
const reference = maybe(fc.constantFrom('1', '2', 'gone', 'NullId').map((id) => ({ id })));
const currency = maybe(fc.constantFrom('GBP', 'USD', 'QQQ'));
const rate = maybe(fc.constantFrom(1_000_000n, 1_250_000n, 0n, -500_000n));
const date = fc.constantFrom(
  '1899-12-31',
  '1900-01-01',
  '2024-02-29',
  '2024-03-01',
  '2099-12-31',
  '2100-01-01',
);
const day = date.map((text) => `${text}T00:00:00`);

const saleLine = fc.record({
  subTotal: fc.option(amount, { nil: undefined, freq: 20 }),
  taxAmount: fc.option(amount, { nil: undefined, freq: 20 }),
  totalAmount: fc.option(amount, { nil: undefined, freq: 20 }),
  accountRef: reference,
  itemRef: reference,
  taxRateRef: reference,
});

/** Totals that the lines bear out in one way or another, or that are anything. */
const totalOf = (parts: readonly (Millionths | undefined)[]): fc.Arbitrary<Millionths> => {
  const known = parts.filter((part) => part !== undefined);
  const all = sum(known);
  return fc.oneof(fc.constantFrom(all, toHundredths(all), sum(known.map(toHundredths))), amount);
};

const sales = (dataType: 'invoices' | 'bills'): fc.Arbitrary<PlainRecord> =>
  fc.array(saleLine, { maxLength: 4 }).chain((lineItems) =>
    fc
      .record({
        lineItems: fc.constantFrom(lineItems, lineItems, undefined),
        subTotal: maybe(totalOf(lineItems.map((line) => line.subTotal))),
        tax: totalOf(lineItems.map((line) => line.taxAmount)),
        totalAmount: totalOf(lineItems.map((line) => line.totalAmount)),
        party: reference,
        issueDate: day,
        dueDate: maybe(day),
        currency,
        currencyRate: rate,
        status: fc.constantFrom('Paid', 'Draft', 'Void'),
        paymentAllocations: maybe(
          fc.array(
            fc.record({
              payment: fc.constant({}),
              allocation: maybe(amount).map((totalAmount) => ({ totalAmount })),
            }),
            {
              maxLength: 2,
            },
          ),
        ),
      })
      .chain(({ tax, party, ...rest }) =>
        maybe(fc.oneof(fc.constantFrom(rest.totalAmount, 0n), amount)).map((amountDue) => ({
          ...rest,
          amountDue,
          ...(dataType === 'invoices'
            ? { totalTaxAmount: tax, customerRef: party }
            : { taxAmount: tax, supplierRef: party }),
        })),
      ),
  );

const paymentLine = (type: string) =>
  amount.chain((paid) =>
    fc.record({
      amount: fc.constant(paid),
      links: maybe(
        fc.array(
          fc.record({
            type: fc.constantFrom(type, 'PaymentOnAccount'),
            id: maybe(fc.constantFrom('1', 'gone')),
            amount: maybe(fc.oneof(fc.constant(-paid), amount)),
            currencyRate: rate,
          }),
          { maxLength: 2 },
        ),
      ),
    }),
  );

const payments = (dataType: 'payments' | 'billPayments'): fc.Arbitrary<PlainRecord> =>
  fc.array(paymentLine(dataType === 'payments' ? 'Invoice' : 'Bill'), { maxLength: 3 }).chain((lines) =>
    fc
      .record({
        lines: fc.constantFrom(lines, lines, undefined),
        totalAmount: maybe(totalOf(lines.map((line) => line.amount))),
        party: reference,
        accountRef: reference,
        currency,
        currencyRate: rate,
        date: day,
      })
      .map(({ party, ...rest }) => ({
        ...rest,
        [dataType === 'payments' ? 'customerRef' : 'supplierRef']: party,
      })),
  );

const section = (value: fc.Arbitrary<Millionths>) => value.map((of) => ({ value: of, items: [] }));
const side = maybe(fc.record({ accountRef: reference, currency }));

/** Records of each data type, sound ones and others. */
export const plainRecords: Readonly<Partial<Record<DataTypeKey, fc.Arbitrary<PlainRecord>>>> = {
  invoices: sales('invoices'),
  bills: sales('bills'),
  payments: payments('payments'),
  billPayments: payments('billPayments'),
  journalEntries: fc.array(amount, { maxLength: 4 }).chain((amounts) =>
    fc.record({
      postedOn: day,
      journalLines: fc
        .tuple(
          ...[...amounts, -sum(amounts)].map((netAmount) =>
            reference.map((accountRef) => ({ netAmount, accountRef })),
          ),
        )
        .chain((lines) => fc.constantFrom(lines, lines.slice(1), undefined)),
    }),
  ),
  transfers: fc.record({ date: day, from: side, to: side }),
  accountTransactions: fc.record({ date: day, bankAccountRef: reference }),
  balanceSheet: fc.tuple(cents, cents).chain(([assets, liabilities]) =>
    fc.record({
      assets: section(fc.constant(assets)),
      liabilities: section(fc.constant(liabilities)),
      equity: section(fc.oneof(fc.constant(assets - liabilities), amount)),
    }),
  ),
  profitAndLoss: fc.tuple(cents, cents, cents, cents, cents).chain(([income, cost, expenses, other, less]) =>
    fc.record({
      income: section(fc.constant(income)),
      costOfSales: section(fc.constant(cost)),
      expenses: section(fc.constant(expenses)),
      otherIncome: section(fc.constant(other)),
      otherExpenses: section(fc.constant(less)),
      netProfit: fc.oneof(fc.constant(income - cost - expenses + other - less), amount),
    }),
  ),
  chartOfAccounts: fc.record({ currency }),
  bankAccounts: fc.record({ currency }),
  customers: fc.record({ defaultCurrency: currency }),
  suppliers: fc.record({ defaultCurrency: currency }),
};

// biome-ignore lint/suspicious/noExplicitAny: records of every kind, as they were generated above
type Any = any;

/** What is wrong with a record: number of the rule and message. */
export function plainFindings(dataType: DataTypeKey, record: PlainRecord, books: PlainBooks): string[] {
  const found: string[] = [];
  const is = (wrong: boolean, rule: string, message: () => string) => {
    if (wrong) found.push(`${rule} ${message()}`);
  };
  const refers = (rule: string, what: string, ref: Any, target: DataTypeKey, plural: string) => {
    const ids = books.ids[target];
    const id = ref?.id;
    is(
      ids !== undefined && id !== undefined && id !== 'NullId' && !ids.includes(id),
      rule,
      () => `${what} ${id} is not among the ${plural}.`,
    );
  };
  const money = (of: Any) => {
    is(of.currency === 'QQQ', '040', () => 'QQQ is no ISO 4217 currency.');
    const { currency: base } = books;
    if (base === undefined || of.currency === undefined || !('currencyRate' in of)) return;
    is(
      of.currency === base && of.currencyRate !== undefined && of.currencyRate !== 1_000_000n,
      '041',
      () => `The rate is ${digits(of.currencyRate)} although the currency is that of the books.`,
    );
    is(
      of.currency !== base && (of.currencyRate ?? 0n) <= 0n,
      '041',
      () => `The currency is ${of.currency} and that of the books is ${base}, but there is no rate.`,
    );
  };
  const year = (rule: string, text: string | undefined) =>
    is(
      text !== undefined && !/^(19|20)/.test(text),
      rule,
      () => `The date ${text?.slice(0, 10)} lies outside the years 1900 to 2099.`,
    );
  const of: Any = record;

  if (dataType === 'invoices' || dataType === 'bills') {
    const isInvoice = dataType === 'invoices';
    const tax = isInvoice ? of.totalTaxAmount : of.taxAmount;
    const lines: Any[] = of.lineItems ?? [];
    const against = (rule: string, member: string, what: string, stated: Millionths | undefined) => {
      const parts: (Millionths | undefined)[] = lines.map((line) => line[member]);
      if (parts.length === 0 || parts.includes(undefined) || stated === undefined) return;
      const known = parts as Millionths[];
      const right = [sum(known), sum(known.map(toHundredths)), toHundredths(sum(known))];
      is(
        !right.includes(stated),
        rule,
        () => `${what} of the lines adds up to ${digits(sum(known))}, the record says ${digits(stated)}.`,
      );
    };
    against('030', 'totalAmount', 'The total', of.totalAmount);
    against('031', 'taxAmount', 'The tax', tax);
    against('032', 'subTotal', 'The sub-total', of.subTotal);
    is(
      of.subTotal !== undefined && of.subTotal + tax !== of.totalAmount,
      '033',
      () =>
        `The sub-total ${digits(of.subTotal)} and the tax ${digits(tax)} make ${digits(of.subTotal + tax)}, the total is ${digits(of.totalAmount)}.`,
    );
    if (of.status !== 'Void' && of.amountDue !== undefined) {
      const due: Millionths = of.amountDue;
      const total: Millionths = of.totalAmount;
      is(
        (due > 0n && total < 0n) || (due < 0n && total > 0n) || magnitude(due) > magnitude(total),
        '034',
        () => `${digits(due)} is due of a total of ${digits(total)}.`,
      );
      const allocated = (of.paymentAllocations ?? [])
        .map((each: Any) => each.allocation.totalAmount)
        .filter((each: Any) => each !== undefined);
      is(
        due !== total && allocated.length > 0 && magnitude(sum(allocated)) > magnitude(total - due),
        '035',
        () =>
          `Payments of ${digits(sum(allocated))} are allocated, of a total of ${digits(total)} of which ${digits(due)} is due.`,
      );
    }
    money(of);
    refers(
      '050',
      isInvoice ? 'The customer' : 'The supplier',
      isInvoice ? of.customerRef : of.supplierRef,
      isInvoice ? 'customers' : 'suppliers',
      isInvoice ? 'customers' : 'suppliers',
    );
    for (const line of lines) {
      refers('051', 'The account of a line,', line.accountRef, 'chartOfAccounts', 'accounts');
      refers('052', 'The item of a line,', line.itemRef, 'items', 'items');
      refers('053', 'The tax rate of a line,', line.taxRateRef, 'taxRates', 'tax rates');
    }
    is(
      of.dueDate !== undefined && Date.parse(of.dueDate) < Date.parse(of.issueDate),
      '070',
      () => `It is due on ${of.dueDate.slice(0, 10)}, before it was issued on ${of.issueDate.slice(0, 10)}.`,
    );
    year('071', of.issueDate);
    year('072', of.dueDate);
  }
  if (dataType === 'payments' || dataType === 'billPayments') {
    const isPayment = dataType === 'payments';
    const lines: Any[] = of.lines ?? [];
    const paid = sum(lines.map((line) => line.amount));
    is(
      lines.length > 0 && of.totalAmount !== undefined && paid !== of.totalAmount,
      '030',
      () => `The lines add up to ${digits(paid)}, the total is ${digits(of.totalAmount)}.`,
    );
    for (const line of lines) {
      for (const link of line.links ?? []) {
        is(
          link.currencyRate !== undefined && link.amount !== undefined && link.amount + line.amount !== 0n,
          '035',
          () =>
            `A line of ${digits(line.amount)} takes ${digits(-(link.amount as Millionths))} off what it is linked to.`,
        );
        if (link.type === (isPayment ? 'Invoice' : 'Bill'))
          refers(
            '054',
            isPayment ? 'The invoice' : 'The bill',
            link,
            isPayment ? 'invoices' : 'bills',
            isPayment ? 'invoices' : 'bills',
          );
      }
    }
    money(of);
    refers(
      '050',
      isPayment ? 'The customer' : 'The supplier',
      isPayment ? of.customerRef : of.supplierRef,
      isPayment ? 'customers' : 'suppliers',
      isPayment ? 'customers' : 'suppliers',
    );
    refers('051', 'The account', of.accountRef, 'chartOfAccounts', 'accounts');
    year('071', of.date);
  }
  if (dataType === 'journalEntries') {
    const lines: Any[] = of.journalLines ?? [];
    const net = sum(lines.map((line) => line.netAmount));
    is(net !== 0n, '030', () => `The lines add up to ${digits(net)}, not to 0.`);
    for (const line of lines)
      refers('051', 'The account of a line,', line.accountRef, 'chartOfAccounts', 'accounts');
    year('071', of.postedOn);
  }
  if (dataType === 'transfers') {
    money({ currency: of.from?.currency });
    refers('051', 'The account that it comes from,', of.from?.accountRef, 'chartOfAccounts', 'accounts');
    refers('055', 'The account that it goes to,', of.to?.accountRef, 'chartOfAccounts', 'accounts');
    year('071', of.date);
  }
  if (dataType === 'accountTransactions') {
    refers('051', 'The account', of.bankAccountRef, 'bankAccounts', 'bank accounts');
    year('071', of.date);
  }
  if (dataType === 'balanceSheet') {
    const [assets, liabilities, equity] = [of.assets.value, of.liabilities.value, of.equity.value];
    is(
      assets - liabilities !== equity,
      '030',
      () =>
        `Assets of ${digits(assets)} less liabilities of ${digits(liabilities)} are not the equity of ${digits(equity)}.`,
    );
  }
  if (dataType === 'profitAndLoss') {
    const earned: Any =
      of.income.value -
      of.costOfSales.value -
      of.expenses.value +
      of.otherIncome.value -
      of.otherExpenses.value;
    is(
      earned !== of.netProfit,
      '030',
      () => `Income and expenses make ${digits(earned)}, the net profit is ${digits(of.netProfit)}.`,
    );
  }
  if (dataType === 'chartOfAccounts' || dataType === 'bankAccounts') money({ currency: of.currency });
  if (dataType === 'customers' || dataType === 'suppliers') money({ currency: of.defaultCurrency });
  return [...new Set(found)].sort();
}
