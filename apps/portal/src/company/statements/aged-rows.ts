/** An aged report, by currency: its tables and their totals. */
import type { WireAmount } from '../../format/money.ts';
import { exactSum } from './amounts.ts';
import type { AgedParty, AgedReport } from './types.ts';

export interface AgedBucket {
  /** Absent for all that is older. */
  readonly fromDate?: string;
  readonly toDate: string;
}

interface AgedRow {
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
  const byCurrency = new Map<string, { currency: string | undefined; parties: Debts[] }>();
  for (const party of data) {
    for (const { currency, agedOutstandingAmounts } of party.agedCurrencyOutstanding) {
      const table = byCurrency.get(currency ?? '') ?? { currency, parties: [] };
      table.parties.push({ ...partyOf(party), debts: agedOutstandingAmounts });
      byCurrency.set(currency ?? '', table);
    }
  }
  return [...byCurrency.values()]
    .toSorted((a, b) => b.parties.length - a.parties.length)
    .map(({ currency, parties }) => tableOf(currency, parties));
}

interface Debts {
  readonly id: string;
  readonly name: string;
  readonly debts: AgedParty['agedCurrencyOutstanding'][number]['agedOutstandingAmounts'];
}

function tableOf(currency: string | undefined, parties: readonly Debts[]): AgedTable {
  const buckets = bucketsOf(parties);
  const rows = parties.map(({ id, name, debts }) => {
    const amounts = buckets.map((bucket) => debts.find((debt) => keyOf(debt) === keyOf(bucket))?.amount ?? 0);
    return { id, name, amounts, total: exactSum(amounts) };
  });
  return {
    currency,
    buckets,
    rows: rows.toSorted((a, b) => Number(b.total) - Number(a.total)),
    totals: buckets.map((_bucket, index) => exactSum(rows.map(({ amounts }) => amounts[index] ?? 0))),
    total: exactSum(rows.map(({ total }) => total)),
  };
}

/** All that somebody has: the one for all that is older is only told of those who have such debts. */
function bucketsOf(parties: readonly Debts[]): AgedBucket[] {
  const buckets = new Map<string, AgedBucket>();
  for (const { debts } of parties) {
    for (const { fromDate, toDate } of debts) {
      const bucket = { ...(fromDate !== undefined && { fromDate }), toDate };
      buckets.set(keyOf(bucket), bucket);
    }
  }
  return [...buckets.values()].toSorted((a, b) => b.toDate.localeCompare(a.toDate));
}

function keyOf({ fromDate, toDate }: AgedBucket): string {
  return `${fromDate ?? ''} ${toDate}`;
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
