/** What is asked of Kashoo for each data type, page by page. */
import {
  type DataWarning,
  elementsOf,
  jsonMemberText,
  type ListedPage,
  listByOffset,
  PlatformError,
  type PlatformSession,
  type PullPage,
  type PullRequest,
  pullPageOf,
  type WireRecord,
} from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';
import { isMoneyType } from './mapping/accounts.ts';
import { byId, elementId, ownId } from './raw-records.ts';
import { parameters, paths, rawMembers, recordFilters, TRULY_SMALL_SITE } from './wire.ts';

/** The largest page that stays a few megabytes; a platform that caps it sends fewer. */
export const PAGE_LIMIT = 1000;
/**
 * Accounts cost one more request each for their balance, and a page is what is lost when the rate limit ends it:
 * pages stay small, so that even the smallest hourly budget gets through.
 */
const BALANCES_PAGE_LIMIT = 50;
/** Balances asked for at a time. */
const BALANCE_CONCURRENCY = 4;

interface RecordListing {
  readonly path: (business: string) => string;
  readonly query?: { readonly type: string };
}

const RECORD_LISTINGS: Readonly<Partial<Record<DataTypeKey, RecordListing>>> = {
  invoices: { path: paths.invoices },
  bills: { path: paths.bills },
  payments: { path: paths.invoicePayments },
  billPayments: { path: paths.billPayments },
  transfers: { path: paths.records, query: parameters.transfers },
};

/** The chosen business. @throws PlatformError when none has been chosen */
export function businessOf(session: PlatformSession): string {
  if (session.businessId === undefined)
    throw new PlatformError('unexpected', 'No business has been chosen for this connection');
  return session.businessId;
}

export async function* pull(
  session: PlatformSession,
  request: PullRequest,
): AsyncGenerator<PullPage, void, void> {
  const { dataType } = request;
  switch (dataType) {
    case 'company':
      return yield* onePage(request, () => readBusiness(session));
    case 'taxRates':
      return yield* onePage(request, () =>
        readAtOnce(session, paths.taxes(businessOf(session)), parameters.taxes),
      );
    case 'items':
      return yield* onePage(request, () => readItems(session));
    case 'chartOfAccounts':
      return yield* accountsWithBalances(session, request, () => true);
    case 'bankAccounts':
      return yield* accountsWithBalances(session, request, isMoneyType);
    case 'customers':
    case 'suppliers':
      return yield* contacts(session, request, parameters[dataType]);
    default:
      return yield* records(session, request);
  }
}

async function* records(
  session: PlatformSession,
  request: PullRequest,
): AsyncGenerator<PullPage, void, void> {
  const listing = RECORD_LISTINGS[request.dataType];
  if (listing === undefined)
    throw new PlatformError('unexpected', `Kashoo has no listing of ${request.dataType}`);
  const { path, query } = listing;
  const pages = listByOffset({
    session,
    path: path(businessOf(session)),
    query: { ...parameters.records, ...query, ...recordFilters(request) },
    limit: PAGE_LIMIT,
    checkpoint: request.checkpoint,
    ...byId,
  });
  for await (const page of pages) yield query === undefined ? pullPageOf(page) : ofType(page, query.type);
}

/** A platform that ignores the filter by type sends others too, which belong to other data types. */
function ofType(page: ListedPage, type: string): PullPage {
  return pullPageOf(page, { records: page.records.filter(({ raw }) => (rawType(raw) ?? type) === type) });
}

/** Contacts of one type. */
async function* contacts(
  session: PlatformSession,
  request: PullRequest,
  query: { readonly type: string; readonly includeRemoved: boolean },
): AsyncGenerator<PullPage, void, void> {
  const pages = listByOffset({
    session,
    path: paths.contacts(businessOf(session)),
    query,
    limit: PAGE_LIMIT,
    checkpoint: request.checkpoint,
    ...byId,
  });
  for await (const page of pages) yield ofType(page, query.type);
}

/** The record's type in upper case, as it is accepted in any. */
function rawType(raw: string): string | undefined {
  const text = jsonMemberText(raw, rawMembers.type);
  return text?.startsWith('"') === true ? text.slice(1, -1).toUpperCase() : undefined;
}

async function* accountsWithBalances(
  session: PlatformSession,
  request: PullRequest,
  isWanted: (type: string | undefined) => boolean,
): AsyncGenerator<PullPage, void, void> {
  const pages = listByOffset({
    session,
    path: paths.accounts(businessOf(session)),
    query: {},
    limit: BALANCES_PAGE_LIMIT,
    checkpoint: request.checkpoint,
    ...byId,
  });
  for await (const page of pages) {
    const wanted = page.records.filter(({ raw }) => isWanted(rawType(raw)));
    yield pullPageOf(page, { records: await withBalances(session, wanted) });
  }
}

async function withBalances(
  session: PlatformSession,
  accounts: readonly WireRecord[],
): Promise<WireRecord[]> {
  const records: WireRecord[] = [];
  for (let start = 0; start < accounts.length; start += BALANCE_CONCURRENCY) {
    const group = accounts.slice(start, start + BALANCE_CONCURRENCY);
    // Settled, not all: no request may still be under way when the failure of another ends the page.
    const answers = await Promise.allSettled(group.map((account) => withBalance(session, account)));
    for (const answer of answers) {
      if (answer.status === 'rejected') throw answer.reason;
      records.push(answer.value);
    }
  }
  return records;
}

export async function withBalance(session: PlatformSession, { id, raw }: WireRecord): Promise<WireRecord> {
  // Without an id of its own there is nothing to ask for; mapping will quarantine it.
  if (ownId(raw) === undefined) return { id, raw: `{"account":${raw}}` };
  const answer = await session.request({
    method: 'GET',
    path: paths.accountBalance(id),
    query: parameters.accountBalance,
    accept: [404],
  });
  return {
    id,
    raw: answer.status === 404 ? `{"account":${raw}}` : `{"account":${raw},"balance":${answer.text.trim()}}`,
  };
}

interface WholeListing {
  readonly records: readonly WireRecord[];
  readonly platformTimeMs: number | undefined;
  readonly warnings?: readonly DataWarning[];
}

/** A listing that is not paged: one page, and nothing more once that is committed. */
async function* onePage(
  request: PullRequest,
  read: () => Promise<WholeListing>,
): AsyncGenerator<PullPage, void, void> {
  if (request.checkpoint !== undefined) return;
  const { records, platformTimeMs, warnings = [] } = await read();
  yield { records, checkpoint: { isComplete: true }, platformTimeMs, warnings };
}

async function readAtOnce(
  session: PlatformSession,
  path: string,
  query: Readonly<Record<string, string | number | boolean>>,
): Promise<WholeListing> {
  const response = await session.request({ method: 'GET', path, query });
  return { records: distinct(elementsOf(response, path)), platformTimeMs: response.platformTimeMs };
}

/** TrulySmall has no items: it answers 404 or an empty list, which is no error but says that the data type is not there. */
async function readItems(session: PlatformSession): Promise<WholeListing> {
  const path = paths.items(businessOf(session));
  const response = await session.request({ method: 'GET', path, accept: [404] });
  const records = response.status === 404 ? [] : distinct(elementsOf(response, path));
  const isUnsupported =
    response.status === 404 || (records.length === 0 && session.info['site'] === TRULY_SMALL_SITE);
  return {
    records,
    platformTimeMs: response.platformTimeMs,
    warnings: isUnsupported
      ? [
          {
            ruleId: 'data-type-not-supported',
            message: 'This business has no items: its product does not offer them',
          },
        ]
      : [],
  };
}

async function readBusiness(session: PlatformSession): Promise<WholeListing> {
  const id = businessOf(session);
  for await (const page of listBusinesses(session)) {
    const found = page.records.find((record) => record.id === id);
    if (found !== undefined) return { records: [found], platformTimeMs: page.platformTimeMs };
  }
  throw new PlatformError(
    'notFound',
    'The business is no longer among those that the authorising user can read',
  );
}

/** Every business that the authorising user can read. */
export function listBusinesses(session: PlatformSession): AsyncGenerator<ListedPage, void, void> {
  return listByOffset({
    session,
    path: paths.businesses,
    query: {},
    limit: PAGE_LIMIT,
    checkpoint: undefined,
    ...byId,
  });
}

function distinct(elements: readonly string[]): WireRecord[] {
  const records = new Map<string, WireRecord>();
  for (const raw of elements) {
    const id = elementId(raw);
    records.set(id, { id, raw });
  }
  return [...records.values()];
}
