/**
 * Lists of the control plane: one page of rows, filtered and ordered in SQL. The default order is that of creation; in it the next
 * page starts behind the last row of this one, so that rows deleted meanwhile make nobody skip others. Other orders count off.
 */
import { formatQuery, type OrderBy, type QueryNode } from '@tributary/model';
import type { Pool } from 'pg';
import { compileQuery, type ResolvedField } from '../records/compile-query.ts';
import { CursorError, cursorBinding } from '../records/list-cursor.ts';

/** One page of a filtered, ordered list. `page` counts from 1. */
export interface ListRequest {
  readonly filter?: QueryNode | undefined;
  readonly orderBy?: OrderBy | undefined;
  readonly page: number;
  readonly pageSize: number;
  /** From the previous page; @throws CursorError when it belongs to another page or list. */
  readonly cursor?: string | undefined;
}

export interface ListPage<Row> {
  readonly rows: Row[];
  /** Rows of all pages. */
  readonly total: number;
  readonly hasNext: boolean;
  /** Leads to the next page; absent when there is none, and in orders that count off. */
  readonly nextCursor: string | undefined;
}

/** A list as SQL. `conditions` and `from` name values of `params` as `$n`. */
export interface ListStatement {
  /** Gives at least `id` and `"createdAt"`, of the table that `alias` stands for. */
  readonly select: string;
  readonly from: string;
  readonly alias: string;
  readonly conditions: readonly string[];
  readonly params: readonly unknown[];
  /** By dotted path as the schema spells it. */
  readonly fields: ReadonlyMap<string, ResolvedField>;
  /** Properties whose SQL needs values of its own, which are appended to `params`. */
  readonly fieldWith?: (path: string, params: unknown[]) => ResolvedField | undefined;
}

interface Position {
  readonly id: string;
  readonly createdAt: Date;
}

/** Reads one page and the count of all rows. */
export async function listRows<Row extends Position>(
  pool: Pool,
  statement: ListStatement,
  request: ListRequest,
): Promise<ListPage<Row>> {
  const { page, pageSize, cursor, orderBy } = request;
  const params = [...statement.params];
  const conditions = [...statement.conditions];
  const fieldOf = (path: string) => {
    const field = statement.fields.get(path) ?? statement.fieldWith?.(path, params);
    if (field === undefined) throw new Error(`the list has no property ${path}`);
    return field;
  };
  if (request.filter !== undefined) conditions.push(compileQuery(request.filter, fieldOf, params));
  const body = () => `FROM ${statement.from} WHERE ${conditions.join(' AND ')}`;
  const count = await pool.query<{ total: string }>(`SELECT count(*) AS total ${body()}`, params);

  const bindingOf = (number: number) => listBinding(statement, request, number);
  if (cursor !== undefined) {
    if (orderBy !== undefined) throw new CursorError();
    const start = readCursor(cursor, bindingOf(page));
    const place = `$${params.push(start.createdAt)}::timestamptz, $${params.push(start.id)}::uuid`;
    conditions.push(`(${statement.alias}.created_at, ${statement.alias}.id) > (${place})`);
  }
  const offset = cursor === undefined ? (page - 1) * pageSize : 0;
  const limits = `LIMIT $${params.push(pageSize + 1)} OFFSET $${params.push(offset)}`;
  const order = orderOf(orderBy, fieldOf, `${statement.alias}.created_at, ${statement.alias}.id`);
  const found = await pool.query<Row>(
    `SELECT ${statement.select} ${body()} ORDER BY ${order} ${limits}`,
    params,
  );
  const rows = found.rows.slice(0, pageSize);
  const hasNext = found.rows.length > pageSize;
  const last = hasNext && orderBy === undefined ? rows.at(-1) : undefined;
  return {
    rows,
    total: Number(count.rows[0]?.total ?? 0),
    hasNext,
    nextCursor: last && writeCursor(last, bindingOf(page + 1)),
  };
}

function orderOf(
  orderBy: OrderBy | undefined,
  fieldOf: (path: string) => ResolvedField,
  last: string,
): string {
  if (orderBy === undefined) return last;
  const { sql, kind } = fieldOf(orderBy.field);
  const collated = kind === 'text' ? `${sql} COLLATE "C"` : sql;
  return `${collated} ${orderBy.descending ? 'DESC' : 'ASC'} NULLS LAST, ${last}`;
}

/** What ties a cursor to the page of a list that it leads to. */
function listBinding(statement: ListStatement, { filter, pageSize }: ListRequest, page: number): string {
  const query = filter === undefined ? '' : formatQuery(filter);
  return cursorBinding([statement.alias, JSON.stringify(statement.params), query, pageSize, page]);
}

function writeCursor({ createdAt, id }: Position, binding: string): string {
  return Buffer.from([binding, createdAt.toISOString(), id].join(' ')).toString('base64url');
}

const cursorForm =
  /^(\S+) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

function readCursor(cursor: string, binding: string): { createdAt: string; id: string } {
  const [, bound, createdAt, id] = cursorForm.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (bound !== binding || createdAt === undefined || id === undefined) throw new CursorError();
  return { createdAt, id };
}
