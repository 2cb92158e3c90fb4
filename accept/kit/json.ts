import { Exact } from './exact.ts';
import { Failure } from './expect.ts';
import type { Exchange } from './http.ts';

/** JSON in which every number keeps the digits that came over the wire. */
export type Json =
  | null
  | boolean
  | string
  | Exact
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

/** The body of an answer, numbers as {@link Exact}. @throws {Failure} when it is no JSON */
export function json(exchange: Exchange): Json {
  try {
    return parseExact(exchange.text);
  } catch {
    throw new Failure('the body is no JSON', exchange);
  }
}

/** Parses JSON without sending a number through binary floating point. */
export function parseExact(text: string): Json {
  const keep = (_key: string, value: unknown, context?: { source: string }): unknown =>
    typeof value === 'number' ? new Exact(context?.source ?? String(value)) : value;
  return JSON.parse(text, keep) as Json;
}

export type Path = readonly (string | number)[];

/** What lies at a path; undefined where there is nothing. */
export function at(value: Json | undefined, ...path: Path): Json | undefined {
  let current: Json | undefined = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || current instanceof Exact) return undefined;
    current = (current as { readonly [name: string]: Json | undefined })[step];
  }
  return current;
}

/** What a dotted path such as `customerRef.id` leads to. */
export function dotted(value: Json, path: string): Json | undefined {
  return at(value, ...path.split('.'));
}

/** The text at a path. @throws {Failure} when there is none */
export function textAt(value: Json | undefined, ...path: Path): string {
  const found = at(value, ...path);
  if (typeof found === 'string') return found;
  throw new Failure(`no text at ${path.join('.') || 'the top'}`);
}

/** The list at a path. @throws {Failure} when there is none */
export function listAt(value: Json | undefined, ...path: Path): readonly Json[] {
  const found = at(value, ...path);
  if (Array.isArray(found)) return found as readonly Json[];
  throw new Failure(`no list at ${path.join('.') || 'the top'}`);
}

/** The number at a path. @throws {Failure} when there is none */
export function exactAt(value: Json | undefined, ...path: Path): Exact {
  const found = at(value, ...path);
  if (found instanceof Exact) return found;
  throw new Failure(`no number at ${path.join('.') || 'the top'}`);
}

/** The whole number at a path, small enough for a JavaScript number. @throws {Failure} when there is none */
export function numberAt(value: Json | undefined, ...path: Path): number {
  return Number(exactAt(value, ...path).source);
}

/** Whether `null` stands anywhere in it; returns the path of the first. */
export function nullIn(value: Json | undefined, path = ''): string | undefined {
  if (value === null) return path || 'the top';
  if (typeof value !== 'object' || value instanceof Exact) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = nullIn(inner, path ? `${path}.${name}` : name);
    if (found) return found;
  }
  return undefined;
}
