/**
 * One page of a list as one statement. Pure: request in, SQL and parameters out.
 *
 * - No query, no order: `seq` is dense and never changes, so page p is the key range ((p − 1) · size, p · size] and costs the same
 *   wherever it lies. The range ends at the highest number that the counters know, which makes the page and its total one moment.
 * - Otherwise the page is found by the cursor (records after a position), or by counting off when a page is asked for directly;
 *   one record more than the page tells whether there is a next one. The total comes with the page, from the same snapshot.
 *   How such a page is found is in `list-search.ts`.
 */
import { type DataTypeKey, dataTypes, formatQuery, type OrderBy, type QueryNode } from '@tributary/model';
import { type ByteRow, textOf } from '../byte-rows.ts';
import { cursorBinding, decodeCursor, encodeCursor, type ListPosition } from './list-cursor.ts';
import { searchStatement } from './list-search.ts';
import type { RecordScope } from './spine.ts';

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

/** Columns of a row as every statement gives it; those of the key range end with the third. */
export const column = { document: 0, modified: 1, isDeleted: 2, atSeq: 3, total: 4, atValue: 5 } as const;

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
  readonly end: (last: ByteRow | undefined, hasMore: boolean) => PageEnd;
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

/** `modified`: `YYYY-MM-DD HH:MM:SS[.fraction]+00`. */
export const selection = 'document::text AS document, modified_at::text AS modified, is_deleted';

/** Where the key range of a page begins and ends: numbers above `after`, up to `upTo`. */
export function keyRange(request: RecordListRequest, position: ListPosition | undefined) {
  const after = position === undefined ? (request.page - 1) * request.pageSize : Number(position.seq);
  return { after, upTo: after + request.pageSize };
}

function planRange(
  scope: RecordScope,
  dataType: DataTypeKey,
  counters: ListCounters,
  request: RecordListRequest,
  { position, nextCursor }: Positions,
): ListPlan {
  const { after, upTo } = keyRange(request, position);
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
  request: RecordListRequest,
  { position, nextCursor }: Positions,
): ListPlan {
  const { statement, count } = searchStatement(
    scope,
    dataType,
    counters.lastSeq,
    request,
    position,
    selection,
  );
  const isOrdered = request.orderBy !== undefined;
  return {
    statement,
    isKeyRange: false,
    pageSize: request.pageSize,
    total: count === undefined ? counters.recordCount : undefined,
    count,
    end: (last, hasMore) => ({
      hasNext: hasMore,
      nextCursor: hasMore && last !== undefined ? nextCursor(positionOf(last, isOrdered)) : undefined,
    }),
  };
}

function positionOf(row: ByteRow, isOrdered: boolean): ListPosition {
  const seq = row[column.atSeq];
  if (seq === undefined || seq === null) throw new Error('the statement gave no number with its row');
  const value = row[column.atValue];
  return isOrdered ? { seq, value: value === null || value === undefined ? null : textOf(value) } : { seq };
}
