/** Reading lists of stored records: whole pages, and big ones as a stream of batches. */
import type { DataTypeKey } from '@tributary/model';
import type { ClientBase, Pool, PoolClient } from 'pg';
import { type ByteRow, type ByteText, queryBytes, queryBytesOn, textOf } from '../byte-rows.ts';
import { CursorError } from './list-cursor.ts';
import {
  column,
  type ListCounters,
  type ListPlan,
  type PageEnd,
  planList,
  type RecordListRequest,
} from './list-plan.ts';
import type { RecordScope } from './spine.ts';

/** A record as it is stored. Those of lists have `document` as bytes: they go to a client as they are. */
export interface StoredRecord<Text extends string = string> {
  /** Body as JSON text with the digits it was stored with; without `modifiedDate` and `metadata`. */
  readonly document: Text;
  /** When Tributary last changed the record, ISO 8601: `YYYY-MM-DDTHH:MM:SS.sssZ`. */
  readonly modifiedAt: string;
  readonly isDeleted: boolean;
}

/** One page, all of it. */
export interface RecordPage extends PageEnd {
  readonly records: readonly StoredRecord<ByteText>[];
  /** Records that match, on all pages. */
  readonly total: number;
}

/** One page as it is read. */
export interface RecordStream {
  readonly total: number;
  /** To be read once; the snapshot is let go with the last batch. */
  readonly batches: AsyncGenerator<readonly StoredRecord<ByteText>[], PageEnd, void>;
  /** Lets the snapshot go when the batches are not read to their end; of no effect afterwards. */
  close(): Promise<void>;
  /** Resolves when the snapshot was let go, by whichever end. */
  readonly closed: Promise<{ readonly isExpired: boolean }>;
}

/**
 * A page of the stored records of one data type of one connection.
 * @throws CursorError when the cursor is malformed or of another list
 */
export async function listRecords(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
  counters: ListCounters,
  request: RecordListRequest,
): Promise<RecordPage> {
  const plan = planList(scope, dataType, counters, request);
  const rows = await blamingCursor(
    request,
    queryBytes(pool, { ...plan.statement, values: [...plan.statement.values] }),
  );
  const page = rows.slice(0, plan.pageSize);
  return {
    records: page.map(recordOf),
    total: await totalOf(pool, plan, rows[0]),
    ...plan.end(page.at(-1), rows.length > plan.pageSize),
  };
}

/** How a stream reads. */
export interface StreamLimits {
  /** Records fetched at a time: what is in memory. */
  readonly batchSize: number;
  /** The longest that a reader may keep the snapshot open once the first batch is there, in milliseconds. */
  readonly maxOpenMs: number;
}

/** The reader of a stream took longer than it may; the rest of the page is not served. */
export class StreamExpiredError extends Error {
  override readonly name = 'StreamExpiredError';
  constructor() {
    super('The page was not read in time');
  }
}

/**
 * The same page, read batch by batch through a cursor of one REPEATABLE READ snapshot, so that memory stays flat and the first
 * records leave before the last are read. The first batch is there when this resolves: whatever is wrong with the request shows
 * before an answer begins. Keeps one connection of the pool until its end.
 * @throws CursorError, and while batches are read StreamExpiredError
 */
export async function streamRecords(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
  counters: ListCounters,
  request: RecordListRequest,
  limits: StreamLimits,
): Promise<RecordStream> {
  const plan = planList(scope, dataType, counters, request);
  const snapshot = await openSnapshot(pool, plan);
  try {
    const { text, values } = plan.statement;
    await blamingCursor(
      request,
      snapshot.run((client) => client.query(`DECLARE page NO SCROLL CURSOR FOR ${text}`, [...values])),
    );
    const fetch = () =>
      snapshot.run((client) => queryBytesOn(client, { text: `FETCH FORWARD ${limits.batchSize} FROM page` }));
    const first = await fetch();
    const total = await snapshot.run((client) => totalOf(client, plan, first[0]));
    snapshot.expireAfter(limits.maxOpenMs);
    return {
      total,
      batches: readBatches(plan, snapshot, first, fetch, limits.batchSize),
      close: () => snapshot.close(true),
      closed: snapshot.closed,
    };
  } catch (error) {
    await snapshot.close(true);
    throw error;
  }
}

async function* readBatches(
  plan: ListPlan,
  snapshot: Snapshot,
  first: ByteRow[],
  fetch: () => Promise<ByteRow[]>,
  batchSize: number,
): AsyncGenerator<readonly StoredRecord<ByteText>[], PageEnd, void> {
  let isDone = false;
  try {
    let left = plan.pageSize;
    let last: ByteRow | undefined;
    for (let rows = first; ; rows = await fetch()) {
      const page = rows.slice(0, left);
      left -= page.length;
      last = page.at(-1) ?? last;
      const hasMore = rows.length > page.length;
      isDone = hasMore || rows.length < batchSize;
      if (isDone) await snapshot.close(false);
      if (page.length > 0) yield page.map(recordOf);
      if (isDone) return plan.end(last, hasMore);
    }
  } finally {
    if (!isDone) await snapshot.close(true);
  }
}

type Snapshot = {
  run<T>(work: (client: ClientBase) => Promise<T>): Promise<T>;
  /** Ends the transaction; `abandon` drops the connection with it, in whatever state it is. */
  close(abandon: boolean): Promise<void>;
  readonly closed: Promise<{ isExpired: boolean }>;
  /** From now on its time runs. */
  expireAfter(ms: number): void;
};

async function openSnapshot(pool: Pool, plan: ListPlan): Promise<Snapshot> {
  const client: PoolClient = await pool.connect();
  // A connection that breaks while nobody waits for it says so with an event; the next statement fails by itself.
  client.on('error', ignore);
  let isOpen = true;
  let isExpired = false;
  let timer: NodeJS.Timeout | undefined;
  const { promise: closed, resolve: tellClosed } = Promise.withResolvers<{ isExpired: boolean }>();
  const snapshot: Snapshot = {
    closed,
    expireAfter(ms) {
      timer = setTimeout(() => {
        isExpired = true;
        void snapshot.close(true);
      }, ms);
    },
    async run(work) {
      if (isExpired) throw new StreamExpiredError();
      try {
        return await work(client);
      } catch (error) {
        throw isExpired ? new StreamExpiredError() : error;
      }
    },
    async close(abandon) {
      if (!isOpen) return;
      isOpen = false;
      clearTimeout(timer);
      const ended = abandon ? Promise.reject() : client.query('COMMIT');
      await ended.then(
        () => {
          client.off('error', ignore);
          client.release();
        },
        () => client.release(true),
      );
      tellClosed({ isExpired });
    },
  };
  try {
    const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
    // Plans that keep the order: a bitmap of the key range, or a join by hash, would have to be sorted before the first row leaves.
    const settings = plan.isKeyRange ? ['enable_bitmapscan'] : ['enable_hashjoin', 'enable_mergejoin'];
    await client.query([begin, ...settings.map((name) => `SET LOCAL ${name} = off`)].join('; '));
  } catch (error) {
    await snapshot.close(true);
    throw error;
  }
  return snapshot;
}

const ignore = () => {};

/** A cursor's value goes into a parameter of its property's type; one that does not fit was not made here. */
async function blamingCursor<T>(request: RecordListRequest, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const isDataException = error instanceof Error && 'code' in error && /^22/.test(String(error.code));
    throw isDataException && request.cursor !== undefined ? new CursorError() : error;
  }
}

async function totalOf(
  queryable: Pool | ClientBase,
  plan: ListPlan,
  first: ByteRow | undefined,
): Promise<number> {
  if (plan.total !== undefined) return plan.total;
  const total = first?.[column.total];
  if (typeof total === 'string' || plan.count === undefined) return Number(total ?? 0);
  const { rows } = await queryable.query<{ total: number }>(plan.count.text, [...plan.count.values]);
  return rows[0]?.total ?? 0;
}

/** Of a row of a list whose session speaks UTC. */
export function recordOf(row: ByteRow): StoredRecord<ByteText> {
  const document = row[column.document];
  const modified = row[column.modified];
  if (document === null || document === undefined || modified === null || modified === undefined)
    throw new Error('the statement gave no record');
  return { document, modifiedAt: isoInstant(modified), isDeleted: row[column.isDeleted] === 't' };
}

/** Of a row, by the names of its columns, whose session speaks UTC. */
export function storedRecord(row: {
  readonly document: string;
  readonly modified: string;
  readonly is_deleted: boolean;
}): StoredRecord {
  return { document: row.document, modifiedAt: isoInstant(row.modified), isDeleted: row.is_deleted };
}

/** A record of a list with its body as text. */
export function withText(record: StoredRecord<ByteText>): StoredRecord {
  return { ...record, document: textOf(record.document) };
}

/** `2024-02-29 11:22:33.5+00` as `2024-02-29T11:22:33.500Z`. */
function isoInstant(text: string): string {
  if (!text.endsWith('+00')) throw new Error(`The database session does not speak ISO dates in UTC: ${text}`);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(3, '0')}Z`;
}
