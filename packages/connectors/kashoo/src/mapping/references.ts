import {
  ACCOUNT_NOT_SPECIFIED,
  CUSTOMER_NOT_SPECIFIED,
  decimalToExactNumber,
  type ExactNumber,
  SUPPLIER_NOT_SPECIFIED,
} from '@tributary/model';
import { type Identifier, idOrNone, textOrNone, type WireText } from '../wire-values.ts';
import type { MappingContext } from './context.ts';

/**
 * The NullId rule: a record without a contact has the id `NullId` and a name that says so, whatever `contactName` holds.
 * Source: the platform guide, "Payments and invoices without customers".
 */
export function customerRef(record: { contact?: Identifier; contactName?: WireText }): {
  id: string;
  companyName?: string;
} {
  const id = idOrNone(record.contact);
  if (id === undefined) return CUSTOMER_NOT_SPECIFIED;
  const companyName = textOrNone(record.contactName);
  return companyName === undefined ? { id } : { id, companyName };
}

/** The NullId rule for bills and bill payments. */
export function supplierRef(record: { contact?: Identifier; contactName?: WireText }): {
  id: string;
  supplierName?: string;
} {
  const id = idOrNone(record.contact);
  if (id === undefined) return SUPPLIER_NOT_SPECIFIED;
  const supplierName = textOrNone(record.contactName);
  return supplierName === undefined ? { id } : { id, supplierName };
}

/** Reference to an account by id, with its name where the chart of accounts knows it; undefined when there is none. */
export function accountRef(
  account: Identifier,
  context: MappingContext,
): { id: string; name?: string } | undefined {
  const id = idOrNone(account);
  if (id === undefined) return undefined;
  const name = context.lookup.accounts.get(id)?.name;
  return name === undefined ? { id } : { id, name };
}

/** The NullId rule for lines. */
export function lineAccountRef(account: Identifier, context: MappingContext): { id: string; name?: string } {
  return accountRef(account, context) ?? ACCOUNT_NOT_SPECIFIED;
}

export function itemRef(
  item: Identifier,
  context: MappingContext,
): { id: string; name?: string } | undefined {
  const id = idOrNone(item);
  if (id === undefined) return undefined;
  const name = context.lookup.items.get(id);
  return name === undefined ? { id } : { id, name };
}

/** Reference to a tax rate by tax code. A code that the platform does not list is its own id, with a warning. */
export function taxRateRef(
  taxCode: WireText,
  context: MappingContext,
): { id: string; name?: string; effectiveTaxRate?: ExactNumber } | undefined {
  const code = textOrNone(taxCode);
  if (code === undefined) return undefined;
  const tax = context.lookup.taxes.get(code);
  if (tax === undefined) {
    context.warn(
      'unknown-tax-code',
      `Tax code ${JSON.stringify(code.slice(0, 40))} is not among the taxes of the business`,
    );
    return { id: code };
  }
  return {
    id: tax.id,
    ...(tax.name === undefined ? {} : { name: tax.name }),
    ...(tax.effectiveRate === undefined ? {} : { effectiveTaxRate: decimalToExactNumber(tax.effectiveRate) }),
  };
}

/** Description and memo, each said once. */
export function noteOf(record: { description?: WireText; memo?: WireText }): string | undefined {
  const description = textOrNone(record.description);
  const memo = textOrNone(record.memo);
  if (description === undefined || memo === undefined || description === memo) return description ?? memo;
  return `${description}\n${memo}`;
}
