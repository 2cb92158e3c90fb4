/**
 * Financial statements from account balances: the accounting rules, in whole cents, and nothing else.
 *
 * Amounts of the ledger are signed as it signs them: a debit is positive, a credit negative. What a statement shows is positive in
 * the normal direction of its section.
 */
import { localDate } from './dates.ts';
import { decimalText, type ExactNumber, exactNumber } from './exact-number.ts';
import { centsToExactNumber, decimalToCents, parseDecimal } from './money.ts';
import type { BalanceSheetReport, CashFlowReport, ProfitAndLossReport } from './schemas/statements.ts';

/** Where an account stands in the statements. `other`: gains and losses outside the ordinary business, such as exchange. */
export const statementSections = [
  'asset',
  'liability',
  'equity',
  'income',
  'costOfSales',
  'expense',
  'other',
] as const;
export type StatementSection = (typeof statementSections)[number];

/** One account's part in a statement. */
export interface StatementAmount {
  /** Undefined for a line that is no account of the books. */
  readonly accountId: string | undefined;
  readonly name: string | undefined;
  readonly section: StatementSection;
  /** Debit less credit. */
  readonly cents: bigint;
}

type Section = BalanceSheetReport['assets'];
type Line = Section['items'][number];

const earningSections: ReadonlySet<StatementSection> = new Set(['income', 'costOfSales', 'expense', 'other']);

/** Equity lines that no account carries. */
export const UNDISTRIBUTED_PROFIT = 'Undistributed profit';
export const OPENING_BALANCES = 'Opening balances';

/**
 * The balance sheet at the end of a day.
 *
 * Assets less liabilities are equity when `amounts` and `openings` are all of the ledger up to that day: profit that has not been
 * distributed is what the income and expense accounts hold, year-end closings included; opening balances that accounts keep
 * outside the ledger have their counterpart on a line of their own.
 * @param date calendar date `YYYY-MM-DD`
 * @param amounts everything posted up to the date, by account
 * @param openings opening balances that came into force up to the date and are not postings, by account
 */
export function balanceSheetOf(
  date: string,
  amounts: readonly StatementAmount[],
  openings: readonly StatementAmount[],
): BalanceSheetReport {
  const balances = addedUp([...amounts, ...openings]);
  const of = (section: StatementSection) => balances.filter((amount) => amount.section === section);
  const undistributed = total(balances.filter((amount) => earningSections.has(amount.section)));
  const assets = linesOf(of('asset'), 1n);
  const liabilities = linesOf(of('liability'), -1n);
  const equity = [
    ...linesOf(of('equity'), -1n),
    ...lineWithoutAccount(OPENING_BALANCES, total(openings)),
    ...lineWithoutAccount(UNDISTRIBUTED_PROFIT, -undistributed),
  ];
  return {
    date: localDate(date),
    assets: sectionOf('Assets', assets),
    liabilities: sectionOf('Liabilities', liabilities),
    netAssets: centsToExactNumber(sum(assets) - sum(liabilities)),
    equity: sectionOf('Equity', equity),
  };
}

/**
 * The profit and loss of a period.
 * @param period first and last calendar date `YYYY-MM-DD`
 * @param amounts what was posted in the period, by account, closings of years left out; other sections than income and expense are ignored
 */
export function profitAndLossOf(
  period: { readonly from: string; readonly to: string },
  amounts: readonly StatementAmount[],
): ProfitAndLossReport {
  const movements = addedUp(amounts);
  const of = (section: StatementSection) => movements.filter((amount) => amount.section === section);
  const income = linesOf(of('income'), -1n);
  const costOfSales = linesOf(of('costOfSales'), 1n);
  const expenses = linesOf(of('expense'), 1n);
  const other = of('other');
  const otherIncome = linesOf(
    other.filter(({ cents }) => cents < 0n),
    -1n,
  );
  const otherExpenses = linesOf(
    other.filter(({ cents }) => cents > 0n),
    1n,
  );
  const gross = sum(income) - sum(costOfSales);
  const operating = gross - sum(expenses);
  const netOther = sum(otherIncome) - sum(otherExpenses);
  return {
    fromDate: localDate(period.from),
    toDate: localDate(period.to),
    income: sectionOf('Income', income),
    costOfSales: sectionOf('Cost of sales', costOfSales),
    grossProfit: centsToExactNumber(gross),
    expenses: sectionOf('Expenses', expenses),
    netOperatingProfit: centsToExactNumber(operating),
    otherExpenses: sectionOf('Other expenses', otherExpenses),
    otherIncome: sectionOf('Other income', otherIncome),
    netOtherIncome: centsToExactNumber(netOther),
    netProfit: centsToExactNumber(operating + netOther),
  };
}

/**
 * What a profit and loss says of each account, signed as the ledger signs it: the inverse of {@link profitAndLossOf}, so that the
 * reports of months can be added up to that of a longer period.
 */
export function amountsOfProfitAndLoss(report: ProfitAndLossReport): StatementAmount[] {
  return [
    ...amountsOf(report.income, 'income', -1n),
    ...amountsOf(report.costOfSales, 'costOfSales', 1n),
    ...amountsOf(report.expenses, 'expense', 1n),
    ...amountsOf(report.otherIncome, 'other', -1n),
    ...amountsOf(report.otherExpenses, 'other', 1n),
  ];
}

/** The report in a stored document, its digits kept. */
export function parseReport<Report extends BalanceSheetReport | ProfitAndLossReport | CashFlowReport>(
  document: string,
): Report {
  return JSON.parse(document, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? exactNumber(source) : value,
  ) as Report;
}

/** One account's part in what came into cash, or in what left it. */
export interface CashMovement {
  /** Of the account on the other side; undefined for a line that is no account of the books. */
  readonly accountId: string | undefined;
  readonly name: string | undefined;
  /** Whether the posting that it is part of brought cash in, all of its lines taken together. */
  readonly isReceipt: boolean;
  /** What it added to cash; negative: what it took away. */
  readonly cents: bigint;
}

/**
 * The cash flow of a period, by the direct method: receipts less payments are what the cash accounts gained.
 *
 * A posting counts as a whole: a wage of 1,000 of which 200 are kept back for the tax office is a payment of 800, made up of 1,000
 * and -200, and no receipt.
 * @param period first and last calendar date `YYYY-MM-DD`
 */
export function cashFlowOf(
  period: { readonly from: string; readonly to: string },
  movements: readonly CashMovement[],
): CashFlowReport {
  const of = (isReceipt: boolean) =>
    addedUp(
      movements
        .filter((movement) => movement.isReceipt === isReceipt)
        .map(({ accountId, name, cents }) => ({ accountId, name, cents, section: 'asset' as const })),
    );
  return {
    fromDate: localDate(period.from),
    toDate: localDate(period.to),
    cashReceipts: sectionOf('Cash receipts', linesOf(of(true), 1n)),
    cashPayments: sectionOf('Cash payments', linesOf(of(false), -1n)),
  };
}

/** The inverse of {@link cashFlowOf}, so that the reports of months can be added up to that of a longer period. */
export function movementsOfCashFlow(report: CashFlowReport): CashMovement[] {
  const of = (section: Section, isReceipt: boolean) =>
    amountsOf(section, 'asset', isReceipt ? 1n : -1n).map(({ accountId, name, cents }) => ({
      accountId,
      name,
      isReceipt,
      cents,
    }));
  return [...of(report.cashReceipts, true), ...of(report.cashPayments, false)];
}

function amountsOf({ items }: Section, section: StatementSection, direction: 1n | -1n): StatementAmount[] {
  return items.map(({ accountId, name, value }) => ({
    accountId,
    name,
    section,
    cents: direction * decimalToCents(parseDecimal(decimalText(value))),
  }));
}

interface CentsLine {
  readonly accountId: string | undefined;
  readonly name: string | undefined;
  readonly cents: bigint;
}

/** One amount per account, in the order in which accounts first occur. */
function addedUp(amounts: readonly StatementAmount[]): StatementAmount[] {
  const byAccount = new Map<string, StatementAmount>();
  for (const amount of amounts) {
    const key = amount.accountId ?? `\u0000${amount.name ?? ''}`;
    const known = byAccount.get(key);
    byAccount.set(key, known === undefined ? amount : { ...known, cents: known.cents + amount.cents });
  }
  return [...byAccount.values()];
}

/** Lines of a section, nothing for accounts that stand at zero. */
function linesOf(amounts: readonly StatementAmount[], direction: 1n | -1n): CentsLine[] {
  return amounts
    .filter(({ cents }) => cents !== 0n)
    .map(({ accountId, name, cents }) => ({ accountId, name, cents: direction * cents }));
}

function lineWithoutAccount(name: string, cents: bigint): CentsLine[] {
  return cents === 0n ? [] : [{ accountId: undefined, name, cents }];
}

function sectionOf(name: string, lines: readonly CentsLine[]): Section {
  return { name, value: centsToExactNumber(sum(lines)), items: lines.map(lineOf) };
}

function lineOf({ accountId, name, cents }: CentsLine): Line {
  const value: ExactNumber = centsToExactNumber(cents);
  return {
    ...(accountId === undefined ? {} : { accountId }),
    ...(name === undefined ? {} : { name }),
    value,
  };
}

function total(amounts: readonly StatementAmount[]): bigint {
  return amounts.reduce((sofar, { cents }) => sofar + cents, 0n);
}

function sum(lines: readonly CentsLine[]): bigint {
  return lines.reduce((sofar, { cents }) => sofar + cents, 0n);
}
