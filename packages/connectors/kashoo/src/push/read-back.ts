/** Written records in the forms in which pulls and the ledger bring them, and those that changed with them. */
import {
  elementsOf,
  type PlatformSession,
  type WireRecord,
  type Written,
  type WrittenRecord,
} from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';
import { readable } from '../load-lookup.ts';
import { isMoneyType } from '../mapping/accounts.ts';
import { withBalance } from '../pull.ts';
import { elementId } from '../raw-records.ts';
import * as wire from '../wire.ts';
import { idOrNone } from '../wire-values.ts';
import type { Place } from './places.ts';

/**
 * @param raw the platform's record, as it answers it
 * @throws PlatformError when what belongs to it cannot be read
 */
export async function writtenOf(
  session: PlatformSession,
  place: Place,
  change: WrittenRecord['change'],
  { id, raw }: WireRecord,
): Promise<Written> {
  const of = (dataType: DataTypeKey, record: WireRecord): WrittenRecord => ({ change, dataType, record });
  switch (place.storedAs) {
    case 'chartOfAccounts': {
      const record = await withBalance(session, { id, raw });
      const isMoney = isMoneyType(readable(wire.account, raw)?.type);
      return { records: [of('chartOfAccounts', record), ...(isMoney ? [of('bankAccounts', record)] : [])] };
    }
    case 'journalEntries':
      return { records: [of('journalEntries', { id, raw: await ledgerEntryOf(session, id, raw) })] };
    case 'payments':
      return { records: [of('payments', { id, raw }), ...(await paidBy(session, raw, 'invoices'))] };
    case 'billPayments':
      return { records: [of('billPayments', { id, raw }), ...(await paidBy(session, raw, 'bills'))] };
    default:
      return { records: [of(place.storedAs, { id, raw })] };
  }
}

/** The invoices or bills that a payment is allocated to: their balances have changed. */
async function paidBy(
  session: PlatformSession,
  raw: string,
  dataType: 'invoices' | 'bills',
): Promise<WrittenRecord[]> {
  const records: WrittenRecord[] = [];
  for (const { record } of readable(wire.payment, raw)?.allocations ?? []) {
    const id = idOrNone(record);
    if (id === undefined) continue;
    const answer = await session.request({ method: 'GET', path: wire.paths.record(id), accept: [404] });
    if (answer.status === 200)
      records.push({ change: 'Modified', dataType, record: { id, raw: answer.text } });
  }
  return records;
}

/** What an adjustment posts, as the ledger hands entries to mapping. */
async function ledgerEntryOf(session: PlatformSession, id: string, raw: string): Promise<string> {
  const adjustment = readable(wire.adjustment, raw);
  const accounts = new Set((adjustment?.lines ?? []).flatMap(({ account }) => idOrNone(account) ?? []));
  const date = adjustment?.date ?? undefined;
  const lines: { account: string; id: string; line: string }[] = [];
  for (const account of accounts) {
    const path = wire.paths.journalLines(account);
    const query = { ...wire.parameters.journalLines, startDate: date, endDate: date };
    for (let offset = 0; ; ) {
      const elements = elementsOf(
        await session.request({ method: 'GET', path, query: { ...query, offset, limit: 1000 } }),
        path,
      );
      if (elements.length === 0) break;
      offset += elements.length;
      for (const line of elements)
        if (idOrNone(readable(wire.journalLine, line)?.record) === id)
          lines.push({ account, id: elementId(line), line });
    }
  }
  // The order in which the ledger's own entries have their lines.
  lines.sort((a, b) => byNumber(a.account, b.account) || byNumber(a.id, b.id));
  const texts = lines.map(({ account, line }) => `{"account":${JSON.stringify(account)},"line":${line}}`);
  return `{"id":${JSON.stringify(id)},"lines":[${texts.join(',')}]}`;
}

function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
