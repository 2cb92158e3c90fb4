/** A worker process that kills itself with SIGKILL just before its nth statement that matches; run by the takeover test. */
import { createSystemClock } from '@tributary/connector-kit';
import { createConnectors } from '@tributary/connectors';
import { createLogger } from '@tributary/logging';
import { createJobQueue, createQueueBackend } from '@tributary/queue';
import { openStore } from '@tributary/store';
import { createVault } from '@tributary/vault';
import pg from 'pg';
import { createCredentialService } from '../credentials.ts';
import { createSyncEngine } from '../run/engine.ts';

interface Doom {
  readonly databaseUrl: string;
  readonly base: string;
  readonly runId: string;
  /** Regular expression on the statement. */
  readonly before: string;
  readonly nth: number;
}

const doom = JSON.parse(process.argv[2] ?? '') as Doom;
const pattern = new RegExp(doom.before);
let left = doom.nth;
const query = pg.Client.prototype.query as (...parameters: unknown[]) => unknown;
Object.assign(pg.Client.prototype, {
  query(this: pg.Client, ...parameters: unknown[]) {
    const [first] = parameters;
    const text = typeof first === 'string' ? first : String((first as { text?: unknown } | null)?.text ?? '');
    if (pattern.test(text)) {
      left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
    }
    return query.apply(this, parameters);
  },
});

const onError = (error: Error) => void process.stderr.write(`${error.message}\n`);
const store = openStore({ databaseUrl: doom.databaseUrl, poolSize: 5, applicationName: 'doomed', onError });
const backend = createQueueBackend({ redisUrl: undefined, pool: store.pool, onError });
const clock = createSystemClock();
const logger = createLogger({ level: 'silent', name: 'doomed' });
const connectors = createConnectors({
  kashoo: {
    apiUrl: `${doom.base}/api`,
    trulySmallApiUrl: `${doom.base}/tsa/api`,
    oauthUrl: `${doom.base}/oauth2`,
    authorizeUrl: `${doom.base}/oauth2/authorize`,
    requestsPerSecond: 1000,
    requestsPerHour: undefined,
  },
  clock,
});
const credentials = createCredentialService({
  store,
  vault: createVault([{ id: 'test', key: Buffer.alloc(32, 7) }]),
  connectors,
  deploymentKeys: new Map([['ksho', { clientId: 'sandbox', clientSecret: 'sandbox-secret' }]]),
  clock,
  logger,
});
const engine = createSyncEngine({
  store,
  queue: createJobQueue(backend, onError),
  connectors,
  credentials,
  logger,
  now: clock.now,
  owner: 'doomed',
  admit: async () => undefined,
  deletionBrakePercent: 20,
});
await engine.execute(doom.runId, new AbortController().signal);
process.stdout.write('survived');
process.exit(0);
