/** Payments of customers: each is for one invoice. */
import type {
  PlatformSession,
  WriteProblem,
  WriteRequest,
  Written,
  WrittenRecord,
} from '@tributary/connector-kit';
import { addDecimal, compareDecimal, type Decimal, subtractDecimal } from '@tributary/model';
import { KashFlowLookup, readAccounts, readBankCodes } from '../lookup.ts';
import { jsonOf, memberText, ownId, wireRecord } from '../raw-records.ts';
import { call } from '../soap.ts';
import { decimalOrNone } from '../wire.ts';
import type { XmlElement } from '../xml.ts';
import { refuseFor, type WriteKind } from './kind.ts';
import { markOf, withMark } from './mark.ts';
import { saleById } from './sales.ts';
import {
  amountProblems,
  dateIn,
  dateProblems,
  decimalIn,
  type Fields,
  isWireId,
  listIn,
  problem,
  refIn,
  refProblems,
  textIn,
  unknownReference,
} from './values.ts';
import { decimalWire, midnight, recordCall } from './wire-record.ts';

const ZERO: Decimal = { unscaled: 0n, scale: 0 };

export const payments: WriteKind = {
  validate: ({ record }) => ({
    errors: [
      ...dateProblems(record, 'date'),
      ...amountProblems(record, 'totalAmount', 'totalAmount'),
      ...refProblems(record, 'accountRef', 'accountRef.id'),
      ...(refIn(record, 'accountRef') === undefined
        ? [problem('accountRef', 'required', 'Name the bank account that the money went to.')]
        : []),
      ...amountsAgree(record),
      ...linkProblems(record),
    ],
    warnings: [],
  }),

  async prepare(session, request) {
    const { record } = request;
    const invoice = await invoiceOf(session, request);
    const amount = decimalIn(record, 'totalAmount') ?? ZERO;
    refuseFor([...dueProblems(invoice, amount), ...customerProblems(invoice, record)]);
    const members = {
      PayID: '0',
      PayInvoice: memberText(invoice, 'InvoiceNumber'),
      PayDate: midnight(dateIn(record, 'date') ?? ''),
      PayNote: withMark(textIn(record, 'note'), request.operationId),
      PayMethod: await methodOf(session, record),
      PayAccount: await bankAccountOf(session, record),
      PayAmount: decimalWire(amount),
    };
    return { call: recordCall('InsertInvoicePayment', 'InvoicePayment', 'Payment', members), memory: null };
  },

  async readBack(session, request, result) {
    const all = await paymentsOf(session, await invoiceOf(session, request));
    return written(
      session,
      request,
      all.find((element) => ownId(element, 'PayID') === result),
    );
  },

  async find(session, request) {
    const invoice = await saleById(session, 'invoice', linkedInvoice(request.record));
    if (invoice === undefined)
      return {
        kind: 'unknown',
        reason: 'The invoice is not at KashFlow any more, so that it cannot be told whether it was paid.',
      };
    const mark = markOf(request.operationId);
    const marked = (await paymentsOf(session, invoice)).filter((element) =>
      memberText(element, 'PayNote').endsWith(mark),
    );
    if (marked.length > 1)
      return { kind: 'unknown', reason: `KashFlow shows ${marked.length} payments with the mark ${mark}.` };
    return marked.length === 0
      ? { kind: 'absent' }
      : { kind: 'found', ...(await written(session, request, marked[0])) };
  },
};

const links = (record: Fields): Fields[] => listIn(record, 'lines').flatMap((line) => listIn(line, 'links'));
const linkedInvoice = (record: Fields): string => textIn(links(record)[0] ?? {}, 'id') ?? '';

function linkProblems(record: Fields): WriteProblem[] {
  const all = links(record);
  const [link] = all;
  const path = 'lines[0].links[0]';
  if (link === undefined || listIn(record, 'lines').length !== 1 || all.length !== 1)
    return [
      problem(
        'lines',
        'one-invoice',
        'A payment of KashFlow is for one invoice: one line with one link. Push one payment for each invoice.',
      ),
    ];
  if (textIn(link, 'type') !== 'Invoice')
    return [
      problem(
        `${path}.type`,
        'one-invoice',
        'KashFlow takes payments for invoices only: the type must be Invoice.',
      ),
    ];
  const id = textIn(link, 'id') ?? '';
  return isWireId(id) ? [] : [unknownReference(`${path}.id`, id)];
}

/** The total, its line and what is taken off the invoice are the same amount, the last one below zero. */
function amountsAgree(record: Fields): WriteProblem[] {
  const total = decimalIn(record, 'totalAmount');
  if (total === undefined) return [];
  if (total.unscaled <= 0n) return [problem('totalAmount', 'positive', 'Must be above 0.')];
  const [line = {}] = listIn(record, 'lines');
  const amount = decimalIn(line, 'amount');
  const taken = decimalIn(listIn(line, 'links')[0] ?? {}, 'amount');
  return [
    ...(amount !== undefined && compareDecimal(amount, total) !== 0
      ? [problem('lines[0].amount', 'adds-up', 'Must be the total amount.')]
      : []),
    ...(taken !== undefined && addDecimal(taken, total).unscaled !== 0n
      ? [
          problem(
            'lines[0].links[0].amount',
            'adds-up',
            'Must be the total amount below zero: it lowers what is due.',
          ),
        ]
      : []),
  ];
}

/** @throws WriteRefusedError when it is not there */
async function invoiceOf(session: PlatformSession, { record }: WriteRequest): Promise<XmlElement> {
  const id = linkedInvoice(record);
  const invoice = await saleById(session, 'invoice', id);
  if (invoice === undefined) refuseFor([unknownReference('lines[0].links[0].id', id)]);
  return invoice as XmlElement;
}

function dueProblems(invoice: XmlElement, amount: Decimal): WriteProblem[] {
  const part = (name: string): Decimal => decimalOrNone(memberText(invoice, name)) ?? ZERO;
  const due = subtractDecimal(addDecimal(part('NetAmount'), part('VATAmount')), part('AmountPaid'));
  if (compareDecimal(amount, due) <= 0) return [];
  return [
    problem('totalAmount', 'too-large', `Is more than the ${decimalWire(due)} that is due on the invoice.`),
  ];
}

/** A payment that names nobody is the invoice's customer's. */
function customerProblems(invoice: XmlElement, record: Fields): WriteProblem[] {
  const named = refIn(record, 'customerRef');
  const customer = ownId(invoice, 'CustomerID');
  if (named === undefined || named === customer) return [];
  return [problem('customerRef.id', 'other-customer', 'Is not the customer of the invoice.')];
}

/** Bank accounts have ids of their own beside those of the chart. */
async function bankAccountOf(session: PlatformSession, record: Fields): Promise<string> {
  const wanted = refIn(record, 'accountRef') ?? '';
  const bankCodes = await readBankCodes(session);
  const { accounts } = new KashFlowLookup({ accounts: await readAccounts(session) });
  const code = accounts.get(wanted)?.code;
  const [bank] = [...bankCodes].find(([, bankCode]) => bankCode === code) ?? [];
  if (bank === undefined || code === undefined)
    refuseFor([
      problem(
        'accountRef.id',
        'unknown-reference',
        'Is no bank account of the business: use one of chartOfAccounts with isBankAccount.',
      ),
    ]);
  return bank ?? '';
}

/** @throws WriteRefusedError for a method that the business does not have; without one, the first of its methods is taken */
async function methodOf(session: PlatformSession, record: Fields): Promise<string> {
  const wanted = refIn(record, 'paymentMethodRef');
  const { result } = await call(session, 'GetInvPayMethods');
  const ids = (result?.elements ?? []).flatMap((element) => ownId(element, 'MethodID') ?? []);
  const [first] = ids;
  if (wanted === undefined && first !== undefined) return first;
  if (wanted === undefined || !ids.includes(wanted))
    refuseFor([unknownReference('paymentMethodRef.id', wanted ?? 'no payment method')]);
  return wanted ?? '';
}

async function paymentsOf(session: PlatformSession, invoice: XmlElement): Promise<readonly XmlElement[]> {
  const number = memberText(invoice, 'InvoiceNumber');
  const { result } = await call(session, 'GetInvoicePayment', [['InvoiceNumber', number]], 'nothing');
  return result?.elements ?? [];
}

/** The payment, and the invoice, whose balance it changed. */
async function written(
  session: PlatformSession,
  request: WriteRequest,
  element: XmlElement | undefined,
): Promise<Written> {
  if (element === undefined) throw new Error('GetInvoicePayment does not show what was written');
  const invoice = await invoiceOf(session, request);
  const paid: WrittenRecord = {
    change: 'Modified',
    dataType: 'invoices',
    record: wireRecord(ownId(invoice, 'InvoiceDBID'), jsonOf(invoice)),
  };
  const record = wireRecord(ownId(element, 'PayID'), jsonOf(element));
  return { records: [{ change: 'Created', dataType: 'payments', record }, paid] };
}
