/** Payments of customers, by date; payments to suppliers, receipt by receipt. */
import type { PlatformSession, PullRequest, WireRecord } from '@tributary/connector-kit';
import { listByPage } from './list-by-page.ts';
import type { Pages } from './pages.ts';
import { listReceipts } from './pull-receipts.ts';
import {
  distinct,
  type JsonMember,
  jsonOf,
  memberText,
  ownId,
  recordsOf,
  wireRecord,
} from './raw-records.ts';
import { call } from './soap.ts';
import { type Period, recentPeriod, wholePeriod } from './windows.ts';
import type { XmlElement } from './xml.ts';

/** Receipts whose payments are asked for at a time. */
const CONCURRENCY = 4;
/** What mapping needs of the receipt that a payment was for. */
const RECEIPT_MEMBERS = [
  'InvoiceDBID',
  'InvoiceNumber',
  'CustomerID',
  'CustomerName',
  'CurrencyCode',
  'ExchangeRate',
  'NetAmount',
  'VATAmount',
];

export async function* pullPayments(session: PlatformSession, request: PullRequest, nowMs: number): Pages {
  const period = (request.modifiedSinceMs === undefined ? wholePeriod : recentPeriod)(
    nowMs,
    request.fromDate,
  );
  const pages = listByPage({
    what: 'payments',
    idMember: 'PayID',
    checkpoint: request.checkpoint,
    read: (page) => readPayments(session, period, page),
  });
  for await (const { elements, ...page } of pages) yield { ...page, records: recordsOf(elements, 'PayID') };
}

function readPayments(session: PlatformSession, { first, last }: Period, page: number) {
  return call(
    session,
    'GetInvoicePaymentsByDateRange',
    [
      ['StartDate', `${first}T00:00:00`],
      ['EndDate', `${last}T23:59:59`],
      ['PageNumber', page],
    ],
    'nothing',
  );
}

/** Numbers of the invoices that payments since then were for. */
export async function readPaymentsSince(
  session: PlatformSession,
  sinceMs: number,
  nowMs: number,
): Promise<Set<string>> {
  const period = wholePeriod(nowMs, new Date(sinceMs).toISOString().slice(0, 10));
  const numbers = new Set<string>();
  const pages = listByPage({
    what: 'payments',
    idMember: 'PayID',
    checkpoint: undefined,
    read: (page) => readPayments(session, period, page),
  });
  for await (const { elements } of pages) {
    for (const element of elements) {
      const number = memberText(element, 'PayInvoice');
      if (/^[1-9][0-9]*$/.test(number)) numbers.add(number);
    }
  }
  return numbers;
}

/** Between full reads only payments for receipts of the last months, and for those that are not fully paid. */
export async function* pullBillPayments(
  session: PlatformSession,
  request: PullRequest,
  nowMs: number,
): Pages {
  const { first } = recentPeriod(nowMs, undefined);
  const isWanted = (receipt: XmlElement): boolean => {
    if (!/[1-9]/.test(memberText(receipt, 'AmountPaid'))) return false;
    if (request.modifiedSinceMs === undefined) return true;
    return memberText(receipt, 'Paid') !== '1' || memberText(receipt, 'InvoiceDate') >= first;
  };
  for await (const { elements, ...page } of listReceipts(session, request.checkpoint)) {
    const paid = elements.filter(isWanted);
    const records: WireRecord[] = [];
    for (let start = 0; start < paid.length; start += CONCURRENCY) {
      // Settled, not all: no request may still be under way when the failure of another ends the page.
      const answers = await Promise.allSettled(
        paid.slice(start, start + CONCURRENCY).map((receipt) => paymentsOf(session, receipt)),
      );
      for (const answer of answers) {
        if (answer.status === 'rejected') throw answer.reason;
        records.push(...answer.value);
      }
    }
    yield { ...page, records: distinct(records) };
  }
}

async function paymentsOf(session: PlatformSession, receipt: XmlElement): Promise<WireRecord[]> {
  const number = memberText(receipt, 'InvoiceNumber');
  const { result } = await call(session, 'GetReceiptPayment', [['ReceiptNumber', number]], 'nothing');
  const shown: Record<string, JsonMember> = Object.fromEntries(
    RECEIPT_MEMBERS.map((name) => [name, memberText(receipt, name)]),
  );
  return (result?.elements ?? []).map((element) =>
    wireRecord(ownId(element, 'PayID'), { payment: jsonOf(element), receipt: shown }),
  );
}
