/** How a payment is spread over the records that it pays, in whole cents. */
import { NULL_ID } from '@tributary/model';
import type { WirePayment } from '../wire.ts';
import { centsOrNone, idOrNone } from '../wire-values.ts';
import type { MappingContext } from './context.ts';
import { divideRounded, indexOfLargest, sum } from './rounding.ts';

export interface PaymentPart {
  /** What the part takes of the payment, in the payment's currency. */
  readonly amount: bigint;
  /** What it settles of the linked record, in that record's currency. */
  readonly linkedAmount: bigint;
  /** Undefined for the part that pays no record. */
  readonly recordId: string | undefined;
}

/**
 * One part per allocation and one for what is left; their amounts add up to the payment.
 *
 * Allocations are in the currency of the record they pay. Where they and the unallocated rest do not add up to the payment, that is the
 * reason: then each takes its proportional share of what was allocated, the remainder of rounding on the largest, with a warning.
 */
export function paymentParts(
  record: WirePayment,
  context: MappingContext,
): { readonly total: bigint; readonly parts: readonly PaymentPart[] } {
  const allocations = (record.allocations ?? []).map(({ record: paid, amount }) => ({
    recordId: idOrNone(paid),
    linkedAmount: centsOrNone(amount) ?? 0n,
  }));
  const linkedTotal = sum(allocations.map(({ linkedAmount }) => linkedAmount));
  const stated = centsOrNone(record.amount);
  const unallocated = centsOrNone(record.unallocatedAmount);
  const total = stated ?? linkedTotal + (unallocated ?? 0n);
  const spread = spreadOver(allocations, {
    allocated: total - (unallocated ?? total - linkedTotal),
    linkedTotal,
    context,
  });
  const rest = total - sum(spread.map(({ amount }) => amount));
  return {
    total,
    parts: rest === 0n ? spread : [...spread, { amount: rest, linkedAmount: rest, recordId: undefined }],
  };
}

function spreadOver(
  allocations: readonly { readonly recordId: string | undefined; readonly linkedAmount: bigint }[],
  shares: { readonly allocated: bigint; readonly linkedTotal: bigint; readonly context: MappingContext },
): PaymentPart[] {
  const { allocated, linkedTotal } = shares;
  if (allocated === linkedTotal || linkedTotal === 0n) {
    return allocations.map((allocation) => ({ ...allocation, amount: allocation.linkedAmount }));
  }
  shares.context.warn(
    'allocations-differ-from-payment',
    'What the payment allocates is not what it is worth; its lines share it in proportion',
  );
  const amounts = allocations.map(({ linkedAmount }) => divideRounded(linkedAmount * allocated, linkedTotal));
  const largest = indexOfLargest(amounts, () => true);
  amounts[largest] = (amounts[largest] ?? 0n) + allocated - sum(amounts);
  return allocations.map((allocation, index) => ({ ...allocation, amount: amounts[index] ?? 0n }));
}

/** The customer or supplier of an amount that pays no record, or `NullId`. */
export function payerId(record: WirePayment): string {
  return idOrNone(record.contact) ?? NULL_ID;
}
