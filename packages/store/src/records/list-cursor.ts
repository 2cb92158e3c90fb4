/**
 * Cursors: where a page ended, as an opaque text that a client sends back with the next page number.
 *
 * A cursor belongs to one list in one order (data type, connection, query, order, page size) and to one page of it; with anything
 * else it is refused, for silently serving another page's records would repeat or skip some. It is neither secret nor trusted:
 * what it holds goes into parameters of a statement that names the scope itself.
 */
import { hash } from 'node:crypto';

/** A record's place in its list: the value it is ordered by, as PostgreSQL writes it, and its number. */
export interface ListPosition {
  /** Null where the record lacks the property; absent where `seq` alone orders. */
  readonly value?: string | null;
  /** Decimal digits. */
  readonly seq: string;
}

/** The cursor of a request is malformed or belongs to another list or page. The message can be shown to a client. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  constructor() {
    super('The cursor does not belong to this page of this list; follow the links of the first page.');
  }
}

/** Values longer than this do not go into a cursor: links have to stay short. */
export const MAX_CURSOR_VALUE_LENGTH = 500;
const MAX_CURSOR_LENGTH = 8_000;

/**
 * What ties a cursor to its list and page.
 * @param parts everything that decides which records are where
 */
export function cursorBinding(parts: readonly (string | number)[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 12);
}

/** The cursor that leads to the page of `binding`; undefined when the value is too long for a link. */
export function encodeCursor(binding: string, position: ListPosition): string | undefined {
  if ((position.value?.length ?? 0) > MAX_CURSOR_VALUE_LENGTH) return undefined;
  const fields =
    position.value === undefined ? [binding, position.seq] : [binding, position.seq, position.value];
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

/**
 * Reads a cursor back.
 * @param hasValue whether the list is ordered by a property
 * @throws CursorError
 */
export function decodeCursor(cursor: string, binding: string, hasValue: boolean): ListPosition {
  const fields = cursor.length > MAX_CURSOR_LENGTH ? undefined : parseFields(cursor);
  if (!Array.isArray(fields) || fields.length !== (hasValue ? 3 : 2)) throw new CursorError();
  const [bound, seq, value] = fields as readonly unknown[];
  if (bound !== binding || !isSeq(seq)) throw new CursorError();
  if (!hasValue) return { seq };
  if (value !== null && typeof value !== 'string') throw new CursorError();
  return { seq, value };
}

/** The place that a cursor of a list without an order names, whatever list it belongs to; undefined when it has another form. */
export function peekCursor(cursor: string): ListPosition | undefined {
  const fields = cursor.length > MAX_CURSOR_LENGTH ? undefined : parseFields(cursor);
  if (!Array.isArray(fields) || fields.length !== 2 || !isSeq(fields[1])) return undefined;
  return { seq: fields[1] };
}

const isSeq = (seq: unknown): seq is string => typeof seq === 'string' && /^[0-9]{1,18}$/.test(seq);

function parseFields(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
