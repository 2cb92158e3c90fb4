import type { DataWarning, MappingOutcome, WireRecord } from '@tributary/connector-kit';
import {
  type DataTypeKey,
  issueMessages,
  parseCleanJson,
  quickParser,
  validateRecord,
} from '@tributary/model';
import type { z } from 'zod';
import type { KashooLookup } from '../lookup.ts';
import * as wire from '../wire.ts';
import { centsOrNone, type Identifier, idOrNone, type Moment } from '../wire-values.ts';
import { type AccountWithBalance, mapAccount, mapBankAccount } from './accounts.ts';
import { mapBill } from './bills.ts';
import { mapCompany } from './company.ts';
import { mapCustomer, mapSupplier } from './contacts.ts';
import {
  createMappingContext,
  type MappingContext,
  type SourceModified,
  sourceModified,
  Unmappable,
} from './context.ts';
import { mapInvoice } from './invoices.ts';
import { mapItem } from './items.ts';
import {
  ledgerEntry,
  ledgerJournal,
  ledgerTransaction,
  mapAccountTransaction,
  mapJournal,
  mapJournalEntry,
} from './journals.ts';
import { mapBillPayment, mapPayment } from './payments.ts';
import { mapTaxRate } from './tax-rates.ts';
import { mapTransfer } from './transfers.ts';

/** Members that every kind of record has, as far as mapping in general is concerned. */
interface Spine {
  readonly id?: Identifier;
  readonly removed?: boolean | null | undefined;
  readonly lastModified?: Moment;
}

/** Reads one kind of parsed record, checks it, and knows how to map it. */
interface RecordMapping {
  read(json: unknown): {
    readonly spine: Spine;
    map(context: MappingContext, modified: SourceModified | undefined): object;
  };
}

function recordMapping<Wire extends Spine>(
  schema: z.ZodType<Wire>,
  map: (record: Wire, context: MappingContext, modified: SourceModified | undefined) => object,
): RecordMapping {
  const parse = quickParser(schema);
  return {
    read(json) {
      const record = checked(parse, json);
      return { spine: record, map: (context, modified) => map(record, context, modified) };
    },
  };
}

/** Accounts are kept together with the answer to the request for their balance: `{"account":…,"balance":…}`. */
function accountMapping(
  map: (record: AccountWithBalance, context: MappingContext, modified: SourceModified | undefined) => object,
): RecordMapping {
  const parseAccount = quickParser(wire.account);
  const parseBalance = quickParser(wire.accountBalance);
  return {
    read(json) {
      const parts: { account?: unknown; balance?: unknown } =
        typeof json === 'object' && json !== null ? json : {};
      const account = checked(parseAccount, parts.account);
      const balance = parseBalance(parts.balance);
      const cents = balance.success ? centsOrNone(balance.data.balance) : undefined;
      return {
        spine: account,
        map: (context, modified) => map({ account, balance: cents }, context, modified),
      };
    },
  };
}

function checked<Value>(parse: (json: unknown) => z.ZodSafeParseResult<Value>, json: unknown): Value {
  const result = parse(json);
  if (result.success) return result.data;
  throw new Unmappable(issueMessages(result.error).join('; '));
}

const MAPPINGS: Readonly<Partial<Record<DataTypeKey, RecordMapping>>> = {
  company: recordMapping(wire.business, mapCompany),
  chartOfAccounts: accountMapping(mapAccount),
  bankAccounts: accountMapping(mapBankAccount),
  customers: recordMapping(wire.contact, mapCustomer),
  suppliers: recordMapping(wire.contact, mapSupplier),
  invoices: recordMapping(wire.sale, mapInvoice),
  bills: recordMapping(wire.sale, mapBill),
  payments: recordMapping(wire.payment, mapPayment),
  billPayments: recordMapping(wire.payment, mapBillPayment),
  items: recordMapping(wire.item, mapItem),
  taxRates: recordMapping(wire.tax, mapTaxRate),
  transfers: recordMapping(wire.transfer, mapTransfer),
  journalEntries: recordMapping(ledgerEntry, mapJournalEntry),
  journals: recordMapping(ledgerJournal, mapJournal),
  accountTransactions: recordMapping(ledgerTransaction, mapAccountTransaction),
};

/**
 * One raw record to the unified model. Pure; never throws for bad data.
 * A record that is no JSON object, lacks its id, has a member of the wrong kind, or does not come to a valid record of the unified model
 * is quarantined with the reason.
 */
export function mapRecord(dataType: DataTypeKey, record: WireRecord, lookup: KashooLookup): MappingOutcome {
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

function mapped(dataType: DataTypeKey, record: WireRecord, lookup: KashooLookup): MappingOutcome {
  const { json, isCleaned } = parsed(record.raw);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Unmappable('is not a JSON object');
  const mapping = MAPPINGS[dataType];
  if (mapping === undefined) throw new Unmappable(`${dataType} has no records at the platform`);
  const { spine, map } = mapping.read(json);
  const id = idOrNone(spine.id);
  if (id === undefined) throw new Unmappable('id: is missing');
  const context = createMappingContext(id, lookup);
  if (isCleaned) context.warn('text-cleaned', 'Characters that cannot be stored were taken out of a text');
  const modified = sourceModified(spine.lastModified, context);
  const outcome = validateRecord(dataType, map(context, modified));
  if (!outcome.ok) throw new Unmappable(outcome.issues.join('; '));
  return {
    kind: 'mapped',
    id,
    record: outcome.value,
    sourceModifiedAt: modified?.text,
    sourceModifiedMs: modified?.ms,
    isDeleted: spine.removed === true,
    warnings: context.warnings satisfies readonly DataWarning[],
  };
}

function parsed(raw: string): { json: unknown; isCleaned: boolean } {
  try {
    return parseCleanJson(raw);
  } catch {
    // The parser's own message quotes the record, which may be personal data.
    throw new Unmappable('is not valid JSON');
  }
}
