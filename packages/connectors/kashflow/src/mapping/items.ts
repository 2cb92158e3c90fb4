import { decimalToExactNumber, type Item, type TaxRate } from '@tributary/model';
import type { z } from 'zod';
import {
  decimalOrNone,
  idOrNone,
  isTrue,
  type product,
  type subProduct,
  textOrNone,
  type vatRate,
  type WireText,
} from '../wire.ts';
import type { MappingContext } from './context.ts';
import { accountRef, effectiveRate, lineAccountRef, taxRateRef } from './references.ts';

/** A product: a nominal code that sales are made under. */
export function mapProduct(record: z.infer<typeof product>, context: MappingContext): Item {
  const description = textOrNone(record.ProductDescription);
  return {
    id: context.id,
    name: textOrNone(record.ProductName),
    code: textOrNone(record.ProductCode)?.trim(),
    itemStatus: 'Active',
    type: typeOf(record.ManageStockLevels),
    isBillItem: false,
    isInvoiceItem: true,
    invoiceItem: {
      description,
      unitPrice: priceOf(record.ProductPrice),
      accountRef: accountRef(context.id, context),
    },
  };
}

/** A sub-product, sold under the nominal code that is its product. It can be bought when it has a wholesale price. */
export function mapSubProduct(record: z.infer<typeof subProduct>, context: MappingContext): Item {
  const description = textOrNone(record.Description);
  const parent = idOrNone(record.ParentID);
  const wholesale = decimalOrNone(record.WholesalePrice);
  const isBillItem = wholesale !== undefined && wholesale.unscaled !== 0n;
  return {
    id: context.id,
    name: textOrNone(record.Name),
    code: textOrNone(record.Code),
    itemStatus: 'Active',
    type: typeOf(record.Managed),
    isBillItem,
    billItem: isBillItem ? { description, unitPrice: decimalToExactNumber(wholesale) } : undefined,
    isInvoiceItem: true,
    invoiceItem: {
      description,
      unitPrice: priceOf(record.Price),
      accountRef: parent === undefined ? undefined : lineAccountRef(parent, context),
      taxRateRef: taxRateRef(record.VatRate, context),
    },
  };
}

function typeOf(isManaged: WireText): Item['type'] {
  if (textOrNone(isManaged) === undefined) return 'Unknown';
  return isTrue(isManaged) ? 'Inventory' : 'NonInventory';
}

function priceOf(price: WireText) {
  const decimal = decimalOrNone(price);
  return decimal === undefined ? undefined : decimalToExactNumber(decimal);
}

/** A VAT rate. Where VAT does not apply nothing is charged. */
export function mapTaxRate(record: z.infer<typeof vatRate>, context: MappingContext): TaxRate {
  const rate = decimalOrNone(record.Value);
  const charged = rate === undefined ? undefined : decimalToExactNumber(effectiveRate(rate));
  return {
    id: context.id,
    name: textOrNone(record.Name),
    status: 'Active',
    effectiveTaxRate: charged,
    totalTaxRate: charged,
  };
}
