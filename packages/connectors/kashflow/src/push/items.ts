/** Items: sub-products, each below a product, which is the nominal code that it is sold under. */
import {
  type PlatformSession,
  WriteRefusedError,
  type WriteRequest,
  type Written,
} from '@tributary/connector-kit';
import { rateKey } from '../lookup.ts';
import { jsonOf, memberText, ownId, wireRecord } from '../raw-records.ts';
import { call } from '../soap.ts';
import { decimalOrNone } from '../wire.ts';
import type { XmlElement } from '../xml.ts';
import { foundUpdate, refuseFor, updateMemory, type WriteKind } from './kind.ts';
import { markOf } from './mark.ts';
import { readVatRates } from './sale-lookup.ts';
import {
  amountProblems,
  decimalIn,
  type Fields,
  fieldsOf,
  isWireId,
  problem,
  refIn,
  refProblems,
  textIn,
  unknownReference,
} from './values.ts';
import { decimalWire, membersOf, recordCall, type WireMembers } from './wire-record.ts';

/** VAT does not apply. */
const NO_VAT = '-1';

export const items: WriteKind = {
  validate({ record, action }) {
    const sale = fieldsOf(record['invoiceItem']);
    const isCreate = action === 'create';
    return {
      errors: [
        ...(isCreate && textIn(record, 'name') === undefined
          ? [problem('name', 'required', 'Must not be empty.')]
          : []),
        ...(isCreate && refIn(sale, 'accountRef') === undefined
          ? [
              problem(
                'invoiceItem.accountRef',
                'required',
                'KashFlow keeps each item below a product: name the account that it is sold under.',
              ),
            ]
          : []),
        ...refProblems(sale, 'accountRef', 'invoiceItem.accountRef'),
        ...refProblems(sale, 'taxRateRef', 'invoiceItem.taxRateRef'),
        ...amountProblems(sale, 'unitPrice', 'invoiceItem.unitPrice'),
        ...amountProblems(fieldsOf(record['billItem']), 'unitPrice', 'billItem.unitPrice'),
      ],
      warnings: [],
    };
  },

  async prepare(session, request) {
    const given = await membersFor(session, request);
    if (request.action === 'create') {
      const code = codeOf(request);
      if ((await byCode(session, code)) !== undefined)
        refuseFor([
          problem('code', 'already-used', `KashFlow has an item with the code ${code}; choose another.`),
        ]);
      const members = { id: '0', Price: '0', VatRate: NO_VAT, WholesalePrice: '0', ...given, Code: code };
      return { call: recordCall('AddOrUpdateSubProduct', 'sp', 'SubProduct', members), memory: null };
    }
    const existing = await byId(session, request.id ?? '');
    if (existing === undefined)
      throw new WriteRefusedError(
        `KashFlow has no sub-product with the id ${request.id}. Products themselves are accounts, which are not written.`,
      );
    const before = membersOf(jsonOf(existing) as object);
    const members = { ...before, ...given };
    return {
      call: recordCall('AddOrUpdateSubProduct', 'sp', 'SubProduct', members),
      memory: updateMemory(before, comparable(given)),
    };
  },

  readBack: (session, request, result) =>
    written(session, request, request.action === 'create' ? (result ?? '') : ownPart(request.id ?? '')),

  async find(session, request, lost) {
    if (request.action === 'update') {
      const given = await membersFor(session, request);
      return foundUpdate(
        lost,
        await byId(session, request.id ?? ''),
        {
          before: (element) => membersOf(jsonOf(element) as object),
          wanted: (element) =>
            comparable(
              Object.fromEntries(Object.keys(given).map((name) => [name, memberText(element, name)])),
            ),
        },
        () => written(session, request, ownPart(request.id ?? '')),
      );
    }
    // No other item had the code before the write: whatever has it now was written by it.
    const found = await byCode(session, codeOf(request));
    const id = found && ownId(found, 'id');
    return id === undefined
      ? { kind: 'absent' }
      : { kind: 'found', ...(await written(session, request, id)) };
  },
};

/** Decimals by their value: KashFlow shows more places than were written. */
function comparable(members: WireMembers): WireMembers {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => {
      const decimal = ['Price', 'VatRate', 'WholesalePrice'].includes(name)
        ? decimalOrNone(value)
        : undefined;
      return [name, decimal === undefined ? value : rateKey(decimal)];
    }),
  );
}

/** Every item gets a code, by which it can be found again: the client's, or one of our own. */
const codeOf = ({ record, operationId }: WriteRequest): string =>
  textIn(record, 'code') ?? markOf(operationId);

/** An id that was joined with its product's, because a product has the same. */
const ownPart = (id: string): string => id.slice(id.indexOf(':') + 1);

async function byCode(session: PlatformSession, code: string): Promise<XmlElement | undefined> {
  const { result } = await call(session, 'GetSubProductByCode', [['ProductCode', code]], 'nothing');
  return result !== undefined && ownId(result, 'id') !== undefined ? result : undefined;
}

async function byId(session: PlatformSession, id: string): Promise<XmlElement | undefined> {
  const own = ownPart(id);
  if (!isWireId(own)) return undefined;
  const { result } = await call(session, 'GetSubProductByID', [['ProductID', own]], 'nothing');
  return result !== undefined && ownId(result, 'id') === own ? result : undefined;
}

async function productIds(session: PlatformSession): Promise<Set<string>> {
  const { result } = await call(session, 'GetProducts', [], 'nothing');
  return new Set((result?.elements ?? []).flatMap((element) => ownId(element, 'ProductID') ?? []));
}

async function written(session: PlatformSession, request: WriteRequest, own: string): Promise<Written> {
  const element = await byId(session, own);
  if (element === undefined) throw new Error('GetSubProductByID does not show what was written');
  // As listings do: where a product has the same id, the sub-product gives way.
  const id = (await productIds(session)).has(own) ? `${memberText(element, 'ParentID')}:${own}` : own;
  const record = wireRecord(id, { ...(id === own ? {} : { id }), subProduct: jsonOf(element) });
  return {
    records: [{ change: request.action === 'create' ? 'Created' : 'Modified', dataType: 'items', record }],
  };
}

/** What the client said; nothing of what it did not. */
async function membersFor(
  session: PlatformSession,
  { record }: WriteRequest,
): Promise<Record<string, string>> {
  const [sale, purchase] = [fieldsOf(record['invoiceItem']), fieldsOf(record['billItem'])];
  const parent = refIn(sale, 'accountRef');
  if (parent !== undefined && !(await productIds(session)).has(parent))
    refuseFor([
      problem(
        'invoiceItem.accountRef',
        'unknown-reference',
        `${parent} is no product of the business at KashFlow: choose an account that sales are made under.`,
      ),
    ]);
  const taxId = refIn(sale, 'taxRateRef');
  const rate = taxId === undefined ? undefined : (await readVatRates(session)).get(taxId);
  if (taxId !== undefined && rate === undefined)
    refuseFor([unknownReference('invoiceItem.taxRateRef', taxId)]);
  const members: WireMembers = {
    ParentID: parent,
    Name: textIn(record, 'name'),
    Code: textIn(record, 'code'),
    Description: textIn(sale, 'description') ?? textIn(purchase, 'description'),
    Price: priceOf(sale),
    VatRate: rate,
    WholesalePrice: priceOf(purchase),
  };
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function priceOf(side: Fields): string | undefined {
  const price = decimalIn(side, 'unitPrice');
  return price === undefined ? undefined : decimalWire(price);
}
