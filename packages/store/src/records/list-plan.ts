/**
 * One page of a list as one statement. Pure: request in, SQL and parameters out.
 *
 * - No query, no order: `seq` is dense and never changes, so page p is the key range ((p − 1) · size, p · size] and costs the same
 *   wherever it lies. The range ends at the highest number that the counters know, which makes the page and its total one moment.
 * - Otherwise the page is found by the cursor (records after a position), or by counting off when a page is asked for directly;
 *   one record more than the page tells whether there is a next one. The total comes with the page, from the same snapshot.
 */
import { type DataTypeKey, dataTypes, formatQuery, type OrderBy, type QueryNode } from '@tributary/model';
import { compileQuery, type ResolvedField } from './compile-query.ts';
import { CursorError, cursorBinding, decodeCursor, encodeCursor, type ListPosition } from './list-cursor.ts';
import { recordFields } from './list-fields.ts';
import { columnType, type RecordScope } from './spine.ts';

/** Counters of a dataset, read before the page. */
export interface ListCounters {
  /** Stored records, those marked deleted included. */
  readonly recordCount: number;
  /** Highest `seq` given so far. */
  readonly lastSeq: number;
}

export interface RecordListRequest {
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  readonly query?: QueryNode | undefined;
  readonly orderBy?: OrderBy | undefined;
  /** From the previous page. */
  readonly cursor?: string | undefined;
}

/** A row as the statement gives it. */
export interface ListRow {
  readonly document: string;
  /** `YYYY-MM-DD HH:MM:SS[.fraction]+00`. */
  readonly modified: string;
  readonly is_deleted: boolean;
  /** These three are absent from rows of the key range. */
  readonly at_seq?: string;
  readonly at_value?: string | null;
  readonly total?: number;
}

/** Where a page ended. */
export interface PageEnd {
  readonly hasNext: boolean;
  /** Leads to the next page; absent when there is none, or no cursor short enough. */
  readonly nextCursor: string | undefined;
}

export interface ListPlan {
  readonly statement: { readonly name?: string; readonly text: string; readonly values: readonly unknown[] };
  /** The rows lie in their order in the index of `seq`: they can be streamed as they are read, without a sort. */
  readonly isKeyRange: boolean;
  /** Rows that belong to the page; the statement may give one more. */
  readonly pageSize: number;
  /** What the counters tell; undefined: rows carry it, and `count` finds it where there are none. */
  readonly total: number | undefined;
  readonly count: { readonly text: string; readonly values: readonly unknown[] } | undefined;
  /** @param last the page's last row, @param hasMore whether the statement gave one more */
  readonly end: (last: ListRow | undefined, hasMore: boolean) => PageEnd;
}

/** @throws CursorError */
export function planList(
  scope: RecordScope,
  dataType: DataTypeKey,
  counters: ListCounters,
  request: RecordListRequest,
): ListPlan {
  const bindingOf = (page: number) =>
    cursorBinding([
      dataType,
      scope.connectionId,
      request.query === undefined ? '' : formatQuery(request.query),
      request.orderBy === undefined ? '' : `${request.orderBy.descending ? '-' : ''}${request.orderBy.field}`,
      request.pageSize,
      page,
    ]);
  const position =
    request.cursor === undefined
      ? undefined
      : decodeCursor(request.cursor, bindingOf(request.page), request.orderBy !== undefined);
  const nextCursor = (end: ListPosition) => encodeCursor(bindingOf(request.page + 1), end);
  return request.query === undefined && request.orderBy === undefined
    ? planRange(scope, dataType, counters, request, { position, nextCursor })
    : planSearch(scope, dataType, counters, request, { position, nextCursor });
}

type Positions = {
  readonly position: ListPosition | undefined;
  readonly nextCursor: (end: ListPosition) => string | undefined;
};

const selection = 'document::text AS document, modified_at::text AS modified, is_deleted';

function planRange(
  scope: RecordScope,
  dataType: DataTypeKey,
  counters: ListCounters,
  request: RecordListRequest,
  { position, nextCursor }: Positions,
): ListPlan {
  const after = position === undefined ? (request.page - 1) * request.pageSize : Number(position.seq);
  const upTo = after + request.pageSize;
  const hasNext = upTo < counters.lastSeq;
  return {
    statement: {
      name: `list-${dataType}`,
      text: `SELECT ${selection} FROM ${dataTypes[dataType].table}
        WHERE company_id = $1 AND connection_id = $2 AND seq > $3::bigint AND seq <= $4::bigint ORDER BY seq`,
      values: [scope.companyId, scope.connectionId, after, Math.min(upTo, counters.lastSeq)],
    },
    isKeyRange: true,
    pageSize: request.pageSize,
    total: counters.recordCount,
    count: undefined,
    end: () => ({ hasNext, nextCursor: hasNext ? nextCursor({ seq: String(upTo) }) : undefined }),
  };
}

function planSearch(
  scope: RecordScope,
  dataType: DataTypeKey,
  counters: ListCounters,
  { query, orderBy, page, pageSize }: RecordListRequest,
  { position, nextCursor }: Positions,
): ListPlan {
  const { table } = dataTypes[dataType];
  const resolve = recordFields(dataType);
  const values: unknown[] = [scope.companyId, scope.connectionId];
  let matching = 'company_id = $1 AND connection_id = $2';
  if (query === undefined) matching += ` AND seq <= $${values.push(counters.lastSeq)}::bigint`;
  else matching += ` AND ${compileQuery(query, resolve, values)}`;
  const count = query && {
    text: `SELECT count(*)::float8 AS total FROM ${table} WHERE ${matching}`,
    values: [...values],
  };

  const key = orderBy && sortKey(resolve(orderBy.field), orderBy.descending);
  const after = position === undefined ? '' : ` AND ${afterPosition(key, position, values)}`;
  const offset = position === undefined ? ` OFFSET $${values.push((page - 1) * pageSize)}::bigint` : '';
  // The page is found on its keys alone; only its own documents are read (a sort would carry those of every match along).
  const direction = orderBy?.descending ? 'DESC' : 'ASC';
  const order = (keySql: string, seqSql: string) =>
    `${key ? `${keySql} ${direction} NULLS LAST, ` : ''}${seqSql}`;
  const text = `
    SELECT ${selection}, found.at_seq::text AS at_seq${key ? ', found.at_key::text AS at_value' : ''}${count ? `, (${count.text}) AS total` : ''}
    FROM (
      SELECT seq AS at_seq${key ? `, ${key.sql} AS at_key` : ''} FROM ${table} WHERE ${matching}${after}
      ORDER BY ${order(key?.sql ?? '', 'seq')} LIMIT ${pageSize + 1}${offset}
    ) AS found
    CROSS JOIN LATERAL (
      SELECT document, modified_at, is_deleted FROM ${table}
      WHERE company_id = $1 AND connection_id = $2 AND seq = found.at_seq
    ) AS stored
    ORDER BY ${order('found.at_key', 'found.at_seq')}`;

  return {
    statement: { text, values },
    isKeyRange: false,
    pageSize,
    total: count ? undefined : counters.recordCount,
    count,
    end: (last, hasMore) => ({
      hasNext: hasMore,
      nextCursor:
        hasMore && last?.at_seq !== undefined
          ? nextCursor(key ? { seq: last.at_seq, value: last.at_value ?? null } : { seq: last.at_seq })
          : undefined,
    }),
  };
}

type SortKey = {
  /** Expression to sort by. */
  readonly sql: string;
  readonly type: string;
  readonly isDescending: boolean;
};

function sortKey(field: ResolvedField, isDescending: boolean): SortKey {
  const sql = field.kind === 'text' ? `${field.sql} COLLATE "C"` : field.sql;
  return { sql, type: columnType(field.kind), isDescending };
}

/** Records after a position: absent values come last in both directions, equal ones in the order of `seq`. */
function afterPosition(key: SortKey | undefined, { value, seq }: ListPosition, values: unknown[]): string {
  const laterSeq = `seq > $${values.push(seq)}::bigint`;
  if (key === undefined) return laterSeq;
  if (value === undefined) throw new CursorError();
  if (value === null) return `(${key.sql} IS NULL AND ${laterSeq})`;
  const bound = `$${values.push(value)}::${key.type}`;
  const later = key.isDescending ? '<' : '>';
  return `(${key.sql} ${later} ${bound} OR (${key.sql} = ${bound} AND ${laterSeq}) OR ${key.sql} IS NULL)`;
}
