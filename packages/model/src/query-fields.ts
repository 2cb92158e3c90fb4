import type { z } from 'zod';
import { type FieldKind, fieldKinds } from './field-kinds.ts';
import type { FieldCatalogue, FieldDefinition } from './query-ast.ts';

/** Deeper than any unified record; ends the walk of a schema that contains itself. */
const MAX_DEPTH = 8;

/**
 * The properties of an object schema that a query may name: every scalar below objects and optionals, by dotted
 * path. Lists, records and unions of different kinds are left out.
 * Strings are `text` unless registered in `fieldKinds`, of a date format, or named `id` or `…Id`.
 */
export function fieldsOf(schema: z.core.$ZodType): FieldCatalogue {
  const fields = new Map<string, FieldDefinition>();
  collect(schema, '', 0, fields);
  return fields;
}

function collect(
  schema: z.core.$ZodType,
  path: string,
  depth: number,
  fields: Map<string, FieldDefinition>,
): void {
  if (depth > MAX_DEPTH) return;
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'object':
      for (const [name, member] of Object.entries(def.shape)) {
        collect(member, path === '' ? name : `${path}.${name}`, depth + 1, fields);
      }
      return;
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
      collect(def.innerType, path, depth, fields);
      return;
    case 'pipe':
      collect(def.out, path, depth, fields);
      return;
    case 'lazy':
      collect(def.getter(), path, depth + 1, fields);
      return;
    default:
      addScalar(schema, def, path, fields);
  }
}

function addScalar(
  schema: z.core.$ZodType,
  def: z.core.$ZodTypes['_zod']['def'],
  path: string,
  fields: Map<string, FieldDefinition>,
): void {
  if (path === '') return;
  const key = path.toLowerCase();
  const values = enumValues(def);
  if (values !== undefined) {
    fields.set(key, { path, kind: 'enum', values });
    return;
  }
  const kind = fieldKinds.get(schema)?.kind ?? scalarKind(def, path);
  if (kind !== undefined) fields.set(key, { path, kind });
}

function enumValues(def: z.core.$ZodTypes['_zod']['def']): readonly string[] | undefined {
  if (def.type === 'enum') {
    return Object.values(def.entries).filter((value): value is string => typeof value === 'string');
  }
  if (def.type === 'literal' && def.values.every((value) => typeof value === 'string')) {
    return def.values as string[];
  }
  return undefined;
}

function scalarKind(def: z.core.$ZodTypes['_zod']['def'], path: string): FieldKind | undefined {
  switch (def.type) {
    case 'number':
    case 'bigint':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'string': {
      const format = 'format' in def ? def.format : undefined;
      if (format === 'datetime') return 'instant';
      if (format === 'date') return 'localDate';
      if (format === 'uuid' || format === 'guid') return 'id';
      return /(?:^|\.)id$|Id$/.test(path) ? 'id' : 'text';
    }
    default:
      return undefined;
  }
}
