import { decimalToExactNumber, type JournalEntry } from '@tributary/model';
import type { z } from 'zod';
import { decimalOrNone, type journal, textOrNone } from '../wire.ts';
import { sum, ZERO } from './amounts.ts';
import { type MappingContext, requiredDate, Unmappable } from './context.ts';
import { lineAccountRef } from './references.ts';

/** A journal: a debit is positive. Lines that do not add up to nothing are no entry. */
export function mapJournal(record: z.infer<typeof journal>, context: MappingContext): JournalEntry {
  const lines = (record.Lines ?? []).map((line) => ({ line, amount: decimalOrNone(line.Amount) ?? ZERO }));
  if (sum(lines.map(({ amount }) => amount)).unscaled !== 0n)
    throw new Unmappable('Lines: they do not add up to 0');
  return {
    id: context.id,
    description: textOrNone(record.Comment),
    postedOn: requiredDate(record.JournalDate, 'JournalDate'),
    journalLines: lines.map(({ line, amount }) => ({
      description: textOrNone(line.Comment),
      netAmount: decimalToExactNumber(amount),
      currency: context.lookup.homeCurrency,
      accountRef: lineAccountRef(line.NominalID, context),
    })),
    recordRef: { id: context.id, dataType: 'journalEntries' },
  };
}
