import {
  ACCOUNT_NOT_SPECIFIED,
  type Decimal,
  decimalToExactNumber,
  type ExactNumber,
} from '@tributary/model';
import { rateKey } from '../lookup.ts';
import { decimalOrNone, idOrNone, type WireText } from '../wire.ts';
import type { MappingContext } from './context.ts';

const ZERO: Decimal = { unscaled: 0n, scale: 0 };

/** The NullId rule for lines; a nominal code by its id, with its name where the chart knows it. */
export function lineAccountRef(id: WireText, context: MappingContext): { id: string; name?: string } {
  const account = idOrNone(id);
  return account === undefined ? ACCOUNT_NOT_SPECIFIED : accountRef(account, context);
}

export function accountRef(id: string, context: MappingContext): { id: string; name?: string } {
  const name = context.lookup.accounts.get(id)?.name;
  return name === undefined ? { id } : { id, name };
}

/**
 * The account of the chart behind a bank account, which has an id of its own; undefined when there is none, or it is not in the chart.
 */
export function bankAccountRef(
  bankAccount: WireText,
  context: MappingContext,
): { id: string; name?: string } | undefined {
  const bankId = idOrNone(bankAccount);
  const code = bankId === undefined ? undefined : context.lookup.bankCodes.get(bankId);
  const id = code === undefined ? undefined : context.lookup.accountIdByCode.get(code);
  return id === undefined ? undefined : accountRef(id, context);
}

/** The VAT rate of that percentage; undefined when the business has none. -1 means that VAT does not apply. */
export function taxRateRef(
  percentage: WireText,
  context: MappingContext,
): { id: string; name?: string; effectiveTaxRate?: ExactNumber } | undefined {
  const rate = decimalOrNone(percentage);
  const tax = rate && context.lookup.taxes.get(rateKey(rate));
  if (rate === undefined || tax === undefined) return undefined;
  return {
    id: tax.id,
    ...(tax.name === undefined ? {} : { name: tax.name }),
    effectiveTaxRate: decimalToExactNumber(effectiveRate(rate)),
  };
}

/** What is charged: nothing where VAT does not apply. */
export function effectiveRate(rate: Decimal): Decimal {
  return rate.unscaled < 0n ? ZERO : rate;
}
