import pg from 'pg';
import { StoreClient, type StoreClientConfig, setPipelining } from './store-client.ts';

/**
 * The process's one pool. Its sessions speak UTC, see BullMQ's tables (schema `bullmq`) behind our own, and compile no statement (JIT):
 * none computes for so long that it would pay.
 * @param options.max connections of this process, everything included
 * @param options.queryTimeoutMs a statement that takes longer fails, as the database being away; none where a statement may take its
 *   time. PostgreSQL itself gives up a little earlier ({@link isStatementTimeout}), so that it works for nobody who has left
 * @param options.servesLists for lists of one company's records: a table has those of all companies, and what the planner knows of
 *   their values is of all of them together. Where it takes most records to match, it would read the table whole for a handful, or
 *   start processes to share out what one does in less time than it takes to start them
 */
export function createPool(options: {
  databaseUrl: string;
  max: number;
  applicationName: string;
  queryTimeoutMs?: number | undefined;
  servesLists?: boolean | undefined;
  onError: (error: Error) => void;
}): pg.Pool {
  const { queryTimeoutMs } = options;
  const lists =
    options.servesLists === true ? ' -c enable_seqscan=off -c max_parallel_workers_per_gather=0' : '';
  const statementTimeout =
    queryTimeoutMs === undefined ? '' : ` -c statement_timeout=${Math.ceil(queryTimeoutMs * 0.9)}`;
  const settings: pg.PoolConfig & StoreClientConfig = {
    connectionString: options.databaseUrl,
    max: options.max,
    application_name: options.applicationName,
    options: `-c TimeZone=UTC -c jit=off -c search_path=public,bullmq${lists}${statementTimeout}`,
    connectionTimeoutMillis: 5_000,
    longestQueryMs: queryTimeoutMs,
    keepAlive: true,
    Client: StoreClient,
  };
  const pool = new pg.Pool(settings);
  // An idle connection that breaks is replaced by the pool; unheard, its error would end the process.
  pool.on('error', options.onError);
  return pool;
}

type Work<T> = (client: pg.PoolClient) => Promise<T>;

/**
 * Runs `work` in one transaction on one connection; rolls back on any error. Its statements are sent as they come, and answered in their
 * order: what is not awaited, such as with {@link createBatch}, is carried out while the next statement is on its way.
 */
export function inTransaction<T>(pool: pg.Pool, work: Work<T>): Promise<T> {
  return transaction(pool, 'BEGIN', work);
}

/**
 * As {@link inTransaction}, for statements that look records up by their keys (`recordByKey`): where a planner knows too little, it finds
 * another index as good as the key and reads all of a company's records for each one, unless sorting what it reads is out of the question.
 */
export function inKeyedTransaction<T>(pool: pg.Pool, work: Work<T>): Promise<T> {
  return transaction(pool, 'BEGIN; SET LOCAL enable_sort = off', work);
}

async function transaction<T>(pool: pg.Pool, begin: string, work: Work<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // The pool listens to idle connections only: unheard, the error of this one would end the process.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query(begin);
    // From here on: what is sent behind a `BEGIN` that failed would be committed by itself.
    setPipelining(client, true);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.off('error', onError);
    // The last answer of a transaction has come: it is that of its end.
    setPipelining(client, false);
    client.release(broken);
  }
}

/** Statements of a transaction that do not wait for each other's answers. */
export interface Batch {
  /** Takes a statement that has been sent; whether it failed is for {@link answered} to tell. */
  send(statement: Promise<unknown>): void;
  /**
   * Waits for the answer of a statement, and so for those of all before.
   * @throws what the first that failed failed with: those behind it only say that the transaction is aborted
   */
  answer<T>(statement: Promise<T>): Promise<T>;
  /** Waits for all answers. @throws what the first that failed failed with */
  answered(): Promise<void>;
}

/** For a transaction's `work`, which must not end before everything is answered. */
export function createBatch(): Batch {
  const sent: Promise<unknown>[] = [];
  const answered = async (): Promise<void> => {
    // Answers come in the order of the statements, and so does the first failure.
    await Promise.all(sent.splice(0));
  };
  const send = (statement: Promise<unknown>): void => {
    // Heard where it is awaited, which may be later than it happens.
    statement.catch(() => undefined);
    sent.push(statement);
  };
  return {
    send,
    answered,
    async answer(statement) {
      send(statement);
      await answered();
      return statement;
    },
  };
}

/** True when PostgreSQL gave up a statement that took too long. */
export function isStatementTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014';
}

/**
 * True when PostgreSQL ended a transaction in favour of another (a deadlock, a lock or serialisation that could not be had): nothing
 * was written, and the same once more may well succeed.
 */
export function isTransactionConflict(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && /^(40001|40P01|55P03)$/.test(String(current.code))) return true;
  }
  return false;
}

/** True when the error says that the database cannot be reached, is going away or is too slow: the caller may try again later. */
export function isDatabaseAway(error: unknown): boolean {
  for (
    let current = error, depth = 0;
    current instanceof Error && depth < 5;
    current = current.cause, depth += 1
  ) {
    const code = 'code' in current ? String(current.code) : '';
    if (
      /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|57014|57P0[1-3]|08\d{3}|53300|P1001|P1002|P1008|P1017)$/.test(
        code,
      )
    )
      return true;
    if (
      /Connection terminated|timeout exceeded when trying to connect|Query read timeout|statement timeout|Can't reach database|Client has encountered a connection error/i.test(
        current.message,
      )
    )
      return true;
    if (current instanceof AggregateError && current.errors.some(isDatabaseAway)) return true;
  }
  return false;
}
