import { centsToExactNumber, type ExactNumber, exactNumber } from '@tributary/model';
import type { WireSale } from '../wire.ts';
import { centsOrNone, idOrNone } from '../wire-values.ts';
import { type MappingContext, optionalDate } from './context.ts';
import type { CurrencyFacts } from './currency.ts';

export interface PaymentAllocation {
  readonly payment: { readonly id: string | undefined; readonly paidOnDate: string | undefined };
  readonly allocation: {
    readonly currency: string | undefined;
    readonly currencyRate: ExactNumber | undefined;
    readonly allocatedOnDate: string | undefined;
    readonly totalAmount: ExactNumber | undefined;
  };
}

const ONE = exactNumber('1');

/** The payments that an invoice or bill lists, as allocations in its own currency, and the date of the last one. */
export function paymentAllocationsOf(
  record: WireSale,
  currency: CurrencyFacts,
  context: MappingContext,
): { readonly allocations: PaymentAllocation[]; readonly lastPaidOn: string | undefined } {
  let lastPaidOn: string | undefined;
  const allocations = (record.payments ?? []).map(({ payment, amount, date }): PaymentAllocation => {
    const id = idOrNone(payment);
    const paidOn = optionalDate(date, 'payments.date', context);
    const total = centsOrNone(amount);
    if (paidOn !== undefined && (lastPaidOn === undefined || paidOn > lastPaidOn)) lastPaidOn = paidOn;
    return {
      payment: { id, paidOnDate: paidOn },
      allocation: {
        currency: currency.currency,
        // The rate of the day of payment is not part of the record; at home it can only be 1.
        currencyRate: currency.isHome ? ONE : undefined,
        allocatedOnDate: paidOn,
        totalAmount: total === undefined ? undefined : centsToExactNumber(total),
      },
    };
  });
  return { allocations, lastPaidOn };
}
