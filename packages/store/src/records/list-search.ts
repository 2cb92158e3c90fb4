/**
 * How the page of a filtered or ordered list is found. Pure: request in, SQL and parameters out.
 *
 * A page is found on its keys alone, and only its own documents are read: a sort would carry those of every match along. What the
 * planner must not be tempted to, and what makes each shape use an index, is said where it is done; the indexes are those of the
 * schema (`@@index`), and of the migrations for what a schema cannot say.
 */
import { type DataTypeKey, dataTypes, type OrderBy, type QueryNode } from '@tributary/model';
import { compileQuery, type ResolvedField, type ResolveField } from './compile-query.ts';
import { CursorError, type ListPosition } from './list-cursor.ts';
import { recordFields } from './list-fields.ts';
import { columnType, type RecordScope } from './spine.ts';

interface Search {
  readonly page: number;
  readonly pageSize: number;
  readonly query?: QueryNode | undefined;
  readonly orderBy?: OrderBy | undefined;
}

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * The statement of a page, one row more than fits on it included, and the one that counts what matches (undefined without a query:
 * everything matches).
 * @param lastSeq the highest number that the page may show when there is no query
 * @param selection what is read of the page's records
 * @throws CursorError
 */
export function searchStatement(
  scope: RecordScope,
  dataType: DataTypeKey,
  lastSeq: number,
  { query, orderBy, page, pageSize }: Search,
  position: ListPosition | undefined,
  selection: string,
): { statement: Statement; count: Statement | undefined } {
  const { table } = dataTypes[dataType];
  const resolve = recordFields(dataType);
  const values: unknown[] = [scope.companyId, scope.connectionId];
  const { matching, count } = matchesOf(dataType, query, lastSeq, resolve, values);
  const counting = count === undefined ? undefined : { text: count, values: [...values] };

  const key = orderBy && sortKey(resolve(orderBy.field), orderBy.descending);
  const offset = position === undefined ? (page - 1) * pageSize : 0;
  const rows = key ? 'seq AS at_seq, KEY AS at_key' : 'seq AS at_seq';
  const branches = mayMislead(query, orderBy?.field)
    ? [fencedBranch(table, matching, key, position, values)]
    : indexBranches(table, matching, key, position, values);
  const limit = `LIMIT ${offset + pageSize + 1}`;
  const found = branches
    .map(({ from, conditions, order, keySql }) => {
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
      return `(SELECT ${rows.replace('KEY', keySql)} FROM ${from} ${where} ORDER BY ${order} ${limit})`;
    })
    .join(' UNION ALL ');
  const order = key ? `found.at_key ${directionOf(key)} NULLS LAST, found.at_seq` : 'found.at_seq';
  const total = counting ? `(${counting.text})` : 'NULL::float8';
  const text = `
    SELECT ${selection}, found.at_seq::text AS at_seq, ${total} AS total${key ? ', found.at_key::text AS at_value' : ''}
    FROM (SELECT * FROM (${found}) AS found ORDER BY ${order} LIMIT ${pageSize + 1} OFFSET ${offset}) AS found
    CROSS JOIN LATERAL (
      SELECT document, modified_at, is_deleted FROM ${table}
      WHERE company_id = $1 AND connection_id = $2 AND seq = found.at_seq
    ) AS stored
    ORDER BY ${order}`;
  return { statement: { text, values }, count: counting };
}

/** The condition of a list's records, and the statement that counts them. */
function matchesOf(
  dataType: DataTypeKey,
  query: QueryNode | undefined,
  lastSeq: number,
  resolve: ResolveField,
  values: unknown[],
): { matching: string; count: string | undefined } {
  const scoped = 'company_id = $1 AND connection_id = $2';
  if (query === undefined)
    return { matching: `${scoped} AND seq <= $${values.push(lastSeq)}::bigint`, count: undefined };
  const deletion = deletionAlone(query);
  if (deletion !== undefined) {
    // The counters of the dataset know the answer, and move in the transactions that move the records.
    return {
      matching: `${scoped} AND ${deletion.condition}`,
      count: `SELECT coalesce(sum(${deletion.counter}), 0)::float8 AS total FROM datasets
        WHERE ${scoped} AND data_type = $${values.push(dataType)}::text`,
    };
  }
  const matching = `${scoped} AND ${compileQuery(query, resolve, values)}`;
  return {
    matching,
    count: `SELECT count(*)::float8 AS total FROM ${dataTypes[dataType].table} WHERE ${matching}`,
  };
}

/** A query that asks for nothing but whether records are marked deleted. */
function deletionAlone(query: QueryNode): { condition: string; counter: string } | undefined {
  if (query.type !== 'comparison' || query.field !== 'metadata.isDeleted') return undefined;
  if (typeof query.value !== 'boolean' || !['=', '!='].includes(query.operator)) return undefined;
  return query.value === (query.operator === '=')
    ? { condition: 'is_deleted', counter: 'deleted_count' }
    : { condition: 'NOT is_deleted', counter: 'record_count - deleted_count' };
}

/**
 * Whether the planner may take an index that only has the order for one that leads to the matches: it expects them to be spread
 * evenly, and where they all lie at the end of the order it reads everything before them. A bound on another property than that of
 * the order can do that (dates rise with the order of storing), and so can alternatives. Equality cannot where an index has it together with
 * the order, and without such an index the count reads as much.
 */
function mayMislead(query: QueryNode | undefined, orderField: string | undefined): boolean {
  if (query === undefined) return false;
  if (query.type === 'comparison') return !['=', '!='].includes(query.operator) && query.field !== orderField;
  return query.type === 'or' || query.nodes.some((node) => mayMislead(node, orderField));
}

type SortKey = {
  /** Expression to sort by. */
  readonly sql: string;
  readonly type: string;
  readonly isDescending: boolean;
  readonly isNullable: boolean;
};

const neverNull: readonly string[] = ['id', 'modified_at', 'is_deleted'];

function sortKey(field: ResolvedField, isDescending: boolean): SortKey {
  const sql = field.kind === 'text' ? `${field.sql} COLLATE "C"` : field.sql;
  return { sql, type: columnType(field.kind), isDescending, isNullable: !neverNull.includes(field.sql) };
}

const directionOf = ({ isDescending }: SortKey) => (isDescending ? 'DESC' : 'ASC');

/** A part of the list, in its order. */
type Branch = {
  readonly from: string;
  readonly conditions: readonly string[];
  readonly order: string;
  /** The sort value in terms of `from`. */
  readonly keySql: string;
};

/** All matches are found first, by whatever leads to them, and sorted then. The planner does not look through OFFSET 0. */
function fencedBranch(
  table: string,
  matching: string,
  key: SortKey | undefined,
  position: ListPosition | undefined,
  values: unknown[],
): Branch {
  const from = `(SELECT seq${key ? `, ${key.sql} AS key` : ''} FROM ${table} WHERE ${matching} OFFSET 0) AS matching`;
  const order = key ? `key ${directionOf(key)} NULLS LAST, seq` : 'seq';
  if (position === undefined) return { from, conditions: [], order, keySql: 'key' };
  const laterSeq = `seq > $${values.push(position.seq)}::bigint`;
  if (key === undefined) return { from, conditions: [laterSeq], order, keySql: 'key' };
  const { equal, beyond } = comparisons('key', key, position, values);
  const later =
    equal === undefined
      ? `(key IS NULL AND ${laterSeq})`
      : `(${beyond} OR (${equal} AND ${laterSeq}) OR key IS NULL)`;
  return { from, conditions: [later], order, keySql: 'key' };
}

/**
 * The list in parts, one after the other in its order, each a range of an index on the property and `seq`: behind a cursor those with
 * its value, then those beyond it, then those without the property. As one condition they would be a filter, not a range.
 */
function indexBranches(
  table: string,
  matching: string,
  key: SortKey | undefined,
  position: ListPosition | undefined,
  values: unknown[],
): Branch[] {
  const laterSeq = position && `seq > $${values.push(position.seq)}::bigint`;
  const branch = (order: string, ...conditions: (string | undefined)[]): Branch => ({
    from: table,
    conditions: [matching, ...conditions.filter((condition) => condition !== undefined)],
    order,
    keySql: key?.sql ?? '',
  });
  if (key === undefined) return [branch('seq', laterSeq)];
  // Without the nulls there is no order of nulls to ask for, and an index serves both directions.
  const ordered = `${key.sql} ${directionOf(key)}, seq`;
  const absent = (...conditions: (string | undefined)[]) =>
    key.isNullable ? [branch('seq', `${key.sql} IS NULL`, ...conditions)] : [];
  if (position === undefined)
    return [branch(ordered, key.isNullable ? `${key.sql} IS NOT NULL` : undefined), ...absent()];
  const { equal, beyond } = comparisons(key.sql, key, position, values);
  if (equal === undefined)
    return absent(laterSeq).concat(key.isNullable ? [] : [branch('seq', laterSeq, 'FALSE')]);
  return [branch('seq', equal, laterSeq), branch(ordered, beyond), ...absent()];
}

/** Records with the value of a position, and those beyond it; undefined where the position has none. */
function comparisons(
  sql: string,
  key: SortKey,
  { value }: ListPosition,
  values: unknown[],
): { equal: string; beyond: string } | { equal: undefined; beyond: undefined } {
  if (value === undefined) throw new CursorError();
  if (value === null) return { equal: undefined, beyond: undefined };
  const bound = `$${values.push(value)}::${key.type}`;
  return { equal: `${sql} = ${bound}`, beyond: `${sql} ${key.isDescending ? '<' : '>'} ${bound}` };
}
