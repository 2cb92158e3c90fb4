/** An aged report, by currency: its tables and their totals. */
import type { WireAmount } from '../../format/money.ts';
import { exactSum } from './amounts.ts';
import type { AgedParty, AgedReport } from './types.ts';

export interface AgedBucket {
  /** Absent for all that is older. */
  readonly fromDate?: string;
  readonly toDate: string;
}

export interface AgedRow {
  readonly id: string;
  readonly name: string;
  /** One for each bucket, and their sum. */
  readonly amounts: readonly WireAmount[];
  readonly total: string;
}

export interface AgedTable {
  readonly currency: string | undefined;
  readonly buckets: readonly AgedBucket[];
  readonly rows: readonly AgedRow[];
  /** By bucket. */
  readonly totals: readonly string[];
  readonly total: string;
}

function partyOf(party: AgedParty): { id: string; name: string } {
  const id = party.customerId ?? party.supplierId ?? '';
  return { id, name: party.customerName ?? party.supplierName ?? id };
}

/** One table for each currency, the one with the most parties first; the newest debts are the first bucket. */
export function agedTables({ data }: AgedReport): AgedTable[] {
  const byCurrency = new Map<
    string,
    { currency: string | undefined; rows: AgedRow[]; buckets: readonly AgedBucket[] }
  >();
  for (const party of data) {
    for (const { currency, agedOutstandingAmounts } of party.agedCurrencyOutstanding) {
      const table = byCurrency.get(currency ?? '') ?? { currency, rows: [], buckets: agedOutstandingAmounts };
      const amounts = agedOutstandingAmounts.map(({ amount }) => amount);
      table.rows.push({ ...partyOf(party), amounts, total: exactSum(amounts) });
      byCurrency.set(currency ?? '', table);
    }
  }
  return [...byCurrency.values()]
    .toSorted((a, b) => b.rows.length - a.rows.length)
    .map(({ currency, rows, buckets }) => ({
      currency,
      buckets,
      rows: rows.toSorted((a, b) => Number(b.total) - Number(a.total)),
      totals: buckets.map((_bucket, index) => exactSum(rows.map(({ amounts }) => amounts[index] ?? 0))),
      total: exactSum(rows.map(({ total }) => total)),
    }));
}

/** How old a bucket's debts are, in days before the report date. */
export function bucketName({ fromDate, toDate }: AgedBucket, reportDate: string): string {
  const youngest = daysBetween(toDate, reportDate);
  return fromDate === undefined
    ? `Over ${youngest - 1} days`
    : `${youngest}–${daysBetween(fromDate, reportDate)} days`;
}

const dayMs = 86_400_000;

/** @param from, to local dates, `YYYY-MM-DD…` */
function daysBetween(from: string, to: string): number {
  const at = (date: string) => Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  return Math.round((at(to) - at(from)) / dayMs);
}
