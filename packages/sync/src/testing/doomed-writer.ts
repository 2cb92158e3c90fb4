/** A worker process that carries out writes until it is killed. Its argument is JSON. */

import { createSystemClock } from '@tributary/connector-kit';
import { createConnectors } from '@tributary/connectors';
import { createLogger } from '@tributary/logging';
import { createJobQueue, createQueueBackend } from '@tributary/queue';
import { openStore } from '@tributary/store';
import { createVault } from '@tributary/vault';
import { createCredentialService } from '../credentials.ts';
import { createPushEngine } from '../push/push-engine.ts';

export interface DoomedWriter {
  readonly databaseUrl: string;
  /** Of the sandbox. */
  readonly base: string;
  readonly leaseMs: number;
  readonly settleMs: number;
  /** One of each connection's. */
  readonly pushIds: readonly string[];
}

const { databaseUrl, base, leaseMs, settleMs, pushIds } = JSON.parse(process.argv[2] ?? '') as DoomedWriter;
const onError = () => undefined;
const store = openStore({ databaseUrl, poolSize: 8, applicationName: 'doomed', onError });
const backend = createQueueBackend({ redisUrl: undefined, pool: store.pool, onError });
const clock = createSystemClock();
const logger = createLogger({ level: 'silent', name: 'doomed' });
const connectors = createConnectors({
  kashoo: {
    apiUrl: `${base}/api`,
    trulySmallApiUrl: `${base}/tsa/api`,
    oauthUrl: `${base}/oauth2`,
    authorizeUrl: `${base}/oauth2/authorize`,
    requestsPerSecond: 1000,
    requestsPerHour: undefined,
  },
  clock,
});
const engine = createPushEngine({
  store,
  queue: createJobQueue(backend, onError),
  connectors,
  credentials: createCredentialService({
    store,
    vault: createVault([{ id: 'test', key: Buffer.alloc(32, 7) }]),
    connectors,
    deploymentKeys: new Map([['ksho', { clientId: 'sandbox', clientSecret: 'sandbox-secret' }]]),
    clock,
    logger,
  }),
  logger,
  now: clock.now,
  owner: `doomed/${process.pid}`,
  requestSync: async () => undefined,
  leaseMs,
  settleMs,
});

// As a queue would: a write that has to wait is taken up again, until this process is no more.
const never = new AbortController().signal;
await Promise.all(
  pushIds.map(async (pushId) => {
    for (;;) {
      await engine.execute(pushId, never);
      await new Promise((done) => setTimeout(done, 50));
    }
  }),
);
