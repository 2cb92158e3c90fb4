import type { OrderBy, QueryNode } from '@tributary/model';
import type { Pool, QueryResultRow } from 'pg';
import { compileQuery, type ResolvedField } from '../records/compile-query.ts';

/** One page of a filtered, ordered list. `page` counts from 1. */
export interface ListRequest {
  readonly filter?: QueryNode | undefined;
  readonly orderBy?: OrderBy | undefined;
  readonly page: number;
  readonly pageSize: number;
}

export interface ListPage<Row> {
  readonly rows: Row[];
  /** Rows of all pages. */
  readonly total: number;
}

/** A list as SQL. `conditions` and `from` name values of `params` as `$n`. */
export interface ListStatement {
  readonly select: string;
  readonly from: string;
  readonly conditions: readonly string[];
  readonly params: readonly unknown[];
  /** By dotted path as the schema spells it. */
  readonly fields: ReadonlyMap<string, ResolvedField>;
  /** Total order that every other order ends in. */
  readonly defaultOrder: string;
}

/** Reads one page and the count of all rows. */
export async function listRows<Row extends QueryResultRow>(
  pool: Pool,
  statement: ListStatement,
  request: ListRequest,
): Promise<ListPage<Row>> {
  const params = [...statement.params];
  const fieldOf = (path: string) => {
    const field = statement.fields.get(path);
    if (field === undefined) throw new Error(`the list has no property ${path}`);
    return field;
  };
  const conditions = [...statement.conditions];
  if (request.filter !== undefined) conditions.push(compileQuery(request.filter, fieldOf, params));
  const body = `FROM ${statement.from} WHERE ${conditions.join(' AND ')}`;
  const count = await pool.query<{ total: string }>(`SELECT count(*) AS total ${body}`, params);
  const order = orderOf(request.orderBy, fieldOf, statement.defaultOrder);
  const limits = `LIMIT $${params.length + 1} OFFSET $${params.length + 2}`;
  const page = await pool.query<Row>(`SELECT ${statement.select} ${body} ORDER BY ${order} ${limits}`, [
    ...params,
    request.pageSize,
    (request.page - 1) * request.pageSize,
  ]);
  return { rows: page.rows, total: Number(count.rows[0]?.total ?? 0) };
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
