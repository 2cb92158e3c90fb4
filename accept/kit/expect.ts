import { isDeepStrictEqual } from 'node:util';
import { describe, type Exchange } from './http.ts';

/** Something came back that the contract does not allow. The message tells what was expected; the exchange shows it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(message: string, exchange?: Exchange) {
    super(exchange ? `${message} | ${describe(exchange)}` : message);
  }
}

/** What was to be checked could not be tried, because something that it builds on is not there. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
}

/** @throws {Failure} unless the condition holds */
export function expect(condition: unknown, message: string, exchange?: Exchange): asserts condition {
  if (!condition) throw new Failure(message, exchange);
}

/** @throws {Failure} unless both are deeply equal */
export function equal(actual: unknown, expected: unknown, what: string, exchange?: Exchange): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Failure(`${what}: expected ${show(expected)}, got ${show(actual)}`, exchange);
}

/** @throws {Failure} unless the answer has one of the status codes */
export function status(exchange: Exchange, ...codes: number[]): Exchange {
  if (codes.includes(exchange.status)) return exchange;
  throw new Failure(`expected ${codes.join(' or ')}, got ${exchange.status}`, exchange);
}

/** What an earlier point left behind. @throws {NotDone} when it did not */
export function needed<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new NotDone(`needs ${what}`);
  return value;
}

const shownCharacters = 160;

/** A value in a line, shortened. */
export function show(value: unknown): string {
  const text =
    typeof value === 'bigint'
      ? `${value}`
      : (JSON.stringify(value, (_key, inner: unknown) =>
          typeof inner === 'bigint' ? inner.toString() : inner,
        ) ?? String(value));
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
