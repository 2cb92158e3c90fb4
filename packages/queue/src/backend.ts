/**
 * Where jobs live: Redis when there is a URL, PostgreSQL (schema `bullmq`) otherwise. BullMQ has both; the code above is the same.
 */
import {
  assertSchemaCompatibility,
  createPostgresBackend,
  type PostgresConnectionOptions,
  Queue,
  runMigrations,
  Worker,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';

/** Keys of one hash slot, so that a Redis Cluster accepts scripts over several of them. */
const redisPrefix = '{tributary}';

/** BullMQ's classes bound to one datastore, with the connection that they take. */
export type QueueBackend = (
  | {
      readonly kind: 'redis';
      readonly connection: Redis;
      readonly producer: Redis;
      readonly prefix: string;
      readonly Queue: typeof Queue;
      readonly Worker: typeof Worker;
    }
  | ({ readonly kind: 'postgres'; readonly connection: PostgresConnectionOptions } & PostgresClasses)
) & {
  /** Rejects when the datastore does not answer. */
  ping(): Promise<void>;
  /** Empties the event stream of a queue. */
  clearEvents(queueName: string): Promise<void>;
  close(): Promise<void>;
};

type PostgresClasses = Pick<
  ReturnType<typeof withBackend<ReturnType<typeof createPostgresBackend>, PostgresConnectionOptions>>,
  'Queue' | 'Worker'
>;

/**
 * @param options.redisUrl chooses Redis
 * @param options.pool the process's PostgreSQL pool; its `search_path` must contain `bullmq` (the store's pools do).
 *   The queue uses it without owning it.
 */
export function createQueueBackend(options: {
  redisUrl: string | undefined;
  pool: Pool;
  onError: (error: Error) => void;
}): QueueBackend {
  if (options.redisUrl === undefined) {
    const { pool } = options;
    return {
      kind: 'postgres',
      connection: pool as unknown as PostgresConnectionOptions,
      ...withBackend(createPostgresBackend),
      ping: async () => void (await pool.query('SELECT 1')),
      clearEvents: async (queueName) =>
        void (await pool.query('DELETE FROM bullmq.event WHERE queue = $1', [queueName])),
      close: async () => undefined,
    };
  }
  // BullMQ asks for unlimited retries on the connections that its workers block on…
  const connection = new Redis(options.redisUrl, { maxRetriesPerRequest: null, lazyConnect: true });
  // …while whoever puts a job on the queue must hear soon that Redis is away: the run's row is there, and the sweeper comes by.
  const producer = new Redis(options.redisUrl, { maxRetriesPerRequest: 1 });
  for (const redis of [connection, producer]) redis.on('error', options.onError);
  return {
    kind: 'redis',
    connection,
    producer,
    prefix: redisPrefix,
    Queue,
    Worker,
    ping: async () => void (await producer.ping()),
    clearEvents: async (queueName) =>
      void (await producer.xtrim(`${redisPrefix}:${queueName}:events`, 'MAXLEN', 0)),
    close: async () => {
      connection.disconnect();
      producer.disconnect();
    },
  };
}

/** Creates or upgrades BullMQ's own tables (schema `bullmq`). Safe to run from several processes at once. */
export async function migrateQueue(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
}

/** @throws Error that names the command to run, when BullMQ's tables are missing or older than this release. */
export async function assertQueueMigrated(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await assertSchemaCompatibility(client);
  } catch (error) {
    throw new Error(
      'The tables of the job queue (schema bullmq) are older than this release. Run `npm run migrate`, or set AUTO_MIGRATE=true.',
      {
        cause: error,
      },
    );
  } finally {
    client.release();
  }
}
