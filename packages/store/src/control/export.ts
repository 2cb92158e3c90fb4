/**
 * Everything that is kept of a company as lines of JSON, for taking it elsewhere. Records are walked by their sequence number, some
 * hundred at a time, each batch by a statement of its own: memory stays flat, no snapshot is held while somebody reads slowly, and
 * a record that is there from the first line to the last is exported once. Documents leave as the text that they are stored as.
 */
import { type DataTypeKey, dataTypeKeys, dataTypes } from '@tributary/model';
import type { Pool } from 'pg';
import { storedRecord } from '../records/list.ts';
import type { RecordScope } from '../records/spine.ts';
import { shownStatusSql } from '../runs/pull-operations.ts';

/** The company was deleted while it was exported: what was written so far is not all of it, and must not pass for it. */
export class CompanyGoneError extends Error {
  override readonly name = 'CompanyGoneError';
  constructor() {
    super('The company was deleted while it was exported');
  }
}

const batchSize = 200;

/** `YYYY-MM-DDTHH:MM:SS.sssZ`, as everywhere in the API. */
const instant = (column: string, name: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${name}`;

/** Selections name their members as the lines do; PostgreSQL writes the lines, without members that have no value. */
const parts = {
  company: `SELECT 'company' AS kind, id, name, description, tags, nullif(products, '{}') AS products, parent_id AS "parentId", ${instant('created_at', 'created')} FROM companies WHERE id = $1`,
  connection: `SELECT 'connection' AS kind, id, platform_key AS "platformKey", status, business_id AS "businessId",
      business_name AS "businessName", connection_info AS "connectionInfo", ${instant('linked_at', 'linked')}, ${instant('last_sync_at', '"lastSync"')}, ${instant('created_at', 'created')}
    FROM connections WHERE company_id = $1 ORDER BY created_at, id`,
  pushOperation: `SELECT 'pushOperation' AS kind, id, connection_id AS "connectionId", data_type AS "dataType", status, error_message AS "errorMessage",
      changes, ${instant('created_at', 'requested')}, ${instant('completed_at', 'completed')}
    FROM push_operations WHERE company_id = $1 ORDER BY created_at, id`,
  consent: `SELECT 'consent' AS kind, id, connection_id AS "connectionId", page_version AS "pageVersion", data_types AS "dataTypes",
      ${instant('agreed_at', 'agreed')}, ${instant('withdrawn_at', 'withdrawn')}
    FROM consents WHERE company_id = $1 ORDER BY agreed_at, id`,
  syncSetting: `SELECT 'syncSetting' AS kind, data_type AS "dataType", fetch_on_first_link AS "fetchOnFirstLink", sync_schedule AS "syncSchedule",
      sync_order AS "syncOrder", ${instant('sync_from_utc', '"syncFromUtc"')}, sync_from_window AS "syncFromWindow", months_to_sync AS "monthsToSync",
      is_locked AS "isLocked"
    FROM company_sync_settings WHERE company_id = $1 ORDER BY sync_order, data_type`,
} as const;

/** A page of what grows with the years, after a position. */
const page = (lines: string): string =>
  `SELECT id, at, json_strip_nulls((row_to_json(line)::jsonb - 'at')::json)::text AS line FROM (${lines}) AS line`;

/** From the oldest to the newest, by kind. */
const logs = {
  pullOperation:
    page(`SELECT 'pullOperation' AS kind, id, connection_id AS "connectionId", data_type AS "dataType", "trigger", ${shownStatusSql('run')} AS status, error_message AS "errorMessage",
      ${instant('requested_at', 'requested')}, ${instant('started_at', 'started')}, ${instant('completed_at', 'completed')}, records_read AS "recordsRead", inserted, changed, unchanged,
      deleted, quarantined, warnings, requested_at::text AS at
    FROM pull_operations AS run
    WHERE company_id = $1 AND ($2::timestamptz IS NULL OR (requested_at, id) > ($2::timestamptz, $3::uuid))
    ORDER BY requested_at, id LIMIT ${batchSize}`),
  webhookEvent:
    page(`SELECT 'webhookEvent' AS kind, id, event_type AS "eventType", ${instant('created_at', 'created')}, body::json AS body, created_at::text AS at
    FROM webhook_events
    WHERE company_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) > ($2::timestamptz, $3::uuid))
    ORDER BY created_at, id LIMIT ${batchSize}`),
} as const;

/** How many lines of each kind were written; the last line tells it. */
type Tally = Record<string, number>;

/**
 * The lines of a company's export, each ended by a line break, some at a time. The last one has the kind `end`, and counts the
 * others: a file without it is not whole.
 * @returns undefined when there is no such company, or it is not this client's
 * @throws CompanyGoneError while it is read
 */
export async function exportCompany(
  pool: Pool,
  company: { companyId: string; clientId?: string },
): Promise<AsyncGenerator<string, void, void> | undefined> {
  return (await isThere(pool, company)) ? linesOf(pool, company) : undefined;
}

async function isThere(
  pool: Pool,
  { companyId, clientId }: { companyId: string; clientId?: string },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'SELECT FROM companies WHERE id = $1 AND ($2::uuid IS NULL OR client_id = $2)',
    [companyId, clientId ?? null],
  );
  return rowCount === 1;
}

async function* linesOf(
  pool: Pool,
  company: { companyId: string; clientId?: string },
): AsyncGenerator<string, void, void> {
  const { companyId } = company;
  const tally: Tally = {};
  const count = (kind: string, lines: number): void => {
    if (lines > 0) tally[kind] = (tally[kind] ?? 0) + lines;
  };
  for (const [kind, selection] of Object.entries(parts)) {
    const { rows } = await pool.query<{ line: string }>(
      `SELECT json_strip_nulls(row_to_json(line))::text AS line FROM (${selection}) AS line`,
      [companyId],
    );
    count(kind, rows.length);
    if (rows.length > 0) yield rows.map(({ line }) => `${line}\n`).join('');
  }
  for (const connectionId of await connectionsOf(pool, companyId)) {
    for (const dataType of dataTypeKeys) {
      for await (const lines of recordLines(pool, { companyId, connectionId }, dataType)) {
        count('record', lines.length);
        yield lines.join('');
      }
    }
    for await (const lines of customRecordLines(pool, { companyId, connectionId })) {
      count('customRecord', lines.length);
      yield lines.join('');
    }
  }
  for (const [kind, log] of Object.entries(logs)) {
    for await (const lines of logLines(pool, log, companyId)) {
      count(kind, lines.length);
      yield lines.join('');
    }
  }
  if (!(await isThere(pool, company))) throw new CompanyGoneError();
  yield `${JSON.stringify({ kind: 'end', lines: tally })}\n`;
}

async function connectionsOf(pool: Pool, companyId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM connections WHERE company_id = $1 ORDER BY created_at, id',
    [companyId],
  );
  return rows.map(({ id }) => id);
}

async function* recordLines(
  pool: Pool,
  { companyId, connectionId }: RecordScope,
  dataType: DataTypeKey,
): AsyncGenerator<string[], void, void> {
  for (let after = '0'; ; ) {
    const { rows } = await pool.query<{
      id: string;
      seq: string;
      document: string;
      modified: string;
      is_deleted: boolean;
    }>({
      name: `export-${dataType}`,
      text: `SELECT id, seq::text, document::text AS document, modified_at::text AS modified, is_deleted FROM ${dataTypes[dataType].table} AS stored
        WHERE company_id = $1 AND connection_id = $2 AND stored.seq > $3::bigint ORDER BY stored.seq LIMIT ${batchSize}`,
      values: [companyId, connectionId, after],
    });
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.seq;
    yield rows.map((row) => recordLine(connectionId, dataType, row.id, storedRecord(row)));
    if (rows.length < batchSize) return;
  }
}

function recordLine(
  connectionId: string,
  dataType: DataTypeKey,
  id: string,
  { isDeleted, modifiedAt, document }: ReturnType<typeof storedRecord>,
): string {
  const head = { kind: 'record', connectionId, dataType, id, isDeleted, modifiedDate: modifiedAt };
  // The document's digits are those that were stored: it is never parsed.
  return `${JSON.stringify(head).slice(0, -1)},"document":${document}}\n`;
}

/** Of data types that the client defined itself. */
async function* customRecordLines(
  pool: Pool,
  { companyId, connectionId }: RecordScope,
): AsyncGenerator<string[], void, void> {
  for (let after: { identifier: string; id: string } = { identifier: '', id: '' }; ; ) {
    const { rows } = await pool.query<{ identifier: string; id: string; modified: string; content: string }>(
      `SELECT identifier, id, ${instant('modified_at', 'modified')}, content::text AS content FROM custom_data_records
       WHERE company_id = $1 AND connection_id = $2 AND (identifier, id) > ($3, $4) ORDER BY identifier, id LIMIT ${batchSize}`,
      [companyId, connectionId, after.identifier, after.id],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last;
    yield rows.map(({ identifier, id, modified, content }) => {
      const head = { kind: 'customRecord', connectionId, identifier, id, modifiedDate: modified };
      return `${JSON.stringify(head).slice(0, -1)},"content":${content}}\n`;
    });
    if (rows.length < batchSize) return;
  }
}

async function* logLines(pool: Pool, log: string, companyId: string): AsyncGenerator<string[], void, void> {
  for (let after: { at: string; id: string } | undefined; ; ) {
    const { rows } = await pool.query<{ id: string; at: string; line: string }>(log, [
      companyId,
      after?.at ?? null,
      after?.id ?? null,
    ]);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last;
    yield rows.map(({ line }) => `${line}\n`);
    if (rows.length < batchSize) return;
  }
}
