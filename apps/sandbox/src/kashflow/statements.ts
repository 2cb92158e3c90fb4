/** KashFlow's statements, from the entries of the books. */
import type { BookStore } from '../kashoo/books/store.ts';
import { CREDIT_TYPES, PROFIT_AND_LOSS_TYPES } from '../kashoo/chart.ts';
import { shortId } from './view.ts';
import { anyRow, dateTime, membersOf, money } from './xml.ts';

type Kind =
  | 'Fixed Assets'
  | 'Current Assets'
  | 'Current Liabilities'
  | 'Capital and Reserves'
  | 'Turnover'
  | 'Cost of Sales'
  | 'Expenses';

/** What KashFlow calls accounts of a type. */
export function kindOf(type: string): Kind {
  if (type === 'COST_OF_GOODS_SOLD') return 'Cost of Sales';
  if (type === 'EXPENSE') return 'Expenses';
  if (PROFIT_AND_LOSS_TYPES.has(type)) return 'Turnover';
  if (type === 'EQUITY' || type === 'RETAINED_EARNINGS') return 'Capital and Reserves';
  if (type === 'FIXED_ASSET') return 'Fixed Assets';
  return CREDIT_TYPES.has(type) ? 'Current Liabilities' : 'Current Assets';
}

interface Line {
  readonly id: bigint;
  readonly number: string;
  readonly name: string;
  /** Debit less credit. */
  readonly cents: bigint;
}

const CREDIT_KINDS: ReadonlySet<Kind> = new Set(['Current Liabilities', 'Capital and Reserves', 'Turnover']);

function movements(store: BookStore, where: string, ...values: string[]): ReadonlyMap<Kind, readonly Line[]> {
  const sums = store.all(
    `SELECT e.account, sum(e.debit) - sum(e.credit) AS cents FROM entries e JOIN records r ON r.id = e.record WHERE ${where} GROUP BY e.account`,
    ...values,
  );
  const cents = new Map(sums.map((row) => [row['account'], row['cents']]));
  const kinds = new Map<Kind, Line[]>();
  for (const { id, number, name, type } of store.book.accounts) {
    const sum = cents.get(id);
    if (typeof sum !== 'bigint' || sum === 0n) continue;
    const kind = kindOf(type);
    kinds.set(kind, [...(kinds.get(kind) ?? []), { id: shortId(store, id), number, name, cents: sum }]);
  }
  return kinds;
}

/** A section's elements and its total, positive in the direction in which it grows. */
function section(kind: Kind, lines: readonly Line[]): { rows: string[]; total: bigint } {
  const sign = CREDIT_KINDS.has(kind) ? -1n : 1n;
  const rows = lines.map(({ id, number, name, cents }) =>
    anyRow('NominalCode', {
      id,
      Code: number,
      Name: name,
      debit: '0.0000',
      credit: '0.0000',
      balance: money(sign * cents),
    }),
  );
  return { rows, total: lines.reduce((total, { cents }) => total + sign * cents, 0n) };
}

export function balanceSheetText(store: BookStore, date: string): string {
  const kinds = movements(store, 'e.date <= ?', date);
  const part = (kind: Kind) => section(kind, kinds.get(kind) ?? []);
  const profit = (['Turnover', 'Cost of Sales', 'Expenses'] as const)
    .flatMap((kind) => kinds.get(kind) ?? [])
    .reduce((total, { cents }) => total + cents, 0n);
  const capital = section('Capital and Reserves', [
    ...(kinds.get('Capital and Reserves') ?? []),
    { id: 0n, number: '0', name: 'P&L Account', cents: profit },
  ]);
  const [fixed, current, owed] = [part('Fixed Assets'), part('Current Assets'), part('Current Liabilities')];
  return membersOf('BalanceSheet', {
    Date: dateTime(date),
    FixedAssets: fixed.rows,
    FixedAssetsTotal: money(fixed.total),
    CurrentAssets: current.rows,
    CurrentAssetsTotal: money(current.total),
    CurrentLiabilities: owed.rows,
    CurrentLiabilitiesTotal: money(owed.total),
    CapitalReserves: capital.rows,
    CapitalReservesTotal: money(capital.total),
  });
}

export function profitAndLossText(store: BookStore, first: string, last: string): string {
  const kinds = movements(
    store,
    "e.date >= ? AND e.date <= ? AND r.type <> 'YEAR_END_ADJUSTMENT'",
    first,
    last,
  );
  const part = (kind: Kind) => section(kind, kinds.get(kind) ?? []);
  const [turnover, costs, expenses] = [part('Turnover'), part('Cost of Sales'), part('Expenses')];
  const gross = turnover.total - costs.total;
  return membersOf('ProfitAndLoss', {
    StartDate: dateTime(first),
    EndDate: dateTime(last),
    Turnover: turnover.rows,
    TurnoverTotal: money(turnover.total),
    CostOfSales: costs.rows,
    CostOfSalesTotal: money(costs.total),
    GrossProfit: money(gross),
    Expenses: expenses.rows,
    ExpensesTotal: money(expenses.total),
    NetProfit: money(gross - expenses.total),
  });
}
