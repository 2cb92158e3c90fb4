/** Aged debts: what is outstanding at a day, by who owes it (or is owed), currency and age. */
import { localDate } from './dates.ts';
import { type ExactNumber, exactNumber } from './exact-number.ts';
import { addDecimal, type Decimal, decimalToExactNumber, parseDecimal } from './money.ts';

/** Periods that go back from a day, that day included. */
export interface AgedPeriods {
  /** Calendar date `YYYY-MM-DD`. */
  readonly reportDate: string;
  readonly numberOfPeriods: number;
  readonly periodLengthDays: number;
}

/** What one party has outstanding in one period, of one kind. */
export interface AgedAmount {
  readonly partyId: string;
  readonly partyName: string | undefined;
  readonly currency: string | undefined;
  /** 0 for the newest; `numberOfPeriods` for all that is older than the last. */
  readonly period: number;
  /** Invoices or bills; payments that are on account reduce what is outstanding. */
  readonly kind: 'documents' | 'payments';
  /** Plain decimal. */
  readonly amount: string;
}

export interface AgedOutstandingAmount {
  /** First day; absent for all that is older than the periods. */
  readonly fromDate?: string;
  readonly toDate: string;
  readonly amount: ExactNumber;
  readonly details: readonly { readonly name: string; readonly amount: ExactNumber }[];
}

export interface AgedParty {
  readonly id: string;
  readonly name: string | undefined;
  readonly agedCurrencyOutstanding: readonly {
    readonly currency?: string;
    readonly agedOutstandingAmounts: readonly AgedOutstandingAmount[];
  }[];
}

const zero: Decimal = { unscaled: 0n, scale: 0 };

/**
 * The parties in the order in which they come, with every period of the report, newest first, and what is older where there is any.
 * @param names what the details call each kind
 */
export function agedParties(
  periods: AgedPeriods,
  amounts: readonly AgedAmount[],
  names: Readonly<Record<AgedAmount['kind'], string>>,
): AgedParty[] {
  return [...Map.groupBy(amounts, ({ partyId }) => partyId)].map(([id, ofParty]) => ({
    id,
    name: ofParty.find(({ partyName }) => partyName !== undefined)?.partyName,
    agedCurrencyOutstanding: [...Map.groupBy(ofParty, ({ currency }) => currency)].map(
      ([currency, ofCurrency]) => ({
        ...(currency === undefined ? {} : { currency }),
        agedOutstandingAmounts: outstandingAmounts(periods, ofCurrency, names),
      }),
    ),
  }));
}

function outstandingAmounts(
  periods: AgedPeriods,
  amounts: readonly AgedAmount[],
  names: Readonly<Record<AgedAmount['kind'], string>>,
): AgedOutstandingAmount[] {
  const { numberOfPeriods, periodLengthDays, reportDate } = periods;
  const byPeriod = Map.groupBy(amounts, ({ period }) => Math.min(period, numberOfPeriods));
  const count = numberOfPeriods + (byPeriod.has(numberOfPeriods) ? 1 : 0);
  return Array.from({ length: count }, (_, period) => {
    const found = byPeriod.get(period) ?? [];
    const details = (['documents', 'payments'] as const).flatMap((kind) => {
      const ofKind = found.filter((amount) => amount.kind === kind);
      return ofKind.length === 0 ? [] : [{ name: names[kind], amount: total(ofKind) }];
    });
    const from = dayBefore(reportDate, (period + 1) * periodLengthDays - 1);
    return {
      ...(period === numberOfPeriods ? {} : { fromDate: localDate(from) }),
      toDate: localDate(dayBefore(reportDate, period * periodLengthDays)),
      amount: total(found),
      details,
    };
  });
}

function total(amounts: readonly AgedAmount[]): ExactNumber {
  const sum = amounts.reduce((sofar, { amount }) => addDecimal(sofar, parseDecimal(amount)), zero);
  return sum.unscaled === 0n ? exactNumber('0') : decimalToExactNumber(sum);
}

const dayMs = 86_400_000;

function dayBefore(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - days * dayMs).toISOString().slice(0, 10);
}
