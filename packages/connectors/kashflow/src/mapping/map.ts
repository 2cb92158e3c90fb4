import type { MappingOutcome, WireRecord } from '@tributary/connector-kit';
import { cleanText, type DataTypeKey, issueMessages, quickParser, validateRecord } from '@tributary/model';
import { z } from 'zod';
import type { KashFlowLookup } from '../lookup.ts';
import * as wire from '../wire.ts';
import { bankTransactionRecord, mapAccount, mapBankAccount, mapBankTransaction } from './accounts.ts';
import { companyRecord, mapCompany } from './company.ts';
import { mapCustomer, mapSupplier } from './contacts.ts';
import { createMappingContext, type MappingContext, Unmappable } from './context.ts';
import { mapProduct, mapSubProduct, mapTaxRate } from './items.ts';
import { mapJournal } from './journals.ts';
import { billPaymentRecord, mapBillPayment, mapPayment } from './payments.ts';
import { mapBill, mapBillCreditNote, mapCreditNote, mapInvoice } from './sales.ts';
import { balanceSheetRecord, mapBalanceSheet, mapProfitAndLoss, profitAndLossRecord } from './statements.ts';

/** Reads one kind of parsed record, checks it, and knows how to map it. */
type RecordMapping = (json: unknown) => {
  /** The id that the record gives itself. */
  readonly id: string | undefined;
  readonly modifiedMs: number | undefined;
  readonly map: (context: MappingContext) => object;
};

function recordMapping<Wire>(
  schema: z.ZodType<Wire>,
  idOf: (record: Wire) => string | undefined,
  map: (record: Wire, context: MappingContext) => object,
  modifiedOf: (record: Wire) => number | undefined = () => undefined,
): RecordMapping {
  const parse = quickParser(schema);
  return (json) => {
    const result = parse(json);
    if (!result.success) throw new Unmappable(issueMessages(result.error).join('; '));
    const record = result.data;
    return { id: idOf(record), modifiedMs: modifiedOf(record), map: (context) => map(record, context) };
  };
}

const { idOrNone } = wire;
const sale = (map: (record: wire.WireInvoice, context: MappingContext) => object) =>
  recordMapping(wire.invoice, (record) => idOrNone(record.InvoiceDBID), map);
const itemRecord = z.object({
  id: z.string().optional(),
  product: wire.product.optional(),
  subProduct: wire.subProduct.optional(),
});

const MAPPINGS: Readonly<Partial<Record<DataTypeKey, RecordMapping>>> = {
  company: recordMapping(companyRecord, ({ id }) => wire.textOrNone(id), mapCompany),
  taxRates: recordMapping(wire.vatRate, ({ ID }) => idOrNone(ID), mapTaxRate),
  chartOfAccounts: recordMapping(wire.nominalCode, ({ id }) => idOrNone(id), mapAccount),
  bankAccounts: recordMapping(wire.bankAccount, ({ AccountID }) => idOrNone(AccountID), mapBankAccount),
  items: recordMapping(
    itemRecord,
    ({ id, product, subProduct }) => id ?? idOrNone(product?.ProductID) ?? idOrNone(subProduct?.id),
    ({ product, subProduct }, context) => {
      if (product !== undefined) return mapProduct(product, context);
      if (subProduct !== undefined) return mapSubProduct(subProduct, context);
      throw new Unmappable('is neither product nor sub-product');
    },
  ),
  customers: recordMapping(
    wire.customer,
    ({ CustomerID }) => idOrNone(CustomerID),
    mapCustomer,
    ({ Updated }) => wire.instantOrNone(Updated),
  ),
  suppliers: recordMapping(
    wire.supplier,
    ({ SupplierID }) => idOrNone(SupplierID),
    mapSupplier,
    ({ Updated }) => wire.instantOrNone(Updated),
  ),
  invoices: sale(mapInvoice),
  creditNotes: sale(mapCreditNote),
  bills: sale(mapBill),
  billCreditNotes: sale(mapBillCreditNote),
  payments: recordMapping(wire.payment, ({ PayID }) => idOrNone(PayID), mapPayment),
  billPayments: recordMapping(billPaymentRecord, ({ payment }) => idOrNone(payment.PayID), mapBillPayment),
  bankTransactions: recordMapping(
    bankTransactionRecord,
    ({ account, transaction }) => {
      const id = idOrNone(transaction.ID);
      return id === undefined ? undefined : `${account}:${id}`;
    },
    mapBankTransaction,
  ),
  journalEntries: recordMapping(wire.journal, ({ DBID }) => idOrNone(DBID), mapJournal),
  balanceSheet: recordMapping(balanceSheetRecord, ({ month }) => month, mapBalanceSheet),
  profitAndLoss: recordMapping(profitAndLossRecord, ({ month }) => month, mapProfitAndLoss),
};

/**
 * One raw record to the unified model. Pure; never throws for bad data.
 * A record that is no JSON object, lacks its id, has a member of the wrong kind, or does not come to a valid record of the unified model
 * is quarantined with the reason.
 */
export function mapRecord(dataType: DataTypeKey, record: WireRecord, lookup: KashFlowLookup): MappingOutcome {
  try {
    return mapped(dataType, record, lookup);
  } catch (error) {
    const reason =
      error instanceof Unmappable
        ? error.message
        : `cannot be mapped: ${error instanceof Error ? error.message : 'unknown'}`;
    return { kind: 'quarantined', id: record.id, reason };
  }
}

function mapped(dataType: DataTypeKey, record: WireRecord, lookup: KashFlowLookup): MappingOutcome {
  const { json, isCleaned } = parsed(record.raw);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Unmappable('is not a record with members');
  const read = MAPPINGS[dataType];
  if (read === undefined) throw new Unmappable(`${dataType} has no records at the platform`);
  const { id, modifiedMs, map } = read(json);
  if (id === undefined) throw new Unmappable('id: is missing');
  const context = createMappingContext(id, lookup);
  if (isCleaned) context.warn('text-cleaned', 'Characters that cannot be stored were taken out of a text');
  const outcome = validateRecord(dataType, map(context));
  if (!outcome.ok) throw new Unmappable(outcome.issues.join('; '));
  return {
    kind: 'mapped',
    id,
    record: outcome.value,
    sourceModifiedAt: modifiedMs === undefined ? undefined : new Date(modifiedMs).toISOString(),
    sourceModifiedMs: modifiedMs,
    isDeleted: false,
    warnings: context.warnings,
  };
}

function parsed(raw: string): { json: unknown; isCleaned: boolean } {
  let isCleaned = false;
  try {
    // All values are texts: no number is lost by the plain parser.
    const json: unknown = JSON.parse(raw, (_name, value: unknown) => {
      if (typeof value !== 'string') return value;
      const { text, changed } = cleanText(value);
      isCleaned ||= changed;
      return text;
    });
    return { json, isCleaned };
  } catch {
    // The parser's own message quotes the record, which may be personal data.
    throw new Unmappable('is not valid JSON');
  }
}
