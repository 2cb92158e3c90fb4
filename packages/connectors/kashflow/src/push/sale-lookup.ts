/** What lines of invoices and receipts refer to, asked of KashFlow before anything is sent. */
import type { PlatformSession, WriteProblem } from '@tributary/connector-kit';
import { memberText, ownId } from '../raw-records.ts';
import { call } from '../soap.ts';
import { type Fields, isWireId, listIn, problem, refIn, unknownReference } from './values.ts';

/** Where a line is sold or bought under. `0`: none. */
export interface LineTarget {
  readonly ChargeType: string;
  readonly ProductID: string;
}

/** Percentages by the id of the rate, as KashFlow writes them; -1 where VAT does not apply. */
export async function readVatRates(session: PlatformSession): Promise<Map<string, string>> {
  const { result } = await call(session, 'GetVATRates', [], 'nothing');
  return new Map(
    (result?.elements ?? []).flatMap((element) => {
      const id = ownId(element, 'ID');
      const value = memberText(element, 'Value');
      return id === undefined || value === '' ? [] : [[id, value] as const];
    }),
  );
}

async function idsOf(session: PlatformSession, operation: string, member: string): Promise<Set<string>> {
  const { result } = await call(session, operation, [], 'nothing');
  return new Set((result?.elements ?? []).flatMap((element) => ownId(element, member) ?? []));
}

/**
 * Where each line belongs: the item that it names, else the default item, else its account.
 * An item is a sub-product, or a product, which is a nominal code of its own.
 * @param mayLackAccount lines of an existing invoice may have none, as the books had it
 */
export async function resolveLines(
  session: PlatformSession,
  record: Fields,
  mayLackAccount: boolean,
): Promise<{ targets: LineTarget[]; problems: WriteProblem[] }> {
  const lines = listIn(record, 'lineItems');
  const fallback = refIn(record, 'defaultItemRef');
  const named = lines.flatMap((line) => refIn(line, 'itemRef') ?? []);
  const found = await readItems(session, new Set(fallback === undefined ? named : [...named, fallback]));
  const accounts = await idsOf(session, 'GetNominalCodesExtended', 'id');
  const problems: WriteProblem[] = [];
  const byDefault = fallback === undefined ? undefined : found.get(fallback);
  if (fallback !== undefined && byDefault === undefined)
    problems.push(unknownReference('defaultItemRef', fallback));
  const targets = lines.map((line, index): LineTarget => {
    const path = `lineItems[${index}]`;
    const [item, account] = [refIn(line, 'itemRef'), refIn(line, 'accountRef')];
    if (account !== undefined && !accounts.has(account))
      problems.push(unknownReference(`${path}.accountRef`, account));
    const target = item === undefined ? undefined : (found.get(item) ?? byDefault);
    if (item !== undefined && target === undefined) problems.push(unknownReference(`${path}.itemRef`, item));
    const chosen = target ?? (account === undefined ? byDefault : undefined);
    if (chosen === undefined && item === undefined && account === undefined && !mayLackAccount)
      problems.push(
        problem(
          path,
          'account-required',
          'Name an item or an account of the line, or a default item for lines without.',
        ),
      );
    return { ChargeType: account ?? chosen?.ChargeType ?? '0', ProductID: chosen?.ProductID ?? '0' };
  });
  return { targets, problems };
}

/** Those of the items that are there. */
async function readItems(
  session: PlatformSession,
  ids: ReadonlySet<string>,
): Promise<Map<string, LineTarget>> {
  const found = new Map<string, LineTarget>();
  if (ids.size === 0) return found;
  const products = await idsOf(session, 'GetProducts', 'ProductID');
  for (const id of ids) {
    const own = id.slice(id.indexOf(':') + 1);
    if (id === own && products.has(id)) found.set(id, { ChargeType: id, ProductID: '0' });
    else if (isWireId(own)) {
      const { result } = await call(session, 'GetSubProductByID', [['ProductID', own]], 'nothing');
      if (result === undefined || ownId(result, 'id') !== own) continue;
      found.set(id, { ChargeType: ownId(result, 'ParentID') ?? '0', ProductID: own });
    }
  }
  return found;
}
