/** Records that share a value which should be one record's alone: found on typed columns, by an index where there are many records. */
import { type DataTypeKey, type DuplicateRule, dataTypes } from '@tributary/model';
import type { Pool } from 'pg';
import { inKeyedTransaction } from '../pool.ts';
import { recordByKey } from '../records/by-key.ts';
import type { RecordScope } from '../records/spine.ts';
import { sameText } from '../records/text-prefix.ts';

export interface Duplicate {
  readonly id: string;
  readonly value: string;
  /** How many records have the value. */
  readonly records: number;
}

/** Of a rule, as SQL over rows of the data type's table. */
function sqlOf(rule: DuplicateRule, alias: string) {
  const status =
    rule.exceptStatus === undefined ? undefined : `coalesce(${alias}.status, '') <> '${rule.exceptStatus}'`;
  return {
    value: `${alias}.${rule.column}`,
    also: rule.also === undefined ? `''` : `coalesce(${alias}.${rule.also}, '')`,
    counts: [
      `${alias}.company_id = $1 AND ${alias}.connection_id = $2 AND NOT ${alias}.is_deleted`,
      `${alias}.${rule.column} IS NOT NULL`,
      ...(status === undefined ? [] : [status]),
    ].join(' AND '),
  };
}

/** SQL: records whose value is that of `wanted`, looked up one value after the other. */
function sharing(rule: DuplicateRule, table: string, selection: string, limit = ''): string {
  const other = sqlOf(rule, 'other');
  const also = rule.also === undefined ? '' : ` AND ${other.also} = wanted.also`;
  return `(SELECT ${selection} FROM ${table} AS other WHERE ${other.counts} AND ${sameText(other.value, 'wanted.value')}${also} ${limit})`;
}

/**
 * All of a dataset, in the order of ids, by one walk over it.
 * @param limit of the list; they are counted beyond it
 */
export async function allDuplicates(
  pool: Pool,
  { companyId, connectionId }: RecordScope,
  dataType: DataTypeKey,
  rule: DuplicateRule,
  limit: number,
): Promise<{ readonly duplicates: Duplicate[]; readonly count: number }> {
  const { table } = dataTypes[dataType];
  const record = sqlOf(rule, 'record');
  const { rows } = await pool.query<Duplicate & { count: number }>(
    `WITH shared AS MATERIALIZED (
       SELECT ${record.value} AS value, ${record.also} AS also, count(*)::int AS records
       FROM ${table} AS record WHERE ${record.counts} GROUP BY 1, 2 HAVING count(*) > 1
     )
     SELECT record.id, shared.value, shared.records, count(*) OVER ()::int AS count
     FROM shared JOIN ${table} AS record ON ${record.value} = shared.value AND ${record.also} = shared.also
     WHERE ${record.counts} ORDER BY record.id LIMIT $3`,
    [companyId, connectionId, limit],
  );
  return {
    duplicates: rows.map(({ id, value, records }) => ({ id, value, records })),
    count: rows[0]?.count ?? 0,
  };
}

/** Those among a few records that share their value with others. */
export async function duplicatesAmong(
  pool: Pool,
  { companyId, connectionId }: RecordScope,
  dataType: DataTypeKey,
  rule: DuplicateRule,
  ids: readonly string[],
): Promise<Duplicate[]> {
  const { table } = dataTypes[dataType];
  const record = sqlOf(rule, 'record');
  const { rows } = await inKeyedTransaction(pool, (client) =>
    client.query<Duplicate>(
      `WITH checked AS MATERIALIZED (
       SELECT asked.id, found.value, found.also FROM unnest($3::text[]) AS asked (id)
       CROSS JOIN LATERAL ${recordByKey(`${record.value} AS value, ${record.also} AS also`, table, 'asked.id', record.counts)} AS found
     ), counted AS MATERIALIZED (
       SELECT wanted.value, wanted.also, ${sharing(rule, table, 'count(*)::int')} AS records
       FROM (SELECT DISTINCT value, also FROM checked) AS wanted
     )
     SELECT checked.id, checked.value, counted.records
     FROM checked JOIN counted USING (value, also) WHERE counted.records > 1`,
      [companyId, connectionId, ids],
    ),
  );
  return rows;
}

/** Ids of records that share a value with one that was written since, that one included; at most `limit`. */
export async function duplicatesOfWritten(
  pool: Pool,
  { companyId, connectionId }: RecordScope,
  dataType: DataTypeKey,
  rule: DuplicateRule,
  request: { readonly sinceMs: number; readonly limit: number },
): Promise<string[]> {
  const { table } = dataTypes[dataType];
  const written = sqlOf(rule, 'record');
  const columns = ['company_id', 'connection_id', 'is_deleted', rule.column];
  if (rule.also !== undefined) columns.push(rule.also);
  if (rule.exceptStatus !== undefined) columns.push('status');
  const { rows } = await pool.query<{ id: string }>(
    `WITH wanted AS MATERIALIZED (
       SELECT DISTINCT ${written.value} AS value, ${written.also} AS also
       FROM (
         -- In this order, so that they are found by the index of times, whatever the statistics say.
         SELECT ${columns.join(', ')} FROM ${table} WHERE company_id = $1 AND connection_id = $2 AND modified_at >= $3 ORDER BY modified_at OFFSET 0
       ) AS record WHERE ${written.counts}
     )
     SELECT sharing.id FROM wanted CROSS JOIN LATERAL ${sharing(rule, table, 'other.id', 'LIMIT $4')} AS sharing
     WHERE ${sharing(rule, table, 'count(*)')} > 1 LIMIT $4`,
    [companyId, connectionId, new Date(request.sinceMs).toISOString(), request.limit],
  );
  return rows.map(({ id }) => id);
}
