import type { z } from 'zod';

/** What a {@link Read} says of a value that it does not take; the schema itself then says whether that is right, and why. */
export const REFUSED: unique symbol = Symbol('refused');

/**
 * What a schema makes of a value of plain data, such as parsed JSON: the value itself where the schema changes nothing, a copy of
 * the objects that change where it does, or {@link REFUSED}.
 */
export type Read = (value: unknown) => unknown;

/** What is read of a schema's definition. Source: zod 4, `zod/v4/core/schemas`. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly element?: Schema;
  readonly innerType?: Schema;
  readonly options?: readonly Schema[];
  readonly in?: Schema;
  readonly out?: Schema;
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly checks?: readonly { readonly _zod: { readonly def: CheckDefinition } }[];
  readonly fn?: (value: unknown) => unknown;
  readonly transform?: (value: unknown) => unknown;
  /** Of a string: its format, such as `date`. */
  readonly format?: string;
  readonly coerce?: boolean;
  /** Of a union: exactly one option may take the value when false. */
  readonly inclusive?: boolean;
  readonly discriminator?: string;
}

interface CheckDefinition {
  readonly check: string;
  readonly fn?: (value: unknown) => unknown;
  readonly minimum?: number;
}

interface Schema {
  readonly _zod: { readonly def: Definition };
}

/**
 * Parses values with a schema. Nearly every record fits its schema, and finding that out with {@link compileRead} takes a fifth of
 * the time of zod's parsing, which builds messages' paths and a copy; what is refused, zod parses for its messages.
 */
export function quickParser<Value>(
  schema: z.ZodType<Value>,
): (value: unknown) => z.ZodSafeParseResult<Value> {
  let read: Read | undefined;
  return (value) => {
    read ??= compileRead(schema) ?? (() => REFUSED);
    const data = read(value);
    return data === REFUSED ? schema.safeParse(value) : { success: true, data: data as Value };
  };
}

/**
 * Turns a schema into a function that reads values as the schema does. The function never takes what the schema refuses.
 * @returns undefined for a schema of a kind that neither the unified records nor platforms' records use
 */
export function compileRead(schema: z.ZodType): Read | undefined {
  try {
    return compiled(schema as unknown as Schema);
  } catch (error) {
    if (error instanceof UnknownKind) return undefined;
    throw error;
  }
}

class UnknownKind extends Error {}

function compiled({ _zod: { def } }: Schema): Read {
  return withChecks(base(def), def.checks ?? []);
}

function base(def: Definition): Read {
  switch (def.type) {
    case 'string':
      if (def.format !== undefined || def.coerce === true) throw new UnknownKind();
      return (value) => (typeof value === 'string' ? value : REFUSED);
    case 'boolean':
      if (def.coerce === true) throw new UnknownKind();
      return (value) => (typeof value === 'boolean' ? value : REFUSED);
    case 'custom': {
      const accepts = known(def.fn);
      return (value) => (accepts(value) ? value : REFUSED);
    }
    case 'enum': {
      const values = new Set<unknown>(Object.values(def.entries ?? {}));
      return (value) => (values.has(value) ? value : REFUSED);
    }
    case 'optional':
      return unless(undefined, compiled(known(def.innerType)));
    case 'nullable':
      return unless(null, compiled(known(def.innerType)));
    case 'array':
      return arrayOf(compiled(known(def.element)));
    case 'object':
      return object(def);
    case 'union':
      return union(def);
    case 'pipe':
      return pipe(compiled(known(def.in)), compiled(known(def.out)));
    case 'transform':
      return transform(def);
    default:
      throw new UnknownKind(def.type);
  }
}

function known<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new UnknownKind();
  return part;
}

function withChecks(read: Read, checks: NonNullable<Definition['checks']>): Read {
  let all = read;
  for (const { _zod } of checks) {
    const before = all;
    const accepts = check(_zod.def);
    all = (value) => {
      const result = before(value);
      return result !== REFUSED && accepts(result) ? result : REFUSED;
    };
  }
  return all;
}

function check({ check: kind, fn, minimum }: CheckDefinition): (value: unknown) => unknown {
  if (kind === 'custom' && fn !== undefined) return fn;
  if (kind === 'min_length' && minimum !== undefined)
    return (value) => (value as string | unknown[]).length >= minimum;
  throw new UnknownKind(kind);
}

function unless(exception: null | undefined, read: Read): Read {
  return (value) => (value === exception ? value : read(value));
}

function union({ options = [], inclusive, discriminator }: Definition): Read {
  if (inclusive === false || discriminator !== undefined) throw new UnknownKind();
  const reads = options.map(compiled);
  return (value) => {
    for (const read of reads) {
      const result = read(value);
      if (result !== REFUSED) return result;
    }
    return REFUSED;
  };
}

function pipe(first: Read, second: Read): Read {
  return (value) => {
    const result = first(value);
    return result === REFUSED ? REFUSED : second(result);
  };
}

function transform({ transform: change }: Definition): Read {
  // One that takes more than the value may refuse it by way of the second argument.
  if (change?.length !== 1) throw new UnknownKind();
  return change;
}

function arrayOf(readElement: Read): Read {
  return (value) => {
    if (!Array.isArray(value)) return REFUSED;
    let copy: unknown[] | undefined;
    // By index: a hole is an element too.
    for (let index = 0; index < value.length; index += 1) {
      const held: unknown = value[index];
      const result = readElement(held);
      if (result === REFUSED) return REFUSED;
      if (result !== held) {
        copy ??= [...(value as unknown[])];
        copy[index] = result;
      }
    }
    return copy ?? value;
  };
}

interface Member {
  readonly read: Read;
  readonly isRequired: boolean;
}

function object({ shape = {}, catchall }: Definition): Read {
  const isLoose = catchall?._zod.def.type === 'unknown';
  // Members that are not known are kept or refused; a schema that drops them is of neither kind.
  if (!isLoose && catchall?._zod.def.type !== 'never') throw new UnknownKind();
  const members = new Map(Object.entries(shape).map(([name, schema]) => [name, member(name, schema)]));
  const required = [...members.values()].filter(({ isRequired }) => isRequired).length;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return REFUSED;
    let found = 0;
    let copy: Record<string, unknown> | undefined;
    for (const name in value) {
      const member = members.get(name);
      if (member === undefined) {
        // zod leaves out a member of this name, which parsed JSON can have.
        if (isLoose && name !== '__proto__') continue;
        return REFUSED;
      }
      const held = (value as Record<string, unknown>)[name];
      if (held === undefined && !member.isRequired) continue;
      const result = member.read(held);
      if (result === REFUSED) return REFUSED;
      if (result !== held) {
        copy ??= { ...value };
        copy[name] = result;
      }
      if (member.isRequired) found += 1;
    }
    return found === required ? (copy ?? value) : REFUSED;
  };
}

function member(name: string, schema: Schema): Member {
  // Every object has a member of such a name, which is not among those that a loop over the object sees.
  if (name in Object.prototype) throw new UnknownKind();
  const { type, checks = [], innerType } = schema._zod.def;
  // What an optional member reads when it is there; absent members are not read.
  if (type === 'optional' && checks.length === 0)
    return { read: compiled(known(innerType)), isRequired: false };
  return { read: compiled(schema), isRequired: true };
}
