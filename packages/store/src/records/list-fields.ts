/** Where the properties of stored records are: typed columns first, the document elsewhere. */
import type { DataTypeKey, FieldCatalogue, FieldDefinition, FieldKind } from '@tributary/model';
import { dataTypes, fieldsOf } from '@tributary/model';
import type { ResolvedField, ResolveField } from './compile-query.ts';
import { type ColumnKind, columnType } from './spine.ts';
import { hasIndexedPrefix } from './text-prefix.ts';

/** Properties that every record has in columns of the spine. */
const spine: ReadonlyMap<string, ResolvedField> = new Map([
  ['id', { sql: 'id', kind: 'text' }],
  ['modifiedDate', { sql: 'modified_at', kind: 'instant' }],
  ['sourceModifiedDate', { sql: 'source_modified_at', kind: 'instant' }],
  ['metadata.isDeleted', { sql: 'is_deleted', kind: 'boolean' }],
]);

/**
 * The properties of a data type's stored records by dotted path.
 * @throws Error for a path that the data type does not have: queries are parsed against the same schema
 */
export function recordFields(dataType: DataTypeKey): ResolveField {
  const { columns, response } = dataTypes[dataType];
  let catalogue: FieldCatalogue | undefined;
  return (path) => {
    const column = columns.find((candidate) => candidate.path === path);
    const typed = column && {
      sql: column.name,
      kind: column.kind,
      ...(hasIndexedPrefix(dataType, column.name) && { hasIndexedPrefix: true }),
    };
    const inColumn = spine.get(path) ?? typed;
    if (inColumn !== undefined) return inColumn;
    catalogue ??= fieldsOf(response);
    const field = catalogue.get(path.toLowerCase());
    const inDocument = field === undefined ? memberField(catalogue, path) : documentField(field);
    if (inDocument === undefined) throw new Error(`${dataType} has no property ${path}`);
    return inDocument;
  };
}

function columnKindOf(kind: FieldKind): ColumnKind {
  switch (kind) {
    case 'number':
      return 'numeric';
    case 'text':
    case 'id':
    case 'enum':
    case 'any':
      return 'text';
    default:
      return kind;
  }
}

/** Documents are validated before they are stored, so that a cast of what the schema promises cannot fail. */
function documentField({ path, kind: fieldKind, lists = [] }: FieldDefinition): ResolvedField {
  const kind = columnKindOf(fieldKind);
  const elements: string[] = [];
  let [root, from] = ['document', ''];
  for (const list of lists) {
    const found = `(${root} #> ${stepsTo(list, from)})`;
    const alias = `element_${elements.length + 1}`;
    // What is no list has no elements.
    elements.push(
      `json_array_elements(CASE json_typeof${found} WHEN 'array' THEN ${found} END) AS ${alias} (value)`,
    );
    [root, from] = [`${alias}.value`, list];
  }
  const text = `(${root} #>> ${stepsTo(path, from)})`;
  const sql = kind === 'text' ? text : `${text}::${columnType(kind)}`;
  return elements.length === 0 ? { sql, kind } : { sql, kind, elements: elements.join(', ') };
}

/** The way from one path to another below it, as an array literal. */
function stepsTo(path: string, from: string): string {
  if (!/^[A-Za-z0-9]+(\.[A-Za-z0-9]+)*$/.test(path)) throw new Error(`${path} is no property path`);
  const steps = path === from ? '' : path.slice(from === '' ? 0 : from.length + 1);
  return `'{${steps.replaceAll('.', ',')}}'`;
}

/** A member that records bring along, below a path that the catalogue knows as `path.*`. */
function memberField(catalogue: FieldCatalogue, path: string): ResolvedField | undefined {
  for (const { path: known } of catalogue.values()) {
    if (!known.endsWith('.*') || !path.startsWith(known.slice(0, -1))) continue;
    const base = known.slice(0, -2);
    const below = path.slice(base.length + 1).split('.');
    return { sql: `(document #> ${stepsTo(base, '')})::jsonb`, kind: 'text', below };
  }
  return undefined;
}
