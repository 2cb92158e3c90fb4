import type { MappingOutcome, WireRecord } from '@tributary/connector-kit';
import {
  CUSTOMER_NOT_SPECIFIED,
  type Customer,
  centsToExactNumber,
  type DataTypeKey,
  exactNumber,
  type Invoice,
  instant,
  issueMessages,
  localDate,
  parseCleanJson,
  validateRecord,
} from '@tributary/model';
import type { z } from 'zod';
import * as wire from '../wire.ts';

const NOTHING = exactNumber('0');

/** The invoice has no lines and no tax: there is nothing to show of either. */
function mapInvoice(record: z.infer<typeof wire.invoice>): Invoice {
  const total = centsToExactNumber(BigInt(record.amount));
  return {
    id: String(record.id),
    invoiceNumber: record.number,
    customerRef: record.client ? { id: String(record.client) } : CUSTOMER_NOT_SPECIFIED,
    issueDate: localDate(record.date),
    totalTaxAmount: NOTHING,
    totalAmount: total,
    amountDue: total,
    status: 'Submitted',
    note: record.memo,
    sourceModifiedDate: instant(record.changed),
  };
}

function mapCustomer(record: z.infer<typeof wire.client>): Customer {
  return {
    id: String(record.id),
    customerName: record.name,
    status: 'Active',
    sourceModifiedDate: instant(record.changed),
  };
}

/** One raw record to the unified model. Pure; never throws for bad data. */
export function mapRecord(dataType: DataTypeKey, { id, raw }: WireRecord): MappingOutcome {
  const quarantined = (reason: string): MappingOutcome => ({ kind: 'quarantined', id, reason });
  let parsed: ReturnType<typeof parseCleanJson>;
  try {
    parsed = parseCleanJson(raw);
  } catch {
    return quarantined('is not valid JSON');
  }
  const read =
    dataType === 'customers'
      ? wire.client.transform((record) => ({ record, mapped: mapCustomer(record) as object }))
      : wire.invoice.transform((record) => ({ record, mapped: mapInvoice(record) as object }));
  const result = read.safeParse(parsed.json);
  if (!result.success) return quarantined(issueMessages(result.error).join('; '));
  const { record, mapped } = result.data;
  const outcome = validateRecord(dataType, mapped);
  if (!outcome.ok) return quarantined(outcome.issues.join('; '));
  const message = 'Characters that cannot be stored were taken out of a text';
  return {
    kind: 'mapped',
    id: String(record.id),
    record: outcome.value,
    sourceModifiedAt: new Date(record.changed).toISOString(),
    sourceModifiedMs: record.changed,
    isDeleted: false,
    warnings: parsed.isCleaned ? [{ ruleId: 'text-cleaned', itemId: id, message }] : [],
  };
}
