import { Decimal, parseDecimal } from './decimal.ts';

/** JSON in which integers are `bigint` and other numbers are `Decimal`, so that no digit is lost either way. */
export type Json =
  | null
  | boolean
  | string
  | number
  | bigint
  | Decimal
  | readonly Json[]
  | { readonly [member: string]: Json | undefined };

/** Writes JSON text with exact numbers. Members that are `undefined` are left out: absent is absent. */
export function writeJson(value: Json | object): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
    case 'boolean':
      return value.toString();
    case 'number':
      return JSON.stringify(value);
    default:
      break;
  }
  if (value === null) return 'null';
  if (value instanceof Decimal) return value.toString();
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  let text = '{';
  for (const [member, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(member)}:${writeJson(inner)}`;
  }
  return `${text}}`;
}

/** Parses JSON text into exact numbers. Throws `SyntaxError` on malformed text. */
export function parseJson(text: string): Json {
  const exactly = (_member: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== 'number') return value;
    const exact = parseDecimal(context?.source ?? String(value));
    if (!exact) return value;
    return exact.scale === 0 ? exact.digits : exact;
  };
  // `JSON.parse` yields just these shapes once its numbers are replaced.
  return JSON.parse(text, exactly) as Json;
}
