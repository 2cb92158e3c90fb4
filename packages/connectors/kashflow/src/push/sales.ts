/** Invoices, and bills, which KashFlow calls receipts. */
import {
  type PlatformSession,
  WriteRefusedError,
  type WriteRequest,
  type Written,
} from '@tributary/connector-kit';
import { listReceipts } from '../pull-receipts.ts';
import { jsonOf, memberText, ownId, wireRecord } from '../raw-records.ts';
import { call } from '../soap.ts';
import { isTrue } from '../wire.ts';
import type { XmlElement } from '../xml.ts';
import { foundUpdate, refuseFor, updateMemory, type WriteKind } from './kind.ts';
import { markOf, withMark } from './mark.ts';
import { readVatRates, resolveLines } from './sale-lookup.ts';
import { comparableSale, comparableSaleOf, headMembers, lineMembers, validateSale } from './sale-members.ts';
import { decimalIn, isNullRef, isWireId, problem, refIn, textIn, unknownReference } from './values.ts';
import { decimalWire, lineElement, membersOf, recordCall, type WireMembers } from './wire-record.ts';

export interface SaleWords {
  readonly dataType: 'invoices' | 'bills';
  readonly word: 'invoice' | 'bill';
  readonly partyRef: 'customerRef' | 'supplierRef';
  readonly party: 'customer' | 'supplier';
  readonly partyRead: readonly [operation: string, idMember: string];
  readonly byParty: readonly [operation: string, argument: string];
  readonly byNumber: readonly [operation: string, argument: string];
  readonly insert: readonly [operation: string, argument: string];
  readonly updateAll: readonly [operation: string, argument: string];
  readonly updateHeader: readonly [operation: string, argument: string];
  /** What the client calls the record: the number itself, or a text of its own. */
  readonly numberField: 'invoiceNumber' | undefined;
}

const INVOICE: SaleWords = {
  dataType: 'invoices',
  word: 'invoice',
  partyRef: 'customerRef',
  party: 'customer',
  partyRead: ['GetCustomerByID', 'CustomerID'],
  byParty: ['GetInvoicesForCustomer', 'CustID'],
  byNumber: ['GetInvoice', 'InvoiceNumber'],
  insert: ['InsertInvoice', 'Inv'],
  updateAll: ['UpdateInvoice', 'Inv'],
  updateHeader: ['UpdateInvoiceHeader', 'Inv'],
  numberField: 'invoiceNumber',
};
const BILL: SaleWords = {
  dataType: 'bills',
  word: 'bill',
  partyRef: 'supplierRef',
  party: 'supplier',
  partyRead: ['GetSupplierByID', 'SupplierID'],
  byParty: ['GetReceiptsForSupplier', 'SupplierID'],
  byNumber: ['GetReceipt', 'ReceiptNumber'],
  insert: ['InsertReceipt', 'Inv'],
  updateAll: ['UpdateReceipt', 'Receipt'],
  updateHeader: ['UpdateReceiptHeader', 'Receipt'],
  numberField: undefined,
};

function saleKind(words: SaleWords): WriteKind {
  const { dataType, word } = words;

  const byNumber = async (session: PlatformSession, number: string): Promise<XmlElement | undefined> => {
    if (!isWireId(number)) return undefined;
    const { result } = await call(session, words.byNumber[0], [[words.byNumber[1], number]], 'nothing');
    return result !== undefined && memberText(result, 'InvoiceNumber') === number ? result : undefined;
  };
  const ofParty = async (session: PlatformSession, party: string): Promise<readonly XmlElement[]> =>
    (await call(session, words.byParty[0], [[words.byParty[1], party]], 'nothing')).result?.elements ?? [];
  const writtenAs = (request: WriteRequest, element: XmlElement | undefined): Written => {
    if (element === undefined) throw new Error(`${words.byNumber[0]} does not show what was written`);
    const change = request.action === 'create' ? 'Created' : 'Modified';
    const record = wireRecord(ownId(element, 'InvoiceDBID'), jsonOf(element));
    return { records: [{ change, dataType, record }] };
  };
  const existingOf = (session: PlatformSession, { id = '' }: WriteRequest) =>
    saleById(session, words.word, id);

  /** @throws WriteRefusedError when something that the record refers to is not there */
  const membersFor = async (
    session: PlatformSession,
    request: WriteRequest,
    existing: XmlElement | undefined,
  ) => {
    const { record } = request;
    const party = await partyMember(session, request, existing);
    const rates = await readVatRates(session);
    const { targets, problems } = await resolveLines(session, record, existing !== undefined);
    const lines = lineMembers(record, rates, targets);
    const currency = await currencyMembers(session, request, existing);
    refuseFor([...problems, ...lines.problems]);
    return {
      head: { ...headMembers(record, request.action), ...currency, CustomerID: party },
      lines: lines.members,
    };
  };

  const partyMember = async (
    session: PlatformSession,
    { record, action }: WriteRequest,
    existing: XmlElement | undefined,
  ): Promise<string> => {
    const id = refIn(record, words.partyRef);
    const before = existing === undefined ? undefined : (ownId(existing, 'CustomerID') ?? '0');
    if (id === undefined) {
      // Nobody stays nobody: a record that was read without one is written without one.
      if (before !== undefined && (before === '0' || !isNullRef(record, words.partyRef))) return before;
      refuseFor([
        problem(
          words.partyRef,
          `${words.party}-required`,
          action === 'update'
            ? `KashFlow lets no ${word} lose its ${words.party}: name one.`
            : `KashFlow needs a ${words.party} on every ${word}: name one in ${words.partyRef}.id.`,
        ),
      ]);
    }
    const known = id ?? '';
    if (known === before) return known;
    const [operation, member] = words.partyRead;
    const { result } = await call(session, operation, [[member, known]], 'nothing');
    if (result === undefined || ownId(result, member) !== known)
      refuseFor([unknownReference(`${words.partyRef}.id`, known)]);
    return known;
  };

  return {
    validate: (request) => validateSale(request, words),

    async prepare(session, request) {
      const { record, action } = request;
      const existing = action === 'update' ? await existingOf(session, request) : undefined;
      if (action === 'update' && existing === undefined)
        throw new WriteRefusedError(`KashFlow has no ${word} with the id ${request.id}`);
      const { head, lines } = await membersFor(session, request, existing);
      if (existing === undefined) {
        const number = await freeNumber(session, request);
        const members: WireMembers = {
          ...EMPTY_SALE,
          ...head,
          InvoiceNumber: number,
          CustomerReference: withMark(textIn(record, 'reference'), request.operationId),
        };
        return {
          call: recordCall(
            ...words.insert,
            'Invoice',
            members,
            lines.map((line) => lineElement({ ...NEW_LINE, ...line })),
          ),
          memory: { party: head.CustomerID },
        };
      }
      const before = jsonOf(existing) as object;
      const members = { ...membersOf(before), ...head };
      const wanted = comparableSaleOf(head, lines);
      const memory = { ...updateMemory(before, wanted), names: Object.keys(wanted.head) };
      // Where only the header differs, lines and their ids stay as they are.
      const now = comparableSale(existing);
      if (JSON.stringify(wanted.lines) === JSON.stringify(now.lines))
        return { call: recordCall(...words.updateHeader, 'Invoice', members), memory };
      const elements = lines.map((line) => lineElement({ ...NEW_LINE, ...line }));
      return { call: recordCall(...words.updateAll, 'Invoice', members, elements), memory };
    },

    async readBack(session, request, result) {
      if (request.action === 'update') return writtenAs(request, await existingOf(session, request));
      return writtenAs(request, await byNumber(session, result ?? ''));
    },

    async find(session, request, lost) {
      if (request.action === 'update') {
        const existing = await existingOf(session, request);
        const { names = [] } = (lost.memory ?? {}) as { names?: readonly string[] };
        return foundUpdate(
          lost,
          existing,
          { before: jsonOf, wanted: (element) => comparableSale(element, names) },
          async () => writtenAs(request, existing),
        );
      }
      const mark = markOf(request.operationId);
      const party = refIn(request.record, words.partyRef) ?? '';
      const all = await ofParty(session, party);
      const marked = all.filter((element) => memberText(element, 'CustomerReference').endsWith(mark));
      if (marked.length > 1)
        return {
          kind: 'unknown',
          reason: `KashFlow shows ${marked.length} ${dataType} with the reference ${mark}.`,
        };
      const [only] = marked;
      if (only !== undefined) {
        // As a single read shows it, which is what the sync would see.
        return {
          kind: 'found',
          ...writtenAs(request, await byNumber(session, memberText(only, 'InvoiceNumber'))),
        };
      }
      return { kind: 'absent' };
    },
  };

  async function freeNumber(session: PlatformSession, { record }: WriteRequest): Promise<string> {
    const number = words.numberField === undefined ? undefined : textIn(record, words.numberField);
    if (number === undefined) return '0';
    if ((await byNumber(session, number)) !== undefined)
      refuseFor([
        problem(
          'invoiceNumber',
          'already-used',
          `KashFlow has an invoice with the number ${number}; leave it out to get the next one.`,
        ),
      ]);
    return number;
  }
}

export const invoices = saleKind(INVOICE);
export const bills = saleKind(BILL);

/** Value types that a new record has to state. */
const EMPTY_SALE = {
  InvoiceDBID: '0',
  Paid: '0',
  SuppressTotal: '0',
  ProjectID: '0',
  NetAmount: '0',
  VATAmount: '0',
  AmountPaid: '0',
  UseCustomDeliveryAddress: 'false',
} as const;
const NEW_LINE = { ProjID: '0', LineID: '0' } as const;

/**
 * The invoice or receipt of an id. Receipts can be asked for by number alone, so that they are looked for page by page.
 */
export async function saleById(
  session: PlatformSession,
  word: SaleWords['word'],
  id: string,
): Promise<XmlElement | undefined> {
  if (!isWireId(id)) return undefined;
  if (word === 'invoice') {
    const { result } = await call(session, 'GetInvoiceByID', [['InvoiceID', id]], 'nothing');
    return result !== undefined && ownId(result, 'InvoiceDBID') === id ? result : undefined;
  }
  for await (const { elements } of listReceipts(session, undefined)) {
    const found = elements.find((element) => ownId(element, 'InvoiceDBID') === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws WriteRefusedError for a currency that the business does not have, and a rate that is missing */
async function currencyMembers(
  session: PlatformSession,
  { record }: WriteRequest,
  existing: XmlElement | undefined,
): Promise<{ CurrencyCode: string; ExchangeRate: string } | Record<string, never>> {
  const wanted = textIn(record, 'currency')?.toUpperCase();
  if (wanted === undefined && existing !== undefined) return {};
  const { result } = await call(session, 'GetCurrencies');
  const rows = result?.elements ?? [];
  const home = rows.find((element) => isTrue(memberText(element, 'isDefault')));
  const homeCode = home === undefined ? undefined : memberText(home, 'CurrencyCode');
  const code = wanted ?? homeCode ?? 'GBP';
  if (!rows.some((element) => memberText(element, 'CurrencyCode').toUpperCase() === code))
    refuseFor([
      problem(
        'currency',
        'unknown-reference',
        `The business has no currency ${code} at KashFlow; add it there first.`,
      ),
    ]);
  const rate = decimalIn(record, 'currencyRate');
  if (code !== homeCode && (rate === undefined || rate.unscaled <= 0n))
    refuseFor([
      problem('currencyRate', 'required', `Name the rate: units of the business’s currency for one ${code}.`),
    ]);
  return {
    CurrencyCode: code,
    ExchangeRate: code === homeCode || rate === undefined ? '1' : decimalWire(rate),
  };
}
