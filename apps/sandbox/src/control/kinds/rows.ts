/** The rows of an answer, whatever the platform's format: a JSON list, or the elements of a SOAP result. */
import type { FastifyRequest } from 'fastify';
import { type Json, parseJson, writeJson } from '../../exact/json.ts';
import { operationOf } from '../../kashflow/routes.ts';

/** A row is its parsed JSON, or the text of its element. */
export interface Rows {
  readonly rows: readonly Json[];
  /** The answer with other rows in their place. */
  write(rows: readonly Json[]): string;
}

/** `undefined` when the answer is no list. */
export function rowsOf(payload: unknown): Rows | undefined {
  if (typeof payload !== 'string') return undefined;
  if (payload.startsWith('['))
    return { rows: parseJson(payload) as Json[], write: (rows) => writeJson([...rows] as Json) };
  return payload.startsWith('<?xml') ? elementsOf(payload) : undefined;
}

const EMPTY_RESULT = /<(\w+Result) \/>/;
const RESULT = /<(\w+Result)>([\s\S]*)<\/\1>/;

function elementsOf(payload: string): Rows | undefined {
  const empty = EMPTY_RESULT.exec(payload);
  const [found, name, content = ''] = RESULT.exec(payload) ?? [];
  const whole = found ?? empty?.[0];
  const result = name ?? empty?.[1];
  if (whole === undefined || result === undefined) return undefined;
  const tag = /^<(\w+)/.exec(content)?.[1];
  const rows =
    tag === undefined ? [] : (content.match(new RegExp(`<${tag}(?: [^>]*)?>[\\s\\S]*?</${tag}>`, 'g')) ?? []);
  return {
    rows,
    write: (changed) => payload.replace(whole, () => `<${result}>${changed.join('')}</${result}>`),
  };
}

/** Names of the parameters that page a listing; SOAP calls page in their body, and these override it. */
export const OFFSET = 'offset';
export const LIMIT = 'limit';

const PAGE = /<(?:Page|PageNumber)>(\d{1,9})</;

/** Where in the listing a request asks to begin. @param pageSize rows of a page, for listings that count pages */
export function offsetOf(request: FastifyRequest, pageSize: number): number {
  const asked = (request.query as Readonly<Record<string, string | undefined>>)[OFFSET];
  if (asked !== undefined || operationOf(request) === undefined) return Number(asked ?? 0);
  const page = Number(PAGE.exec(String(request.body ?? ''))?.[1] ?? 1);
  return Math.max(0, page - 1) * pageSize;
}
