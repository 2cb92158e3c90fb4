/** Customers and suppliers. */
import {
  type PlatformSession,
  type WriteProblem,
  WriteRefusedError,
  type WriteRequest,
  type Written,
} from '@tributary/connector-kit';
import { jsonOf, memberText, ownId, wireRecord } from '../raw-records.ts';
import { call } from '../soap.ts';
import { instantOrNone } from '../wire.ts';
import type { XmlElement } from '../xml.ts';
import { foundUpdate, refuseFor, updateMemory, type WriteKind } from './kind.ts';
import { markOf, withMark } from './mark.ts';
import { type Fields, isWireId, listIn, problem, textIn } from './values.ts';
import { membersOf, recordCall, type WireMembers } from './wire-record.ts';

interface ContactWords {
  readonly dataType: 'customers' | 'suppliers';
  readonly type: 'Customer' | 'Supplier';
  readonly nameField: string;
  readonly idMember: string;
  readonly list: string;
  readonly single: string;
  readonly insert: readonly [operation: string, argument: string];
  readonly update: readonly [operation: string, argument: string];
  readonly postcode: string;
}

const CUSTOMER: ContactWords = {
  dataType: 'customers',
  type: 'Customer',
  nameField: 'customerName',
  idMember: 'CustomerID',
  list: 'GetCustomers',
  single: 'GetCustomerByID',
  insert: ['InsertCustomer', 'custr'],
  update: ['UpdateCustomer', 'custr'],
  postcode: 'Postcode',
};
const SUPPLIER: ContactWords = {
  dataType: 'suppliers',
  type: 'Supplier',
  nameField: 'supplierName',
  idMember: 'SupplierID',
  list: 'GetSuppliers',
  single: 'GetSupplierByID',
  insert: ['InsertSupplier', 'supl'],
  update: ['UpdateSupplier', 'sup'],
  postcode: 'PostCode',
};

/** Value types that a new record has to state; their zero means none. */
const NEW_CUSTOMER = { EC: '0', OutsideEC: '0', Source: '0', Discount: '0', ShowDiscount: 'false' } as const;

function contactKind(words: ContactWords): WriteKind {
  const { dataType, type, nameField, idMember } = words;
  const read = async (session: PlatformSession, id: string): Promise<XmlElement | undefined> => {
    if (!isWireId(id)) return undefined;
    const { result } = await call(session, words.single, [[idMember, id]], 'nothing');
    return result !== undefined && ownId(result, idMember) === id ? result : undefined;
  };
  const written = async (session: PlatformSession, request: WriteRequest, id: string): Promise<Written> => {
    const element = await read(session, id);
    if (element === undefined) throw new Error(`${words.single} does not show what was written`);
    const change = request.action === 'create' ? 'Created' : 'Modified';
    return { records: [{ change, dataType, record: wireRecord(id, jsonOf(element)) }] };
  };

  return {
    validate: ({ record, action }) => ({
      errors: nameProblems(record, nameField, action),
      warnings: addressWarnings(record, type),
    }),

    async prepare(session, request) {
      const { record } = request;
      const given = { ...membersFor(record, words), ...(await currencyMember(session, record)) };
      if (request.action === 'create') {
        const terms = await paymentTerms(session);
        const members = {
          [idMember]: '0',
          ...(type === 'Customer' ? NEW_CUSTOMER : { EC: '0' }),
          PaymentTerms: terms,
          ...given,
          Notes: withMark(undefined, request.operationId),
        };
        return { call: recordCall(words.insert[0], words.insert[1], type, members), memory: null };
      }
      const existing = await read(session, request.id ?? '');
      if (existing === undefined)
        throw new WriteRefusedError(`KashFlow has no ${type.toLowerCase()} with the id ${request.id}`);
      refuseIfChanged(existing, request);
      const before = membersOf(jsonOf(existing) as object);
      return {
        call: recordCall(words.update[0], words.update[1], type, { ...before, ...given }),
        memory: updateMemory(before, given),
      };
    },

    readBack: (session, request, result) =>
      written(session, request, request.action === 'create' ? (result ?? '') : (request.id ?? '')),

    async find(session, request, lost) {
      if (request.action === 'update') {
        const given = {
          ...membersFor(request.record, words),
          ...(await currencyMember(session, request.record)),
        };
        const id = request.id ?? '';
        return foundUpdate(
          lost,
          await read(session, id),
          {
            before: (element) => membersOf(jsonOf(element) as object),
            wanted: (element) =>
              Object.fromEntries(Object.keys(given).map((name) => [name, memberText(element, name)])),
          },
          () => written(session, request, id),
        );
      }
      const { result } = await call(session, words.list);
      const elements = result?.elements ?? [];
      const mark = markOf(request.operationId);
      const marked = elements.filter((element) => memberText(element, 'Notes').includes(mark));
      const [only] = marked.flatMap((element) => ownId(element, idMember) ?? []);
      if (only !== undefined && marked.length === 1)
        return { kind: 'found', ...(await written(session, request, only)) };
      if (marked.length > 1)
        return { kind: 'unknown', reason: `KashFlow shows ${marked.length} ${dataType} of this push.` };
      // Somebody may have emptied the notes since.
      const name = textIn(request.record, nameField);
      const alike = elements.flatMap((element) =>
        memberText(element, 'Name') === name ? (ownId(element, idMember) ?? []) : [],
      );
      const others = await lost.others(dataType, alike);
      return alike.some((id) => !others.has(id))
        ? {
            kind: 'unknown',
            reason: `A ${type.toLowerCase()} of this name appeared at KashFlow since, without the mark of this push.`,
          }
        : { kind: 'absent' };
    },
  };
}

export const customers = contactKind(CUSTOMER);
export const suppliers = contactKind(SUPPLIER);

function nameProblems(record: Fields, name: string, action: WriteRequest['action']): WriteProblem[] {
  const isMissing = record[name] === undefined || record[name] === null;
  if ((action === 'update' && isMissing) || textIn(record, name) !== undefined) return [];
  return [problem(name, 'required', 'Must not be empty.')];
}

function addressWarnings(record: Fields, type: ContactWords['type']): WriteProblem[] {
  const addresses = listIn(record, 'addresses');
  const kept = new Set([
    addressOf(record, 'Billing'),
    type === 'Customer' ? addressOf(record, 'Delivery') : undefined,
  ]);
  const lost = addresses.flatMap((address, index) =>
    kept.has(address)
      ? []
      : [
          problem(
            `addresses[${index}]`,
            'not-kept',
            'KashFlow has no place for this address; it is not written.',
          ),
        ],
  );
  const countries = addresses.flatMap((address, index) =>
    type === 'Supplier' && textIn(address, 'country') !== undefined
      ? [problem(`addresses[${index}].country`, 'not-kept', 'KashFlow keeps no country of a supplier.')]
      : [],
  );
  return [...lost, ...countries];
}

/** The address of that use; for bills, the first one when none says so. */
function addressOf(record: Fields, use: 'Billing' | 'Delivery'): Fields | undefined {
  const addresses = listIn(record, 'addresses');
  const found = addresses.find((address) => address['type'] === use);
  return (
    found ?? (use === 'Billing' ? addresses.find((address) => address['type'] !== 'Delivery') : undefined)
  );
}

/** What the client said; nothing of what it did not. */
function membersFor(record: Fields, { type, nameField, postcode }: ContactWords): Record<string, string> {
  const billing = addressOf(record, 'Billing');
  const delivery = type === 'Customer' ? addressOf(record, 'Delivery') : undefined;
  return present({
    Name: textIn(record, nameField),
    Contact: textIn(record, 'contactName'),
    Telephone: textIn(record, 'phone'),
    Email: textIn(record, 'emailAddress'),
    VATNumber: textIn(record, 'taxNumber'),
    ...(billing === undefined ? {} : lines('', billing)),
    ...(billing === undefined
      ? {}
      : {
          [postcode]: textIn(billing, 'postalCode') ?? '',
          ...(type === 'Customer' ? { CountryName: textIn(billing, 'country') ?? '' } : {}),
        }),
    ...(delivery === undefined
      ? {}
      : {
          CustHasDeliveryAddress: '1',
          ...lines('Delivery', delivery),
          DeliveryCountryName: textIn(delivery, 'country') ?? '',
          DeliveryPostcode: textIn(delivery, 'postalCode') ?? '',
        }),
  });
}

/** An address is written as a whole: a line that it lacks is empty afterwards. */
function lines(prefix: string, address: Fields): WireMembers {
  return {
    [`${prefix}Address1`]: textIn(address, 'line1') ?? '',
    [`${prefix}Address2`]: textIn(address, 'line2') ?? '',
    [`${prefix}Address3`]: textIn(address, 'city') ?? '',
    [`${prefix}Address4`]: textIn(address, 'region') ?? '',
  };
}

function present(members: WireMembers): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** @throws WriteRefusedError for a currency that the business does not have */
async function currencyMember(session: PlatformSession, record: Fields): Promise<Record<string, string>> {
  const wanted = textIn(record, 'defaultCurrency')?.toUpperCase();
  if (wanted === undefined) return {};
  const { result } = await call(session, 'GetCurrencies');
  const found = result?.elements.find(
    (element) => memberText(element, 'CurrencyCode').toUpperCase() === wanted,
  );
  const id = found && ownId(found, 'CurrencyId');
  if (id === undefined)
    refuseFor([
      problem(
        'defaultCurrency',
        'unknown-reference',
        `The business has no currency ${wanted} at KashFlow; add it there first.`,
      ),
    ]);
  return { CurrencyID: id ?? '0' };
}

/** Those of the business, in days; KashFlow's form does the same. */
async function paymentTerms(session: PlatformSession): Promise<string> {
  const { result } = await call(session, 'GetCompanyDetails');
  const days = result === undefined ? '' : memberText(result, 'PaymentTerms');
  return /^[0-9]{1,4}$/.test(days) ? days : '0';
}

function refuseIfChanged(existing: XmlElement, { expectedModifiedMs }: WriteRequest): void {
  const updatedMs = instantOrNone(memberText(existing, 'Updated'));
  if (expectedModifiedMs === undefined || updatedMs === undefined || updatedMs <= expectedModifiedMs) return;
  throw new WriteRefusedError(
    'The record was changed at KashFlow since it was read. Read it again, or push with forceUpdate to overwrite it.',
  );
}
