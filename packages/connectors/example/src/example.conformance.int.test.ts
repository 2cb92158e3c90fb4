/** The example platform against its stand-in, by the suite that every connector passes. */
import {
  describeConnectorConformance,
  type FaultTarget,
  type OAuth2PlatformUnderTest,
  startSandboxProcess,
} from '@tributary/connector-kit/conformance';
import type { DataTypeKey } from '@tributary/model';
import { createExampleConnector } from './connector.ts';

const KEYS = { clientId: 'conformance', clientSecret: 'a secret' };
const REDIRECT_URI = 'http://localhost:3000/link/callback/xmpl';
const STAND_IN = new URL('../../../../apps/sandbox/src/example/main.fixture.ts', import.meta.url);
const LISTED: Readonly<Partial<Record<DataTypeKey, string>>> = { customers: 'clients', invoices: 'invoices' };

function matchOf(target: FaultTarget): string {
  if ('token' in target) return '^POST /oauth2/token';
  if ('listing' in target) return `^GET /example/books/\\d+/${LISTED[target.listing]}\\?`;
  if ('single' in target) return `^GET /example/books/\\d+/${LISTED[target.single]}/`;
  return 'data' in target ? '^GET /example/' : '^$';
}

async function startPlatform(): Promise<OAuth2PlatformUnderTest> {
  const sandbox = await startSandboxProcess({
    main: STAND_IN,
    environment: { SANDBOX_CLIENT_ID: KEYS.clientId, SANDBOX_CLIENT_SECRET: KEYS.clientSecret },
  });
  const { origin } = sandbox;
  const consent = async (authorizeUrl: string): Promise<URL> => {
    const body = new URLSearchParams({ decision: 'allow', user: '1001' });
    const { headers } = await fetch(authorizeUrl, { method: 'POST', redirect: 'manual', body });
    return new URL(headers.get('location') ?? '');
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
    // As many as the stand-in says of itself, told without a token.
    idsOf: async (dataType) =>
      (await (await fetch(`${origin}/example/ids/${LISTED[dataType]}`)).json()) as string[],
    stop: sandbox.stop,
  };
}

describeConnectorConformance({
  name: 'Example Books',
  startPlatform,
  createConnector: ({ origin, clock, dispatcher }) =>
    createExampleConnector({
      apiUrl: `${origin}/example`,
      oauthUrl: `${origin}/oauth2`,
      requestsPerSecond: 10,
      clock,
      dispatcher,
    }),
  authorizeParameters: { response_type: 'code', scope: 'read' },
  pagedDataType: 'invoices',
  unknownId: '987654321',
});
