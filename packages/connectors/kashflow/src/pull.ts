/** What is asked of KashFlow for each data type, page by page. */
import {
  type Clock,
  type Connector,
  type JsonValue,
  PlatformError,
  type PlatformSession,
  type PullRequest,
} from '@tributary/connector-kit';
import { type Listed, type Pages, pagesOf } from './pages.ts';
import { pullBankTransactions } from './pull-bank-transactions.ts';
import { pullInvoices } from './pull-invoices.ts';
import { pullItems } from './pull-items.ts';
import { pullBillPayments, pullPayments } from './pull-payments.ts';
import { pullReceipts } from './pull-receipts.ts';
import { pullStatements } from './pull-statements.ts';
import { jsonOf, recordsOf, wireRecord } from './raw-records.ts';
import { type Answer, call } from './soap.ts';

/** Listings that come in one answer: the operation, and the member that holds the id. */
const LISTS = {
  taxRates: ['GetVATRates', 'ID'],
  chartOfAccounts: ['GetNominalCodesExtended', 'id'],
  bankAccounts: ['GetBankAccounts', 'AccountID'],
  suppliers: ['GetSuppliers', 'SupplierID'],
  journalEntries: ['GetJournals', 'DBID'],
} as const;

export function createPull(clock: Clock): Connector['pull'] {
  return (session, request) => {
    switch (request.dataType) {
      case 'company':
        return atOnce(request, () => readCompany(session));
      case 'customers':
        return atOnce(request, () => readCustomers(session, request.modifiedSinceMs));
      case 'taxRates':
      case 'chartOfAccounts':
      case 'bankAccounts':
      case 'suppliers':
      case 'journalEntries': {
        const [operation, idMember] = LISTS[request.dataType];
        return atOnce(request, async () => listOf(await call(session, operation), idMember));
      }
      case 'items':
        return pullItems(session, request);
      case 'invoices':
      case 'creditNotes':
        return pullInvoices(session, request, clock.now());
      case 'payments':
        return pullPayments(session, request, clock.now());
      case 'bills':
      case 'billCreditNotes':
        return pullReceipts(session, request);
      case 'billPayments':
        return pullBillPayments(session, request, clock.now());
      case 'bankTransactions':
        return pullBankTransactions(session, request);
      case 'balanceSheet':
      case 'profitAndLoss':
        return pullStatements(session, request, clock.now());
      default:
        throw new PlatformError('unexpected', `KashFlow has no listing of ${request.dataType}`);
    }
  };
}

function listOf({ result, platformTimeMs }: Answer, idMember: string): Listed {
  return { records: recordsOf(result?.elements ?? [], idMember), platformTimeMs };
}

/** A listing that comes in one answer. Only its last page says that it is read: a run that dies before asks once more. */
async function* atOnce(request: PullRequest, read: () => Promise<Listed>): Pages {
  if (request.checkpoint !== undefined && isAtEnd(request.checkpoint)) return;
  yield* pagesOf(await read(), { checkpoint: { isAtEnd: false }, last: { isAtEnd: true } });
}

function isAtEnd(checkpoint: JsonValue): boolean {
  return (
    typeof checkpoint === 'object' &&
    checkpoint !== null &&
    'isAtEnd' in checkpoint &&
    checkpoint.isAtEnd === true
  );
}

/** The business's own record has no id at KashFlow: it gets the connection's. */
async function readCompany(session: PlatformSession): Promise<Listed> {
  const { result, platformTimeMs } = await call(session, 'GetCompanyDetails');
  if (result === undefined) throw new PlatformError('notFound', 'KashFlow gave no details of the business');
  const id = session.businessId;
  return { records: [wireRecord(id, { id: id ?? '', details: jsonOf(result) })], platformTimeMs };
}

async function readCustomers(session: PlatformSession, modifiedSinceMs: number | undefined): Promise<Listed> {
  const answer =
    modifiedSinceMs === undefined
      ? await call(session, 'GetCustomers')
      : await call(
          session,
          'GetCustomersModifiedSince',
          [['ModifiedSince', new Date(modifiedSinceMs).toISOString().slice(0, 19)]],
          'nothing',
        );
  return listOf(answer, 'CustomerID');
}
