/**
 * Arrays as parameters. The driver writes them as text, value by value, whatever they hold; a page has some twenty arrays of a thousand
 * values each. Here the large and the plain ones are written as the server keeps them: length and bytes of each element, nothing to be
 * quoted here or read sign by sign there, and JSON needs no separator.
 *
 * Source of the format: PostgreSQL, `array_recv` (src/backend/utils/adt/arrayfuncs.c), and the `…recv` functions of the element types.
 */

import { freshBuffers, type PageBuffers } from '../page-buffers.ts';
import type { ColumnKind } from './spine.ts';

/** JSON as text, or in UTF-8. */
export type JsonText = string | Buffer;

const types = { boolean: 16, text: 25, json: 114, uuid: 2950 } as const;

/** Dimensions, whether some element is null, the type, the number of elements, and the index of the first. */
const headerBytes = 20;
const lengthBytes = 4;
const isNull = -1;

/** @param elementBytes of all elements together, at most */
function begin(
  type: keyof typeof types,
  count: number,
  hasNulls: boolean,
  elementBytes: number,
  buffers: PageBuffers = freshBuffers,
): Buffer {
  const array = buffers.take(headerBytes + count * lengthBytes + elementBytes);
  array.writeInt32BE(1, 0);
  array.writeInt32BE(hasNulls ? 1 : 0, 4);
  array.writeInt32BE(types[type], 8);
  array.writeInt32BE(count, 12);
  array.writeInt32BE(1, 16);
  return array;
}

/** An array of `text`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let most = 0;
  // No character takes more.
  for (const value of values) most += value === null ? 0 : value.length * 3;
  const array = begin('text', values.length, values.includes(null), most);
  let end = headerBytes;
  for (const value of values) {
    const from = end + lengthBytes;
    const length = value === null ? isNull : array.write(value, from);
    array.writeInt32BE(length, end);
    end = from + Math.max(0, length);
  }
  return array.subarray(0, end);
}

const uuidBytes = 16;

/** An array of `uuid`. @param values in hexadecimal digits alone */
export function uuidArray(values: readonly string[]): Buffer {
  const array = begin('uuid', values.length, false, values.length * uuidBytes);
  let end = headerBytes;
  for (const value of values) {
    const from = array.writeInt32BE(uuidBytes, end);
    if (array.write(value, from, 'hex') !== uuidBytes) throw new RangeError('expected 32 hexadecimal digits');
    end = from + uuidBytes;
  }
  return array;
}

/** An array of `boolean`. */
export function booleanArray(values: readonly (boolean | null)[]): Buffer {
  const array = begin('boolean', values.length, values.includes(null), values.length);
  let end = headerBytes;
  for (const value of values) {
    end = array.writeInt32BE(value === null ? isNull : 1, end);
    if (value !== null) end = array.writeUInt8(value ? 1 : 0, end);
  }
  return array.subarray(0, end);
}

/** An array of `json`. What is no JSON is refused by the server. @param buffers where it is written */
export function jsonArray(texts: readonly JsonText[], buffers?: PageBuffers): Buffer {
  let size = 0;
  for (const text of texts) size += Buffer.byteLength(text);
  const array = begin('json', texts.length, false, size, buffers);
  let end = headerBytes;
  for (const text of texts) {
    const from = end + lengthBytes;
    const length = typeof text === 'string' ? array.write(text, from) : text.copy(array, from);
    array.writeInt32BE(length, end);
    end = from + length;
  }
  return array.subarray(0, end);
}

/** An array, as text, of a type whose values are words of their own without quotes: numbers, dates. */
export function plainArray(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** An array of a typed column's values. */
export function columnArray(kind: ColumnKind, values: readonly (string | boolean | null)[]): Buffer | string {
  if (kind === 'text') return textArray(values as readonly (string | null)[]);
  if (kind === 'boolean') return booleanArray(values as readonly (boolean | null)[]);
  return plainArray(values);
}
