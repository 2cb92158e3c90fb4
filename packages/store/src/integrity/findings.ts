/** What rules find in the records of a dataset, kept as long as it is so, and copied to each run that looked. */
import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import type { RecordScope } from '../records/spine.ts';
import { integrityRules } from './rules.ts';

export interface Finding {
  /** Id of the record. */
  readonly id: string;
  readonly ruleId: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** How a dataset was last checked. */
export interface IntegrityState {
  /** Days since every record was; undefined: never. */
  readonly daysSinceFullCheck: number | undefined;
  /** A rule found more than is kept. */
  readonly hasMore: boolean;
}

/** Of a rule that finds more than it may keep: the line that tells how many more there are belongs to no record. */
const noRecord = '';

export function hasIntegrityRules(dataType: DataTypeKey): boolean {
  return integrityRules[dataType] !== undefined;
}

export async function readIntegrityState(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
): Promise<IntegrityState> {
  const { rows } = await pool.query<{ days: number | null; more: boolean }>(
    `SELECT (extract(epoch FROM now() - checked_at) / 86400)::float8 AS days, EXISTS (
       SELECT FROM data_findings WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 AND id = $4) AS more
     FROM datasets WHERE company_id = $1 AND connection_id = $2 AND data_type = $3`,
    [scope.companyId, scope.connectionId, dataType, noRecord],
  );
  return { daysSinceFullCheck: rows[0]?.days ?? undefined, hasMore: rows[0]?.more ?? false };
}

/**
 * Ids of records to check, a batch at a time, in order: all of them, or those that the run wrote and those with findings.
 * @param request.after the last id of the batch before; empty starts
 */
export async function recordsToCheck(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
  request: {
    readonly runId: string;
    readonly isFull: boolean;
    readonly after: string;
    readonly limit: number;
  },
): Promise<string[]> {
  const own = 'company_id = $1 AND connection_id = $2';
  const touched = `SELECT id FROM ${dataTypes[dataType].table} WHERE ${own}
      AND modified_at >= (SELECT started_at FROM pull_operations WHERE id = $5)
    UNION SELECT id FROM data_findings WHERE ${own} AND data_type = $6`;
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM ${request.isFull ? `${dataTypes[dataType].table} WHERE ${own} AND` : `(${touched}) AS touched WHERE`} id > $3
     ORDER BY id LIMIT $4`,
    [
      scope.companyId,
      scope.connectionId,
      request.after,
      request.limit,
      ...(request.isFull ? [] : [request.runId, dataType]),
    ],
  );
  return rows.map(({ id }) => id);
}

/** A value that several records of a dataset have, and how many they are. */
export interface SharedValue {
  readonly value: string;
  readonly also: string;
  readonly records: number;
}

/** Books with more of them have one cause behind many. */
const mostSharedValues = 10_000;

/** The values that only one record should have and several do; one walk over the dataset. */
export async function sharedValues(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
): Promise<SharedValue[]> {
  const duplicates = integrityRules[dataType]?.duplicates;
  if (duplicates === undefined) return [];
  const { column, also, condition } = duplicates;
  const { rows } = await pool.query<SharedValue>(
    `SELECT ${column} AS value, ${also === undefined ? `''` : `coalesce(${also}, '')`} AS also, count(*)::int AS records
     FROM ${dataTypes[dataType].table}
     WHERE company_id = $1 AND connection_id = $2 AND NOT is_deleted AND ${column} IS NOT NULL AND ${condition}
     GROUP BY 1, 2 HAVING count(*) > 1 LIMIT ${mostSharedValues}`,
    [scope.companyId, scope.connectionId],
  );
  return rows;
}

/**
 * What the rules find in records now, in the caller's transaction.
 * @param known.currencies codes that there are
 * @param known.shared of the whole dataset: see {@link sharedValues}
 */
export async function findProblems(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  ids: readonly string[],
  known: { readonly currencies: readonly string[]; readonly shared: readonly SharedValue[] },
): Promise<Finding[]> {
  const set = integrityRules[dataType];
  if (set === undefined || ids.length === 0) return [];
  const { table, columns } = dataTypes[dataType];
  const names = ['id', 'document', ...columns.map(({ name }) => name)];
  const rules = set.rules.map(
    ({ id, severity, sql }) =>
      `SELECT found.id, '${id}' AS "ruleId", '${severity}' AS severity, found.message FROM (${sql}) AS found`,
  );
  // PostgreSQL knows no sizes of a batch, its lines, and tables just filled: loops would compare each with each,
  // and compiling the statement, which it does for what it takes for much work, takes longer than the work.
  // Every rule reads the batch again, which should stay in memory for it.
  await client.query("SET LOCAL enable_nestloop = off; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'");
  const { rows } = await client.query<Finding>(
    `WITH base AS (
       SELECT max(base_currency) AS currency FROM company_info WHERE company_id = $1 AND connection_id = $2 AND $4::text[] IS NOT NULL
     ), candidate AS MATERIALIZED (
       SELECT ${names.join(', ')} FROM ${table}
       WHERE company_id = $1 AND connection_id = $2 AND id = ANY ($3::text[]) AND NOT is_deleted
     ), same AS MATERIALIZED (
       SELECT * FROM unnest($5::text[], $6::text[], $7::int[]) AS shared (value, also, records)
     ), ${[...set.parts, `found AS (${rules.join(' UNION ALL ')})`].join(', ')}
     SELECT * FROM found ORDER BY "ruleId", id`,
    [
      scope.companyId,
      scope.connectionId,
      ids,
      known.currencies,
      known.shared.map(({ value }) => value),
      known.shared.map(({ also }) => also),
      known.shared.map(({ records }) => records),
    ],
  );
  await client.query(
    'SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL jit TO DEFAULT; SET LOCAL work_mem TO DEFAULT',
  );
  return rows;
}

/** Makes the findings of checked records these, in the caller's transaction; a finding that stays as it was is not rewritten. */
export async function replaceFindings(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  ids: readonly string[],
  findings: readonly Finding[],
): Promise<void> {
  await client.query(
    `WITH found AS MATERIALIZED (
       SELECT id, rule_id, severity, string_agg(message, ' ' ORDER BY message) AS message
       FROM unnest($5::text[], $6::text[], $7::text[], $8::text[]) AS found (id, rule_id, severity, message)
       GROUP BY id, rule_id, severity
     ), gone AS (
       DELETE FROM data_findings AS kept
       WHERE kept.company_id = $1 AND kept.connection_id = $2 AND kept.data_type = $3 AND kept.id = ANY ($4::text[])
         AND NOT EXISTS (SELECT FROM found WHERE found.id = kept.id AND found.rule_id = kept.rule_id)
     )
     INSERT INTO data_findings AS kept (company_id, connection_id, data_type, id, rule_id, severity, message)
     SELECT $1, $2, $3, id, rule_id, severity, message FROM found
     ON CONFLICT (company_id, connection_id, data_type, id, rule_id)
     DO UPDATE SET severity = excluded.severity, message = excluded.message
     WHERE (kept.severity, kept.message) IS DISTINCT FROM (excluded.severity, excluded.message)`,
    [
      scope.companyId,
      scope.connectionId,
      dataType,
      ids,
      findings.map(({ id }) => id),
      findings.map(({ ruleId }) => ruleId),
      findings.map(({ severity }) => severity),
      findings.map(({ message }) => message),
    ],
  );
}

/** How many findings there are beyond those kept, by rule. */
export function recordMoreFindings(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  more: readonly Omit<Finding, 'id'>[],
): Promise<void> {
  const findings = more.map((finding) => ({ ...finding, id: noRecord }));
  return replaceFindings(client, scope, dataType, [noRecord], findings);
}

/** Every record was checked. */
export async function recordFullCheck(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
): Promise<void> {
  await client.query(
    'UPDATE datasets SET checked_at = now() WHERE company_id = $1 AND connection_id = $2 AND data_type = $3',
    [scope.companyId, scope.connectionId, dataType],
  );
}

/**
 * Gives a run the findings that its dataset has, in place of those that it got before it was taken over.
 * @returns by how much its count of warnings grew
 */
export async function copyFindings(
  client: ClientBase,
  run: RecordScope & { readonly id: string; readonly dataType: DataTypeKey },
): Promise<number> {
  const { rowCount: before } = await client.query(
    `DELETE FROM data_warnings WHERE run_id = $1 AND rule_id LIKE 'accounting-%'`,
    [run.id],
  );
  const { rowCount } = await client.query(
    `INSERT INTO data_warnings (company_id, run_id, severity, rule_id, item_id, message)
     SELECT $1, $4, severity, rule_id, nullif(id, $5), message FROM data_findings
     WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 ORDER BY severity, rule_id, id = $5, id`,
    [run.companyId, run.connectionId, run.dataType, run.id, noRecord],
  );
  return (rowCount ?? 0) - (before ?? 0);
}
