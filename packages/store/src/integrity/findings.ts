/** What rules find in the records of a dataset, kept as long as it is so, and copied to each run that looked. */
import type { DataTypeKey } from '@tributary/model';
import type { ClientBase, Pool } from 'pg';
import type { RecordScope } from '../records/spine.ts';

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

/** Ids of the records that have findings. */
export async function recordsWithFindings(
  pool: Pool,
  scope: RecordScope,
  dataType: DataTypeKey,
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT DISTINCT id FROM data_findings WHERE company_id = $1 AND connection_id = $2 AND data_type = $3 AND id <> $4`,
    [scope.companyId, scope.connectionId, dataType, noRecord],
  );
  return rows.map(({ id }) => id);
}

/**
 * Makes the findings of checked records these, in the caller's transaction; a finding that stays as it was is not rewritten.
 * @param findings at most one for a record and a rule
 */
export async function replaceFindings(
  client: ClientBase,
  scope: RecordScope,
  dataType: DataTypeKey,
  ids: readonly string[],
  findings: readonly Finding[],
): Promise<void> {
  await client.query(
    `WITH found AS MATERIALIZED (
       SELECT * FROM unnest($5::text[], $6::text[], $7::text[], $8::text[]) AS found (id, rule_id, severity, message)
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
