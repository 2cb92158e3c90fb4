import { elementsOf, jsonMemberText, type PlatformSession } from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';
import { businessOf, listBusinesses } from './pull.ts';
import { elementId } from './raw-records.ts';
import { parameters, paths, rawMembers } from './wire.ts';

/** Asks for one record by itself; taxes and the business, which have no single read, are looked for in their listing. */
export async function probe(
  session: PlatformSession,
  dataType: DataTypeKey,
  id: string,
): Promise<'present' | 'absent'> {
  switch (dataType) {
    case 'company':
      return (await isListedBusiness(session, id)) ? 'present' : 'absent';
    case 'taxRates':
      return isListedTax(session, id);
    case 'chartOfAccounts':
    case 'bankAccounts':
      return readOne(session, paths.account(id));
    case 'customers':
    case 'suppliers':
      return readOne(session, paths.contact(id));
    case 'items':
      return readOne(session, paths.item(businessOf(session), id));
    default:
      return readOne(session, paths.record(id));
  }
}

/** 403 is no denial: the user may have lost the right to read what still exists, so it is thrown like any other refusal. */
async function readOne(session: PlatformSession, path: string): Promise<'present' | 'absent'> {
  const response = await session.request({ method: 'GET', path, accept: [404] });
  return response.status === 404 || isRemoved(response.text) ? 'absent' : 'present';
}

async function isListedTax(session: PlatformSession, id: string): Promise<'present' | 'absent'> {
  const path = paths.taxes(businessOf(session));
  const response = await session.request({ method: 'GET', path, query: parameters.taxes });
  const found = elementsOf(response, path).find((raw) => elementId(raw) === id);
  return found === undefined || isRemoved(found) ? 'absent' : 'present';
}

async function isListedBusiness(session: PlatformSession, id: string): Promise<boolean> {
  for await (const page of listBusinesses(session))
    if (page.records.some((record) => record.id === id)) return true;
  return false;
}

function isRemoved(raw: string): boolean {
  return jsonMemberText(raw, rawMembers.removed) === 'true';
}
