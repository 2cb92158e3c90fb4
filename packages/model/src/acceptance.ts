import type { z } from 'zod';

/** Whether a value fits a schema, and nothing more: no message, no copy. */
export type Acceptance = (value: unknown) => boolean;

/** What is read of a schema's definition. Source: zod 4, `zod/v4/core/schemas`. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly element?: Schema;
  readonly innerType?: Schema;
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly checks?: readonly { readonly _zod: { readonly def: CheckDefinition } }[];
  readonly fn?: Acceptance;
}

interface CheckDefinition {
  readonly check: string;
  readonly fn?: Acceptance;
  readonly minimum?: number;
}

interface Schema {
  readonly _zod: { readonly def: Definition };
}

/**
 * Turns a schema into a function that says whether a value fits it. Every record that a sync writes is checked against the unified model,
 * and nearly every one fits: finding that out this way takes a fifth of the time of parsing, which builds messages' paths and a copy.
 * @returns undefined for a schema of a kind that the unified records do not use, or that would change the value: parse it instead
 */
export function compileAcceptance(schema: z.ZodType): Acceptance | undefined {
  try {
    return compiled(schema as unknown as Schema);
  } catch (error) {
    if (error instanceof UnknownKind) return undefined;
    throw error;
  }
}

class UnknownKind extends Error {}

function compiled({ _zod: { def } }: Schema): Acceptance {
  return withChecks(base(def), def.checks ?? []);
}

function base(def: Definition): Acceptance {
  switch (def.type) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'custom':
      if (def.fn === undefined) throw new UnknownKind();
      return def.fn;
    case 'enum': {
      const values = new Set<unknown>(Object.values(def.entries ?? {}));
      return (value) => values.has(value);
    }
    case 'array':
      return arrayOf(compiled(inner(def.element)));
    case 'object':
      return object(def);
    default:
      throw new UnknownKind(def.type);
  }
}

function inner(schema: Schema | undefined): Schema {
  if (schema === undefined) throw new UnknownKind();
  return schema;
}

function withChecks(accepts: Acceptance, checks: NonNullable<Definition['checks']>): Acceptance {
  let all = accepts;
  for (const {
    _zod: { def },
  } of checks) {
    const before = all;
    const { fn, minimum } = def;
    if (def.check === 'custom' && fn !== undefined) all = (value) => before(value) && fn(value);
    else if (def.check === 'min_length' && minimum !== undefined)
      all = (value) => before(value) && (value as string | unknown[]).length >= minimum;
    else throw new UnknownKind(def.check);
  }
  return all;
}

function arrayOf(accepts: Acceptance): Acceptance {
  return (value) => {
    if (!Array.isArray(value)) return false;
    // By index: a hole is an element too.
    for (let index = 0; index < value.length; index += 1) if (!accepts(value[index])) return false;
    return true;
  };
}

function object({ shape = {}, catchall }: Definition): Acceptance {
  // Members that are not known are refused, or the schema is none of the unified model.
  if (catchall?._zod.def.type !== 'never') throw new UnknownKind();
  const members = new Map<string, { readonly accepts: Acceptance; readonly isRequired: boolean }>();
  let required = 0;
  for (const [name, schema] of Object.entries(shape)) {
    const isRequired = schema._zod.def.type !== 'optional';
    if (isRequired) required += 1;
    members.set(name, {
      accepts: compiled(isRequired ? schema : inner(schema._zod.def.innerType)),
      isRequired,
    });
  }
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    let found = 0;
    for (const name in value) {
      const member = members.get(name);
      if (member === undefined) return false;
      const held = (value as Record<string, unknown>)[name];
      if (held === undefined && !member.isRequired) continue;
      if (!member.accepts(held)) return false;
      if (member.isRequired) found += 1;
    }
    return found === required;
  };
}
