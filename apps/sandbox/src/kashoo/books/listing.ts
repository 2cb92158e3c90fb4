import type { SQLInputValue } from 'node:sqlite';
import type { BookStore } from './store.ts';

/** Sort columns that a caller may name, and what they are in the table of records. */
export const RECORD_SORTS: Readonly<Record<string, string>> = {
  id: 'id',
  date: 'date',
  number: 'number',
  creation: 'created_ms',
  lastModified: 'modified_ms',
  totalDue: 'total',
  amount: 'total',
};

export interface RecordQuery {
  /** No type: all of them. */
  types: readonly string[];
  startDate?: string | undefined;
  endDate?: string | undefined;
  modifiedSinceMs?: bigint | undefined;
  contact?: bigint | undefined;
  includeRemoved: boolean;
  /** A value of `RECORD_SORTS`. */
  sort: string;
  descending: boolean;
  offset: number;
  limit: number;
}

interface Position {
  key: SQLInputValue;
  id: SQLInputValue;
}

/**
 * So many changes are found by their time and sorted. SQLite would walk through the whole list for them, however long it is: its plan
 * does not depend on how recent the wanted changes are.
 */
const FEW_CHANGES = 5_000;

/** How many positions of how many lists are remembered for one store. */
const REMEMBERED_POSITIONS = 2_000;

/**
 * Pages of records. A page read in sequence starts where the one before it ended (a key range, however deep); a page out of sequence,
 * or after any change of the books, counts its way there over an index. Both give exactly what OFFSET would. Records come as the UTF-8
 * that lies in the file: as texts, a page would be decoded, copied twice as wide, and encoded again.
 */
export function createRecordListing(store: BookStore): { page(query: RecordQuery): Uint8Array[] } {
  let remembered = new Map<string, Position>();
  let rememberedVersion = store.version;

  const remember = (name: string, position: Position): void => {
    remembered.set(name, position);
    if (remembered.size > REMEMBERED_POSITIONS) {
      const oldest = remembered.keys().next();
      if (!oldest.done) remembered.delete(oldest.value);
    }
  };

  return {
    page: (query) => {
      if (rememberedVersion !== store.version) {
        remembered = new Map();
        rememberedVersion = store.version;
      }
      const { where, values } = conditionsOf(query);
      const order = query.descending ? 'DESC' : 'ASC';
      const name = JSON.stringify([where, values.map(String), query.sort, order]);
      const columns = `r.${query.sort} AS sort_key, r.id`;
      const ordering = `ORDER BY ${query.sort === 'id' ? '' : `r.${query.sort} ${order}, `}r.id ${order}`;
      const source = sourceOf(store, query);
      let seek = '';
      const seekValues: SQLInputValue[] = [];
      if (query.offset > 0) {
        const position =
          remembered.get(`${name}@${query.offset}`) ??
          locate(store, source, where, values, columns, ordering, query.offset);
        if (!position) return [];
        const beyond = query.descending ? '<' : '>';
        seek = query.sort === 'id' ? `AND r.id ${beyond} ?` : `AND (r.${query.sort}, r.id) ${beyond} (?, ?)`;
        seekValues.push(...(query.sort === 'id' ? [] : [position.key]), position.id);
      }
      const rows = store.all(
        `SELECT ${columns}, CAST(b.body AS BLOB) AS body FROM ${source} JOIN bodies b ON b.id = r.id WHERE ${where} ${seek} ${ordering} LIMIT ?`,
        ...values,
        ...seekValues,
        query.limit,
      );
      const last = rows.at(-1);
      if (last)
        remember(`${name}@${query.offset + rows.length}`, {
          key: last['sort_key'] ?? null,
          id: last['id'] ?? null,
        });
      return rows.map(({ body }) => (body instanceof Uint8Array ? body : new Uint8Array()));
    },
  };
}

/** The table, with the index to use when that is known better here. */
function sourceOf(store: BookStore, { types, modifiedSinceMs }: RecordQuery): string {
  const [onlyType] = types;
  if (onlyType === undefined || types.length > 1 || modifiedSinceMs === undefined) return 'records r';
  const changes = store.get(
    `SELECT count(*) AS found FROM (
       SELECT 1 FROM records INDEXED BY records_by_change WHERE type = ? AND modified_ms >= ? LIMIT ?)`,
    onlyType,
    modifiedSinceMs,
    FEW_CHANGES,
  );
  return Number(changes?.['found']) < FEW_CHANGES ? 'records r INDEXED BY records_by_change' : 'records r';
}

function locate(
  store: BookStore,
  source: string,
  where: string,
  values: readonly SQLInputValue[],
  columns: string,
  ordering: string,
  offset: number,
): Position | undefined {
  const row = store.get(
    `SELECT ${columns} FROM ${source} WHERE ${where} ${ordering} LIMIT 1 OFFSET ?`,
    ...values,
    offset - 1,
  );
  return row && { key: row['sort_key'] ?? null, id: row['id'] ?? null };
}

function conditionsOf(query: RecordQuery): { where: string; values: SQLInputValue[] } {
  const conditions: string[] = ['1'];
  const values: SQLInputValue[] = [];
  const add = (condition: string, ...bound: SQLInputValue[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  const [onlyType] = query.types;
  if (onlyType !== undefined && query.types.length === 1) add('r.type = ?', onlyType);
  else if (query.types.length > 1)
    add(`r.type IN (${query.types.map(() => '?').join(', ')})`, ...query.types);
  if (query.contact !== undefined) add('r.contact = ?', query.contact);
  if (query.startDate !== undefined) add('r.date >= ?', query.startDate);
  if (query.endDate !== undefined) add('r.date <= ?', query.endDate);
  if (query.modifiedSinceMs !== undefined) add('r.modified_ms >= ?', query.modifiedSinceMs);
  if (!query.includeRemoved) add('r.removed = 0');
  return { where: conditions.join(' AND '), values };
}
