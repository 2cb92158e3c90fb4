/** What nothing that does this work can be faster than: reading the pages, and writing the rows, each by itself and by the best means. */
import { Agent, get } from 'node:http';
import type { Lookup, PlatformSession } from '@tributary/connector-kit';
import { dataTypes } from '@tributary/model';
import { columnArray, jsonArray, plainArray, textArray, uuidArray } from '@tributary/store';
import { normalisePage } from '@tributary/sync';
import pg from 'pg';
import type { House } from './house.ts';

/** Paths of the pages that a sync asks for, with an access token. */
export interface Listing {
  readonly urls: readonly string[];
  readonly accessToken: string;
}

/** Reads every page of a listing and throws it away. @returns seconds */
export async function readAndDiscard(listing: Listing): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const startedMs = performance.now();
  for (const url of listing.urls) {
    await new Promise<void>((done, fail) => {
      get(url, { agent, headers: { authorization: `Bearer ${listing.accessToken}` } }, (answer) => {
        if (answer.statusCode !== 200) fail(new Error(`${url}: ${answer.statusCode}`));
        answer.on('data', () => undefined).on('end', done);
      }).on('error', fail);
    });
  }
  const seconds = (performance.now() - startedMs) / 1000;
  agent.destroy();
  return seconds;
}

/** The rows of one page, as parameters of a statement. */
interface PageRows {
  readonly count: number;
  readonly raw: readonly unknown[];
  readonly records: readonly unknown[];
}

export interface MappedBook {
  readonly pages: readonly PageRows[];
  readonly records: number;
}

/** What a first sync of invoices asks the platform for. */
export const everyInvoice = {
  dataType: 'invoices',
  modifiedSinceMs: undefined,
  fromDate: undefined,
  checkpoint: undefined,
} as const;

/** Reads and maps the invoices of a business, so that only the writing is left to do. */
export async function mapInvoices(
  house: House,
  session: PlatformSession,
  lookup: Lookup,
): Promise<MappedBook> {
  const pages: PageRows[] = [];
  for await (const page of house.connector.pull(session, everyInvoice)) {
    const { records, raw } = await normalisePage(house.connector, 'invoices', page, lookup);
    pages.push({
      count: records.length,
      raw: [
        textArray(raw.map((row) => row.id)),
        jsonArray(raw.map((row) => row.raw)),
        uuidArray(raw.map((row) => row.rawHash)),
      ],
      records: [
        textArray(records.map((row) => row.id)),
        jsonArray(records.map((row) => row.document)),
        uuidArray(records.map((row) => row.contentHash)),
        plainArray(records.map((row) => row.sourceModifiedAt ?? null)),
        ...dataTypes.invoices.columns.map(({ kind }, index) =>
          columnArray(
            kind,
            records.map((row) => row.columns[index] ?? null),
          ),
        ),
      ],
    });
  }
  return { pages, records: pages.reduce((sum, { count }) => sum + count, 0) };
}

const sqlTypes = {
  text: 'text',
  numeric: 'numeric',
  localDate: 'timestamp',
  instant: 'timestamptz',
  boolean: 'boolean',
} as const;

/**
 * Writes mapped rows to every table that a first sync of invoices writes, a page in a transaction: records, raw records, the
 * dataset's counters, the run's progress and the request log. It asks nothing: no look at what is stored, no lock, no fence.
 * @returns seconds
 */
export async function writeRows(
  databaseUrl: string,
  run: { companyId: string; connectionId: string; runId: string },
  book: MappedBook,
): Promise<number> {
  const { columns, table } = dataTypes.invoices;
  const names = columns.map(({ name }) => `, ${name}`).join('');
  const arrays = columns.map(({ kind }, index) => `, $${index + 8}::${sqlTypes[kind]}[]`).join('');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const scope = [run.companyId, run.connectionId];
  let seq = 0;
  const startedMs = performance.now();
  for (const page of book.pages) {
    await client.query('BEGIN');
    await client.query({
      name: 'raw',
      text: `INSERT INTO raw_records (company_id, connection_id, data_type, id, raw, raw_hash, mapping_version)
             SELECT $1, $2, 'invoices', id, raw, hash, 1 FROM unnest($3::text[], $4::json[], $5::uuid[]) AS input (id, raw, hash)`,
      values: [...scope, ...page.raw],
    });
    await client.query({
      name: 'records',
      text: `INSERT INTO ${table} (company_id, connection_id, seq, modified_at, is_deleted, id, document, content_hash, source_modified_at${names})
             SELECT $1, $2, $3::bigint + position, now(), false, id, document, content_hash, source_modified_at${names}
             FROM unnest($4::text[], $5::json[], $6::uuid[], $7::timestamptz[]${arrays})
               WITH ORDINALITY AS input (id, document, content_hash, source_modified_at${names}, position)`,
      values: [...scope, seq, ...page.records],
    });
    await client.query({
      name: 'book-keeping',
      text: `WITH counted AS (
               UPDATE datasets SET last_seq = last_seq + $4, record_count = record_count + $4
               WHERE company_id = $1 AND connection_id = $2 AND data_type = 'invoices'
             ), requested AS (
               INSERT INTO upstream_requests (company_id, run_id, method, path, status, started_at, duration_ms, bytes, attempt, records)
               VALUES ($1, $3, 'GET', '/records/invoices', 200, now(), 10, 1000000, 1, $4)
             )
             UPDATE pull_operations SET pages = pages + 1, records_read = records_read + $4, inserted = inserted + $4,
               checkpoint = '{"offset":0}', lease_until = now() + interval '30 s' WHERE id = $3`,
      values: [...scope, run.runId, page.count],
    });
    await client.query('COMMIT');
    seq += page.count;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  await client.end();
  return seconds;
}
