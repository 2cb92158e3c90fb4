import type { Clock, Connector, PlatformSession } from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';
import { createPull } from './pull.ts';
import { isCredit, ownId } from './raw-records.ts';
import { call } from './soap.ts';

interface SingleRead {
  readonly operation: string;
  readonly argument: string;
  readonly idMember: string;
  /** Of the two kinds that share a listing, the one that belongs to the data type. */
  readonly isCredit?: boolean;
}

const INVOICE = { operation: 'GetInvoiceByID', argument: 'InvoiceID', idMember: 'InvoiceDBID' } as const;
const SINGLE_READS: Readonly<Partial<Record<DataTypeKey, SingleRead>>> = {
  customers: { operation: 'GetCustomerByID', argument: 'CustomerID', idMember: 'CustomerID' },
  suppliers: { operation: 'GetSupplierByID', argument: 'SupplierID', idMember: 'SupplierID' },
  invoices: { ...INVOICE, isCredit: false },
  creditNotes: { ...INVOICE, isCredit: true },
};

/** Asks for one record by its id; where KashFlow has no such request, it is looked for in the listing. */
export function createProbe(clock: Clock): Connector['probe'] {
  const pull = createPull(clock);
  return async (session, dataType, id) => {
    const read = SINGLE_READS[dataType];
    const isThere = read === undefined ? isListed(session, dataType, id) : isGiven(session, read, id);
    return (await isThere) ? 'present' : 'absent';
  };

  async function isListed(session: PlatformSession, dataType: DataTypeKey, id: string): Promise<boolean> {
    const request = { dataType, modifiedSinceMs: undefined, fromDate: undefined, checkpoint: undefined };
    for await (const page of pull(session, request)) {
      if (page.records.some((record) => record.id === id)) return true;
    }
    return false;
  }
}

async function isGiven(session: PlatformSession, read: SingleRead, id: string): Promise<boolean> {
  // An id that was made up for a record without one is not among the platform's.
  if (!/^[0-9]+$/.test(id)) return false;
  const { result } = await call(session, read.operation, [[read.argument, id]], 'nothing');
  if (result === undefined || ownId(result, read.idMember) !== id) return false;
  return read.isCredit === undefined || isCredit(result) === read.isCredit;
}
