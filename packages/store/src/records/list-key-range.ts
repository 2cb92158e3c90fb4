/** A page of a list without query and order in one round trip: whose records, its dataset's counters and the records together. */
import { type DataTypeKey, dataTypes } from '@tributary/model';
import type { Pool } from 'pg';
import { type ByteText, queryBytes, textOf } from '../byte-rows.ts';
import { type RecordPage, recordOf } from './list.ts';
import { peekCursor } from './list-cursor.ts';
import { column, keyRange, planList, type RecordListRequest, selection } from './list-plan.ts';
import {
  type RecordSource,
  type SourceRequest,
  type SourceRow,
  sourceOf,
  sourceSelection,
} from './list-source.ts';

/** A source with one page of its records. */
export interface SourceWithPage extends RecordSource {
  /**
   * The page; to be asked for when the source can be read.
   * @throws CursorError when the cursor belongs to another list
   */
  readonly page: () => RecordPage;
}

/** Whether {@link readKeyRange} can read the page: there is no query, no order, and a cursor is one by its form. */
export function isKeyRange({ query, orderBy, cursor }: RecordListRequest): boolean {
  const isPlain = query === undefined && orderBy === undefined;
  return isPlain && (cursor === undefined || peekCursor(cursor) !== undefined);
}

/**
 * Finds the source of a data type's records (see `findRecordSource`) and reads a page of them.
 * @param request one that {@link isKeyRange} accepts
 * @returns undefined when the client has no such company
 */
export async function readKeyRange(
  pool: Pool,
  clientId: string,
  source: SourceRequest,
  dataType: DataTypeKey,
  request: RecordListRequest,
): Promise<SourceWithPage | undefined> {
  const position = request.cursor === undefined ? undefined : peekCursor(request.cursor);
  const { after, upTo } = keyRange(request, position);
  const rows = await queryBytes(pool, {
    name: `page-of-${source.connectionId === undefined ? 'company' : 'connection'}-${dataType}`,
    text: statementOf(source, dataType),
    values: [
      clientId,
      source.companyId,
      dataType,
      after,
      upTo,
      ...(source.connectionId === undefined ? [] : [source.connectionId]),
    ],
  });
  const told = rows[0]?.[toldColumn];
  if (told === undefined || told === null) return undefined;
  const found = sourceOf(clientId, source, sourceRowOf(told));
  return {
    ...found,
    page: () => {
      const { connection, counters } = found;
      if (connection === undefined || counters === undefined) throw new Error('the source cannot be read');
      const scope = { companyId: source.companyId, connectionId: connection.id };
      // Refuses a cursor whose place the statement has used, but which is of another list.
      const plan = planList(scope, dataType, counters, request);
      const records = rows.filter((row) => row[column.document] !== null).map(recordOf);
      return { records, total: counters.recordCount, ...plan.end(undefined, false) };
    },
  };
}

/** Behind the columns of a record stands what is known of the source, on every row the same. */
const toldColumn = 3;

/**
 * There is one source at most, so that its records come in the order in which the inner selection reads them. That selection sees no
 * parameter, only what the source says: what the planner expects is then the same for all of them, and it plans the statement once.
 */
function statementOf(source: SourceRequest, dataType: DataTypeKey): string {
  return `
    WITH source AS MATERIALIZED (
      SELECT found.id, $2::uuid AS company_id, $4::bigint AS after, least($5::bigint, last_seq::bigint) AS up_to,
        json_build_array(id, platform_key, status, is_requested, record_count, last_seq)::text AS told
      FROM (${sourceSelection(source, '$6')}) AS found
    )
    SELECT page.document, page.modified, page.is_deleted, source.told
    FROM source LEFT JOIN LATERAL (
      SELECT ${selection} FROM ${dataTypes[dataType].table}
      WHERE company_id = source.company_id AND connection_id = source.id AND seq > source.after AND seq <= source.up_to
      ORDER BY seq
    ) AS page ON true`;
}

function sourceRowOf(told: ByteText): SourceRow {
  const [id, platform_key, status, is_requested, record_count, last_seq] = JSON.parse(textOf(told));
  return { id, platform_key, status, is_requested, record_count, last_seq };
}
