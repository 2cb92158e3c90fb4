import { type Json, parseJson } from '../exact/json.ts';

/** 99,999,999,999,999.99 in cents: more than 2^53, which a reader that goes through doubles does not get right. */
const HUGE_CENTS = 9_999_999_999_999_999n;
const HUGE_RATE = parseJson('99999999999999.99');

const TOTALS = ['totalBeforeTaxes', 'totalDue', 'balanceDue', 'totalLocalDue', 'amount', 'unallocatedAmount'];
const SETTLED = ['taxAmounts', 'payments', 'allocations'];
const NOTHING = ['totalPaid', 'totalPaidImmediately', 'totalPaidLater'];

type Members = Readonly<Record<string, Json | undefined>>;

/**
 * A record whose every total is the largest amount that Tributary promises to keep, and that still adds up: one line, no taxes, nothing
 * paid or allocated. Only members that the record has are changed.
 */
export function withHugeAmount(record: Members): Members {
  const changes: [string, Json][] = [
    ...TOTALS.map((name): [string, Json] => [name, HUGE_CENTS]),
    ...SETTLED.map((name): [string, Json] => [name, []]),
    ...NOTHING.map((name): [string, Json] => [name, 0n]),
    ['paid', false],
  ];
  const changed: Record<string, Json | undefined> = { ...record };
  for (const [name, value] of changes) if (record[name] !== undefined) changed[name] = value;
  const lines = record['lineItems'];
  if (Array.isArray(lines)) {
    const [line] = lines as readonly Members[];
    changed['lineItems'] = [
      { ...line, quantity: 1n, rate: HUGE_RATE, amount: HUGE_CENTS, taxCode: '' },
    ] as Json;
  }
  return changed;
}
