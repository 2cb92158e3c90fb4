/** One of several processes that call the platform with one connection's tokens until the time is up; run by the race test. */
import { createSystemClock } from '@tributary/connector-kit';
import { createConnectors } from '@tributary/connectors';
import { createLogger } from '@tributary/logging';
import { openStore } from '@tributary/store';
import { createVault } from '@tributary/vault';
import { createCredentialService } from '../credentials.ts';

interface Assignment {
  readonly databaseUrl: string;
  readonly base: string;
  readonly seconds: number;
  readonly connection: { id: string; clientId: string; companyId: string; platformKey: string };
}

const { databaseUrl, base, seconds, connection } = JSON.parse(process.argv[2] ?? '') as Assignment;
const store = openStore({
  databaseUrl,
  poolSize: 3,
  applicationName: 'token-client',
  onError: () => undefined,
});
const clock = createSystemClock();
const credentials = createCredentialService({
  store,
  vault: createVault([{ id: 'test', key: Buffer.alloc(32, 7) }]),
  connectors: createConnectors({
    kashoo: {
      apiUrl: `${base}/api`,
      trulySmallApiUrl: `${base}/tsa/api`,
      oauthUrl: `${base}/oauth2`,
      authorizeUrl: `${base}/oauth2/authorize`,
      requestsPerSecond: 1000,
      requestsPerHour: undefined,
    },
    clock,
  }),
  deploymentKeys: new Map([['ksho', { clientId: 'sandbox', clientSecret: 'sandbox-secret' }]]),
  clock,
  logger: createLogger({ level: 'silent', name: 'token-client' }),
});
const session = await credentials.openSession(connection, { id: undefined, info: {} });
const errors: string[] = [];
let calls = 0;
for (const endMs = clock.now() + seconds * 1000; clock.now() < endMs; ) {
  try {
    await session.request({ method: 'GET', path: '/users/me' });
    calls += 1;
  } catch (error) {
    errors.push(error instanceof Error ? error.message : String(error));
  }
  await clock.sleep(20);
}
await store.close();
process.stdout.write(JSON.stringify({ calls, errors }));
