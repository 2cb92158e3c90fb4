/**
 * Journal entries, journals and account transactions from lines of the ledger, in the forms in which the engine hands them over
 * (see `LedgerReader` of the connector kit).
 */
import {
  type AccountTransaction,
  centsToExactNumber,
  decimalText,
  exactNumber,
  type Journal,
  type JournalEntry,
  type PostingDataType,
} from '@tributary/model';
import { z } from 'zod';
import { journalLine, type WireJournalLine } from '../wire.ts';
import { centsOrNone, identifier, idOrNone, textOrNone } from '../wire-values.ts';
import { type MappingContext, requiredDate, Unmappable } from './context.ts';
import { lineAccountRef } from './references.ts';

const entryLine = z.object({ account: identifier, line: journalLine });

export const ledgerEntry = z.object({ id: identifier, lines: z.array(entryLine).min(1) });
export const ledgerTransaction = entryLine.extend({ id: identifier });
export const ledgerJournal = z.object({ id: identifier });

type LedgerEntry = z.infer<typeof ledgerEntry>;
type LedgerTransaction = z.infer<typeof ledgerTransaction>;

interface RecordType {
  readonly journal: string;
  /** Absent: the published names have none for it. */
  readonly dataType?: PostingDataType;
  /** What a contact of the record is. */
  readonly party?: 'customers' | 'suppliers';
}

/** The record types that post, upper case. */
const RECORD_TYPES: ReadonlyMap<string, RecordType> = new Map([
  ['INVOICE', { journal: 'Invoices', dataType: 'invoices', party: 'customers' }],
  ['BILL', { journal: 'Bills', dataType: 'bills', party: 'suppliers' }],
  ['INVOICE_PAYMENT', { journal: 'Invoice payments', dataType: 'payments', party: 'customers' }],
  ['BILL_PAYMENT', { journal: 'Bill payments', dataType: 'billPayments', party: 'suppliers' }],
  ['TRANSFER', { journal: 'Transfers', dataType: 'transfers' }],
  ['ADJUSTMENT', { journal: 'Adjustments' }],
  ['YEAR_END_ADJUSTMENT', { journal: 'Year-end adjustments' }],
  ['OPENING_BALANCE', { journal: 'Opening balances' }],
]);

/** The record type of a line as journals are named by it; `UNKNOWN` when the line has none. */
export function recordTypeOf(line: WireJournalLine): string {
  return textOrNone(line.recordType)?.trim().toUpperCase() ?? 'UNKNOWN';
}

/** Debit less credit, in home currency. */
export function centsOf(line: WireJournalLine): bigint {
  return (centsOrNone(line.debit) ?? 0n) - (centsOrNone(line.credit) ?? 0n);
}

/** What one record posts, by account. Lines that do not add up to nothing are no entry. */
export function mapJournalEntry({ lines }: LedgerEntry, context: MappingContext): JournalEntry {
  const total = lines.reduce((sum, { line }) => sum + centsOf(line), 0n);
  if (total !== 0n)
    throw new Unmappable(`lines: they add up to ${decimalText(centsToExactNumber(total))}, not to 0`);
  const [first] = lines;
  const type = first === undefined ? 'UNKNOWN' : recordTypeOf(first.line);
  const known = RECORD_TYPES.get(type);
  if (known === undefined) {
    context.warn('unknown-record-type', `Record type ${JSON.stringify(type.slice(0, 40))} is not known`);
  }
  return {
    id: context.id,
    description: lines.map(({ line }) => textOrNone(line.memo)).find((memo) => memo !== undefined),
    postedOn: requiredDate(first?.line.date, 'date'),
    journalRef: { id: type, name: known?.journal ?? type },
    journalLines: lines.map(({ account, line }) => ({
      description: textOrNone(line.memo),
      netAmount: centsToExactNumber(centsOf(line)),
      currency: textOrNone(line.currency) ?? context.lookup.homeCurrency,
      accountRef: lineAccountRef(account, context),
      contactRef: contactRef(line, known),
    })),
    recordRef: recordRef(context.id, known),
  };
}

/** The book into which the entries of one record type go. */
export function mapJournal(_record: object, context: MappingContext): Journal {
  const { id } = context;
  return {
    id,
    journalCode: id,
    name: RECORD_TYPES.get(id)?.journal ?? id,
    type: id,
    hasChildren: false,
    status: 'Active',
  };
}

/** One line of a bank account. */
export function mapAccountTransaction(
  { account, line }: LedgerTransaction,
  context: MappingContext,
): AccountTransaction {
  const amount = centsToExactNumber(centsOf(line));
  const memo = textOrNone(line.memo);
  const recordId = idOrNone(line.record);
  const home = context.lookup.homeCurrency;
  const currency = textOrNone(line.currency) ?? home;
  const known = RECORD_TYPES.get(recordTypeOf(line));
  return {
    id: context.id,
    transactionId: recordId,
    note: memo,
    bankAccountRef: lineAccountRef(account, context),
    date: requiredDate(line.date, 'date'),
    currency,
    currencyRate: currency !== undefined && currency === home ? exactNumber('1') : undefined,
    lines: [
      {
        description: memo,
        recordRef: recordId === undefined ? undefined : recordRef(recordId, known),
        amount,
      },
    ],
    totalAmount: amount,
  };
}

function recordRef(
  id: string,
  type: RecordType | undefined,
): { id: string; dataType: PostingDataType } | undefined {
  return type?.dataType === undefined ? undefined : { id, dataType: type.dataType };
}

function contactRef(
  line: WireJournalLine,
  type: RecordType | undefined,
): { id: string; dataType?: 'customers' | 'suppliers' } | undefined {
  const id = idOrNone(line.contact);
  if (id === undefined) return undefined;
  return type?.party === undefined ? { id } : { id, dataType: type.party };
}
