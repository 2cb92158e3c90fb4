import type { z } from 'zod';
import { type FieldKind, fieldKinds } from './field-kinds.ts';
import type { FieldCatalogue, FieldDefinition } from './query-ast.ts';

/** Deeper than any unified record; ends the walk of a schema that contains itself. */
const MAX_DEPTH = 8;

/**
 * The properties of an object schema that a query may name: every scalar below objects, lists and optionals, by
 * dotted path; records as `path.*`. Unions of different kinds are left out.
 * Strings are `text` unless registered in `fieldKinds`, of a date format, or named `id` or `…Id`.
 */
export function fieldsOf(schema: z.core.$ZodType): FieldCatalogue {
  const fields = new Map<string, FieldDefinition>();
  collect(schema, { path: '', depth: 0, lists: [] }, fields);
  return fields;
}

/** Where the walk is: in the lists at `lists`. */
type Place = { readonly path: string; readonly depth: number; readonly lists: readonly string[] };

function collect(schema: z.core.$ZodType, place: Place, fields: Map<string, FieldDefinition>): void {
  const { path, depth, lists } = place;
  if (depth > MAX_DEPTH) return;
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'object':
      for (const [name, member] of Object.entries(def.shape)) {
        const memberPath = path === '' ? name : `${path}.${name}`;
        collect(member, { path: memberPath, depth: depth + 1, lists }, fields);
      }
      return;
    case 'array':
      if (path !== '') collect(def.element, { path, depth: depth + 1, lists: [...lists, path] }, fields);
      return;
    case 'record':
      addRecord(def.valueType, place, fields);
      return;
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
      collect(def.innerType, place, fields);
      return;
    case 'pipe':
      collect(def.out, place, fields);
      return;
    case 'lazy':
      collect(def.getter(), { path, depth: depth + 1, lists }, fields);
      return;
    default:
      addScalar(schema, def, place, fields);
  }
}

/** Names below are not known; what values they have is, when they are scalars. Records in lists are left out. */
function addRecord(
  valueType: z.core.$ZodType,
  { path, lists }: Place,
  fields: Map<string, FieldDefinition>,
): void {
  if (path === '' || lists.length > 0) return;
  const below = `${path}.*`;
  addScalar(valueType, (valueType as z.core.$ZodTypes)._zod.def, { path: below, depth: 0, lists }, fields);
  if (!fields.has(below.toLowerCase())) fields.set(below.toLowerCase(), { path: below, kind: 'any' });
}

function addScalar(
  schema: z.core.$ZodType,
  def: z.core.$ZodTypes['_zod']['def'],
  { path, lists }: Place,
  fields: Map<string, FieldDefinition>,
): void {
  if (path === '') return;
  const values = enumValues(def);
  const kind = values === undefined ? (fieldKinds.get(schema)?.kind ?? scalarKind(def, path)) : 'enum';
  if (kind === undefined) return;
  fields.set(path.toLowerCase(), {
    path,
    kind,
    ...(values !== undefined && { values }),
    ...(lists.length > 0 && { lists }),
  });
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
