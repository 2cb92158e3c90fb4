/** Both products of Kashoo against the sandbox, by the suite that every connector passes. */
import {
  describeConnectorConformance,
  type FaultTarget,
  type OAuth2PlatformUnderTest,
  startSandboxProcess,
} from '@tributary/connector-kit/conformance';
import type { DataTypeKey } from '@tributary/model';
import { createKashooConnector } from './connector.ts';

const KEYS = { clientId: 'conformance', clientSecret: 'a secret: %40&+/ü' };
const REDIRECT_URI = 'http://localhost:3000/link/callback/ksho';
const SANDBOX = new URL('../../../../apps/sandbox/src/main.ts', import.meta.url);
const MONEY_TYPES = ['BANK', 'CREDIT_CARD', 'CASH'];

/** Where a data type is listed, and how records of one type are asked for there. */
interface Listing {
  readonly path: string;
  readonly type?: string;
}

/** As the platform documents it: written anew, not taken from the connector. */
const LISTINGS: Readonly<Partial<Record<string, Listing>>> = {
  company: { path: '/users/me/businesses' },
  chartOfAccounts: { path: '/accounts' },
  bankAccounts: { path: '/accounts' },
  customers: { path: '/contacts', type: 'CUSTOMER' },
  suppliers: { path: '/contacts', type: 'VENDOR' },
  items: { path: '/items' },
  taxRates: { path: '/taxes' },
  invoices: { path: '/records/invoices' },
  bills: { path: '/records/bills' },
  payments: { path: '/records/invoicePayments' },
  billPayments: { path: '/records/billPayments' },
  transfers: { path: '/records', type: 'TRANSFER' },
};
/** Where removed records are shown only when asked for, and the connector has to ask. */
const WITH_REMOVED = /^\/(contacts|records)/;

function listingOf(dataType: DataTypeKey): Listing {
  const listing = LISTINGS[dataType];
  if (listing === undefined) throw new Error(`Tell the suite where ${dataType} are listed`);
  return listing;
}

/** The sandbox's regular expression for the requests that a fault is meant for. */
function matchOf(target: FaultTarget): string {
  if ('token' in target) return '^POST /oauth2/token';
  if ('ledgerLines' in target) return '^GET (/tsa)?/api/accounts/\\d+/journalEntries';
  if ('data' in target) return '^GET (/tsa)?/api/';
  if ('single' in target) return '^GET (/tsa)?/api/records/';
  const { path, type } = listingOf(target.listing);
  return `^GET (/tsa)?/api/.*${path}${type === undefined ? '(\\?|$)' : `\\?(.*&)?type=${type}(&|$)`}`;
}

async function startKashoo(user: string, apiPath: string): Promise<OAuth2PlatformUnderTest> {
  const sandbox = await startSandboxProcess({
    main: SANDBOX,
    environment: {
      SANDBOX_SIZE: '250',
      SANDBOX_PAGE_LIMIT: '20',
      SANDBOX_CLIENT_ID: KEYS.clientId,
      SANDBOX_CLIENT_SECRET: KEYS.clientSecret,
    },
  });
  const { origin } = sandbox;

  const consent = async (authorizeUrl: string): Promise<URL> => {
    const body = new URLSearchParams({ decision: 'allow', user });
    const { headers } = await fetch(authorizeUrl, { method: 'POST', redirect: 'manual', body });
    return new URL(headers.get('location') ?? '');
  };
  const signIn = async (): Promise<string> => {
    const parameters = {
      client_id: KEYS.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      state: 'ids',
    };
    const back = await consent(`${origin}/oauth2/authorize?${new URLSearchParams(parameters)}`);
    const credentials = Buffer.from(
      `${encodeURIComponent(KEYS.clientId)}:${encodeURIComponent(KEYS.clientSecret)}`,
    );
    const response = await fetch(`${origin}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials.toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: back.searchParams.get('code') ?? '',
        redirect_uri: REDIRECT_URI,
      }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };

  return {
    origin,
    keys: KEYS,
    redirectUri: REDIRECT_URI,
    consent,
    setFaults: (faults) =>
      sandbox.control('faults', {
        faults: faults.map(({ on, kind, times = 1, skip = 0, parameters = {} }) => ({
          match: matchOf(on),
          kind,
          times,
          skip,
          ...parameters,
        })),
      }),
    revokeAccess: () => sandbox.control('revoke', {}),
    async idsOf(dataType, businessId) {
      const below = dataType === 'company' ? '' : `/businesses/${businessId}`;
      const { path, type } = listingOf(dataType);
      const query = new URLSearchParams({
        ...(type === undefined ? {} : { type }),
        ...(WITH_REMOVED.test(path) ? { includeRemoved: 'true' } : {}),
      });
      const rows = await readRows(`${origin}${apiPath}${below}${path}?${query}`, await signIn());
      const wanted =
        dataType === 'bankAccounts' ? rows.filter(({ type }) => MONEY_TYPES.includes(type)) : rows;
      return wanted.map(({ id }) => id).filter((id) => dataType !== 'company' || id === businessId);
    },
    async ledgerLineIdsOf(businessId) {
      const accessToken = await signIn();
      const accounts = await readRows(`${origin}${apiPath}/businesses/${businessId}/accounts?`, accessToken);
      const ids: string[] = [];
      for (const { id } of accounts) {
        const lines = await readRows(`${origin}${apiPath}/accounts/${id}/journalEntries?`, accessToken);
        ids.push(...lines.map((line) => line.id));
      }
      return ids;
    },
    stop: sandbox.stop,
  };
}

interface Row {
  readonly id: string;
  readonly type: string;
}

/** All rows of a listing, numbers as they were written. Listings that are not paged repeat themselves: one round is enough. */
async function readRows(url: string, accessToken: string): Promise<Row[]> {
  const rows = new Map<string, Row>();
  for (let offset = 0; ; ) {
    const response = await fetch(`${url}&offset=${offset}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    const page = JSON.parse(await response.text(), (_name, value: unknown, { source }) =>
      typeof value === 'number' ? source : value,
    ) as Row[];
    const known = rows.size;
    for (const row of page) rows.set(row.id, row);
    if (rows.size === known) return [...rows.values()];
    offset += page.length;
  }
}

const common = {
  createConnector: ({ origin, clock, dispatcher }) =>
    createKashooConnector({
      apiUrl: `${origin}/api`,
      tsaApiUrl: `${origin}/tsa/api`,
      oauthUrl: `${origin}/oauth2`,
      authorizeUrl: `${origin}/oauth2/authorize`,
      requestsPerSecond: 10,
      requestsPerHour: undefined,
      clock,
      dispatcher,
    }),
  authorizeParameters: { response_type: 'code', scope: 'full-access' },
  pagedDataType: 'invoices',
  unknownId: '987654321',
} satisfies Omit<Parameters<typeof describeConnectorConformance>[0], 'name' | 'startPlatform'>;

describeConnectorConformance({
  ...common,
  name: 'Kashoo Classic',
  // Ids above 2^53, and names with every kind of character.
  startPlatform: () => startKashoo('1003', '/api'),
});

describeConnectorConformance({
  ...common,
  name: 'TrulySmall Accounting',
  startPlatform: () => startKashoo('1004', '/tsa/api'),
  unsupported: ['items'],
});
