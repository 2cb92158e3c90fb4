import { centsToExactNumber, type Transfer } from '@tributary/model';
import type { WireTransfer } from '../wire.ts';
import { centsOrNone, type Identifier, idOrNone } from '../wire-values.ts';
import { type MappingContext, requiredDate, type SourceModified } from './context.ts';
import { currencyOf } from './currency.ts';
import { noteOf } from './references.ts';

/** A TRANSFER record. It tells one amount, in the record's currency, for both sides. */
export function mapTransfer(
  record: WireTransfer,
  context: MappingContext,
  modified: SourceModified | undefined,
): Transfer {
  const { currency } = currencyOf(record, context);
  const cents = centsOrNone(record.amount);
  const amount = cents === undefined ? undefined : centsToExactNumber(cents);
  return {
    id: context.id,
    description: noteOf(record),
    date: requiredDate(record.date, 'date'),
    from: { accountRef: moneyAccountRef(record.fromAccount, context), currency, amount },
    to: { accountRef: moneyAccountRef(record.toAccount, context), currency, amount },
    // The platform does not tell what has been reconciled.
    status: record.removed === true ? 'Void' : undefined,
    sourceModifiedDate: modified?.text,
  };
}

function moneyAccountRef(
  account: Identifier,
  context: MappingContext,
): { id: string; dataType: string } | undefined {
  const id = idOrNone(account);
  if (id === undefined) return undefined;
  const isMoney = context.lookup.accounts.get(id)?.isMoney === true;
  return { id, dataType: isMoney ? 'bankAccounts' : 'chartOfAccounts' };
}
