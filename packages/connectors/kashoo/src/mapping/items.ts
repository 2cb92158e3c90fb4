import { decimalToExactNumber, type Item } from '@tributary/model';
import type { WireItem } from '../wire.ts';
import {
  decimalOrNone,
  type Identifier,
  idOrNone,
  textOrNone,
  type WireDecimalValue,
} from '../wire-values.ts';
import type { MappingContext, SourceModified } from './context.ts';
import { accountRef, taxRateRef } from './references.ts';

/** A product or service. It is bought or sold when it has a price or an account for that. */
export function mapItem(item: WireItem, context: MappingContext, modified: SourceModified | undefined): Item {
  const buying = firstId(item.debitAccount, item.inventoryAccount, item.cogsAccount);
  const isBillItem = isUsed(item.defaultBuyRate) || buying !== undefined;
  const isInvoiceItem = isUsed(item.defaultSellRate) || idOrNone(item.creditAccount) !== undefined;
  const taxRate = isBillItem || isInvoiceItem ? taxRateRef(item.defaultTaxCode, context) : undefined;
  const side = (rate: WireDecimalValue, account: Identifier) => {
    const unitPrice = decimalOrNone(rate);
    return {
      description: textOrNone(item.description),
      unitPrice: unitPrice === undefined ? undefined : decimalToExactNumber(unitPrice),
      accountRef: accountRef(account, context),
      taxRateRef: taxRate,
    };
  };
  return {
    id: context.id,
    name: textOrNone(item.name),
    code: textOrNone(item.sku) ?? textOrNone(item.itemId),
    itemStatus: item.archived === true || item.removed === true ? 'Archived' : 'Active',
    type: typeOf(item),
    isBillItem,
    billItem: isBillItem ? side(item.defaultBuyRate, buying) : undefined,
    isInvoiceItem,
    invoiceItem: isInvoiceItem ? side(item.defaultSellRate, item.creditAccount) : undefined,
    sourceModifiedDate: modified?.text,
  };
}

function typeOf(item: WireItem): Item['type'] {
  if (item.tracked === true) return 'Inventory';
  return item.tracked === false ? 'NonInventory' : 'Unknown';
}

/** A rate of 0 is what the platform writes where nobody entered one. */
function isUsed(rate: WireDecimalValue): boolean {
  return (decimalOrNone(rate)?.unscaled ?? 0n) !== 0n;
}

function firstId(...accounts: readonly Identifier[]): string | undefined {
  for (const account of accounts) {
    const id = idOrNone(account);
    if (id !== undefined) return id;
  }
  return undefined;
}
