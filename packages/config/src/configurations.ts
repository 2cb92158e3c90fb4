import { z } from 'zod';
import {
  apiKey,
  connectionUrl,
  emailAndPassword,
  encryptionKeys,
  flag,
  number,
  oneOf,
  origin,
  port,
  secret,
  text,
  webUrl,
} from './variables.ts';

const oneMillion = 1_000_000;
const anyCount = 1_000_000_000;

const logging = {
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
};

const database = {
  DATABASE_URL: connectionUrl(
    ['postgres:', 'postgresql:'],
    'postgresql://tributary:password@localhost:5432/tributary',
  ),
  DATABASE_POOL_SIZE: number({ minimum: 2, maximum: 1000, whole: true }).default(10),
};

const queue = {
  REDIS_URL: connectionUrl(['redis:', 'rediss:'], 'redis://localhost:6379').optional(),
};

const vault = { ENCRYPTION_KEYS: encryptionKeys() };

const metrics = {
  METRICS_HOST: text('an address to listen on').default('127.0.0.1'),
  METRICS_PORT: port().optional(),
};

const kashooShape = {
  KASHOO_API_URL: webUrl('https://app.kashoo.com/api').default('https://app.kashoo.com/api'),
  KASHOO_TSA_API_URL: webUrl('https://app.trulysmall.com/api').default('https://app.trulysmall.com/api'),
  KASHOO_OAUTH_URL: webUrl('https://app.kashoo.com/oauth2').default('https://app.kashoo.com/oauth2'),
  KASHOO_AUTHORIZE_URL: webUrl('https://app.kashoo.com/oauth2/authorize').optional(),
  KASHOO_CLIENT_ID: text('the client id of your Kashoo application').optional(),
  KASHOO_CLIENT_SECRET: secret('the client secret of your Kashoo application').optional(),
  KASHOO_REQUESTS_PER_SECOND: number({ minimum: 0.01, maximum: 10_000 }).default(10),
  KASHOO_REQUESTS_PER_HOUR: number({ minimum: 1, maximum: anyCount, whole: true }).optional(),
};

const kashflowShape = {
  KASHFLOW_SOAP_URL: webUrl('https://securedwebapp.com/api/service.asmx').default(
    'https://securedwebapp.com/api/service.asmx',
  ),
  KASHFLOW_REQUESTS_PER_SECOND: number({ minimum: 0.01, maximum: 10_000 }).default(4),
};

const platforms = { ...kashooShape, ...kashflowShape };

const schedules = {
  SYNC_HOUR_SECONDS: number({ minimum: 0.1, maximum: 86_400 }).default(3600),
};

const migrating = { AUTO_MIGRATE: flag().default(false) };

function kashooSettings(env: z.output<z.ZodObject<typeof kashooShape>>) {
  return {
    apiUrl: env.KASHOO_API_URL,
    trulySmallApiUrl: env.KASHOO_TSA_API_URL,
    oauthUrl: env.KASHOO_OAUTH_URL,
    authorizeUrl: env.KASHOO_AUTHORIZE_URL ?? `${env.KASHOO_OAUTH_URL}/authorize`,
    clientId: env.KASHOO_CLIENT_ID,
    clientSecret: env.KASHOO_CLIENT_SECRET,
    requestsPerSecond: env.KASHOO_REQUESTS_PER_SECOND,
    requestsPerHour: env.KASHOO_REQUESTS_PER_HOUR,
  };
}

function kashflowSettings(env: z.output<z.ZodObject<typeof kashflowShape>>) {
  return { soapUrl: env.KASHFLOW_SOAP_URL, requestsPerSecond: env.KASHFLOW_REQUESTS_PER_SECOND };
}

function metricsSettings(env: { METRICS_HOST: string; METRICS_PORT?: number | undefined }) {
  return env.METRICS_PORT === undefined ? undefined : { host: env.METRICS_HOST, port: env.METRICS_PORT };
}

/** Half a pair of application keys is a mistake; it is reported beside everything else that is wrong. */
const kashooKeysComeTogether = z.refine<z.output<z.ZodObject<typeof kashooShape>>>(
  (env) => (env.KASHOO_CLIENT_ID === undefined) === (env.KASHOO_CLIENT_SECRET === undefined),
  {
    path: ['KASHOO_CLIENT_SECRET'],
    error: 'and KASHOO_CLIENT_ID belong together; put both, or neither',
    when: () => true,
  },
);

/** What `api` reads. */
export const apiConfiguration = z
  .object({
    HOST: text('an address to listen on').default('127.0.0.1'),
    PORT: port().default(3000),
    PUBLIC_URL: origin('https://tributary.example.com').optional(),
    DATABASE_READ_URL: connectionUrl(
      ['postgres:', 'postgresql:'],
      'postgresql://tributary:password@replica:5432/tributary',
    ).optional(),
    BOOTSTRAP_API_KEY: apiKey().optional(),
    BOOTSTRAP_PORTAL_USER: emailAndPassword().optional(),
    SANDBOX_URL: origin('http://127.0.0.1:3100').optional(),
    ALLOW_PRIVATE_WEBHOOK_TARGETS: flag().default(false),
    REQUESTS_PER_CLIENT_PER_DAY: number({ minimum: 1, maximum: anyCount, whole: true }).default(oneMillion),
    ...logging,
    ...database,
    ...queue,
    ...vault,
    ...metrics,
    ...platforms,
    ...schedules,
    ...migrating,
  })
  .check(kashooKeysComeTogether)
  .transform((env) => ({
    host: env.HOST,
    port: env.PORT,
    /** Origin, without a trailing slash. */
    publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    autoMigrate: env.AUTO_MIGRATE,
    databaseUrl: env.DATABASE_URL,
    /** Unset: synced records are read where they are written. */
    databaseReadUrl: env.DATABASE_READ_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    /** Unset: the queue lives in PostgreSQL. */
    redisUrl: env.REDIS_URL,
    encryptionKeys: env.ENCRYPTION_KEYS,
    bootstrapApiKey: env.BOOTSTRAP_API_KEY,
    bootstrapPortalUser: env.BOOTSTRAP_PORTAL_USER,
    /** Set where the platform is the sandbox: the portal then offers a tour. */
    sandboxUrl: env.SANDBOX_URL,
    kashoo: kashooSettings(env),
    kashflow: kashflowSettings(env),
    allowPrivateWebhookTargets: env.ALLOW_PRIVATE_WEBHOOK_TARGETS,
    requestsPerClientPerDay: env.REQUESTS_PER_CLIENT_PER_DAY,
    /** Length of a schedule's hour, in seconds. */
    syncHourSeconds: env.SYNC_HOUR_SECONDS,
    logLevel: env.LOG_LEVEL,
    /** Undefined: no metrics listener. */
    metrics: metricsSettings(env),
  }));

/** The typed configuration of `api`. */
export type ApiConfiguration = z.output<typeof apiConfiguration>;

const days = (fallback: number) => number({ minimum: 1, maximum: 36_500, whole: true }).default(fallback);

/** What `worker` reads. */
export const workerConfiguration = z
  .object({
    PORT: port().default(3000),
    PUBLIC_URL: origin('https://tributary.example.com').optional(),
    WORKER_CONCURRENCY: number({ minimum: 1, maximum: 1000, whole: true }).default(8),
    SYNC_TICK_SECONDS: number({ minimum: 0.1, maximum: 3600 }).default(15),
    DELETION_BRAKE_PERCENT: number({ minimum: 0, maximum: 100 }).default(20),
    WRITE_SETTLE_SECONDS: number({ minimum: 0, maximum: 3600 }).default(30),
    REQUEST_LOG_DAYS: days(30),
    HISTORY_DAYS: days(365),
    WEBHOOK_LOG_DAYS: days(30),
    ALLOW_PRIVATE_WEBHOOK_TARGETS: flag().default(false),
    ...logging,
    ...database,
    ...queue,
    ...vault,
    ...metrics,
    ...platforms,
    ...schedules,
    ...migrating,
  })
  .check(kashooKeysComeTogether)
  .transform((env) => ({
    /** Origin of the API, which events name; as the API has it. */
    publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    autoMigrate: env.AUTO_MIGRATE,
    databaseUrl: env.DATABASE_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    /** Unset: the queue lives in PostgreSQL. */
    redisUrl: env.REDIS_URL,
    encryptionKeys: env.ENCRYPTION_KEYS,
    kashoo: kashooSettings(env),
    kashflow: kashflowSettings(env),
    /** Sync jobs at a time in this process. */
    concurrency: env.WORKER_CONCURRENCY,
    /** How often due schedules are claimed, in seconds. */
    syncTickSeconds: env.SYNC_TICK_SECONDS,
    /** Length of a schedule's hour, in seconds. */
    syncHourSeconds: env.SYNC_HOUR_SECONDS,
    /** Share of a type, in percent, above which a run does not mark records deleted. */
    deletionBrakePercent: env.DELETION_BRAKE_PERCENT,
    /** How long after the answer to a write was lost a platform may still carry it out, in seconds. */
    writeSettleSeconds: env.WRITE_SETTLE_SECONDS,
    retention: {
      requestLogDays: env.REQUEST_LOG_DAYS,
      historyDays: env.HISTORY_DAYS,
      webhookLogDays: env.WEBHOOK_LOG_DAYS,
    },
    allowPrivateWebhookTargets: env.ALLOW_PRIVATE_WEBHOOK_TARGETS,
    logLevel: env.LOG_LEVEL,
    /** Undefined: no metrics listener. */
    metrics: metricsSettings(env),
  }));

/** The typed configuration of `worker`. */
export type WorkerConfiguration = z.output<typeof workerConfiguration>;

/** What `migrate` reads. */
export const migrateConfiguration = z
  .object({ DATABASE_URL: database.DATABASE_URL, ...queue, ...logging })
  .transform((env) => ({
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    logLevel: env.LOG_LEVEL,
  }));

/** The typed configuration of `migrate`. */
export type MigrateConfiguration = z.output<typeof migrateConfiguration>;

/** What `client` reads, and the other commands that look into the database. */
export const clientConfiguration = z
  .object({ DATABASE_URL: database.DATABASE_URL, ...queue, ...logging })
  .transform((env) => ({
    databaseUrl: env.DATABASE_URL,
    /** Unset: the queue lives in PostgreSQL. */
    redisUrl: env.REDIS_URL,
    logLevel: env.LOG_LEVEL,
  }));

/** The typed configuration of `client`. */
export type ClientConfiguration = z.output<typeof clientConfiguration>;

/** What `npm start` reads beside what it hands on to the processes that it starts. */
export const startConfiguration = z
  .object({
    DATA_DIR: text('a folder').default('.tributary'),
    HOST: text('an address to listen on').default('127.0.0.1'),
    PORT: port().default(3000),
    PUBLIC_URL: origin('https://tributary.example.com').optional(),
    SANDBOX_HOST: text('an address to listen on').default('127.0.0.1'),
    SANDBOX_PORT: port().default(3100),
    SANDBOX_CLIENT_ID: text('a client id').default('sandbox'),
    SANDBOX_CLIENT_SECRET: secret('a client secret').default('sandbox-secret'),
    DATABASE_URL: database.DATABASE_URL.optional(),
    ENCRYPTION_KEYS: vault.ENCRYPTION_KEYS.optional(),
    BOOTSTRAP_API_KEY: apiKey().optional(),
    BOOTSTRAP_PORTAL_USER: emailAndPassword().optional(),
  })
  .transform((env) => ({
    dataDir: env.DATA_DIR,
    host: env.HOST,
    port: env.PORT,
    publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    sandbox: {
      host: env.SANDBOX_HOST,
      port: env.SANDBOX_PORT,
      clientId: env.SANDBOX_CLIENT_ID,
      clientSecret: env.SANDBOX_CLIENT_SECRET,
    },
    /** Undefined: an embedded PostgreSQL is started. */
    databaseUrl: env.DATABASE_URL,
    encryptionKeys: env.ENCRYPTION_KEYS,
    bootstrapApiKey: env.BOOTSTRAP_API_KEY,
    bootstrapPortalUser: env.BOOTSTRAP_PORTAL_USER,
  }));

/** The typed configuration of `npm start`. */
export type StartConfiguration = z.output<typeof startConfiguration>;

/** What `rekey` reads. */
export const rekeyConfiguration = z
  .object({ DATABASE_URL: database.DATABASE_URL, ...vault, ...logging })
  .transform((env) => ({ databaseUrl: env.DATABASE_URL, encryptionKeys: env.ENCRYPTION_KEYS }));
