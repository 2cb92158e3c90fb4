/** Where the properties of stored records are: typed columns first, the document elsewhere. */
import type { DataTypeKey, FieldKind } from '@tributary/model';
import { dataTypes, fieldsOf } from '@tributary/model';
import type { ResolvedField, ResolveField } from './compile-query.ts';
import { type ColumnKind, columnType } from './spine.ts';

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
  const fields = new Map<string, ResolvedField>();
  for (const { path, kind } of fieldsOf(response).values()) {
    const column = columns.find((candidate) => candidate.path === path);
    const typed = column === undefined ? undefined : { sql: column.name, kind: column.kind };
    fields.set(path, spine.get(path) ?? typed ?? documentField(path, columnKindOf(kind)));
  }
  return (path) => {
    const field = fields.get(path);
    if (field === undefined) throw new Error(`${dataType} has no property ${path}`);
    return field;
  };
}

function columnKindOf(kind: FieldKind): ColumnKind {
  switch (kind) {
    case 'number':
      return 'numeric';
    case 'text':
    case 'id':
    case 'enum':
      return 'text';
    default:
      return kind;
  }
}

/** Documents are validated before they are stored, so that a cast of what the schema promises cannot fail. */
function documentField(path: string, kind: ColumnKind): ResolvedField {
  if (!/^[A-Za-z0-9]+(\.[A-Za-z0-9]+)*$/.test(path)) throw new Error(`${path} is no property path`);
  const text = `(document #>> '{${path.replaceAll('.', ',')}}')`;
  return { sql: kind === 'text' ? text : `${text}::${columnType(kind)}`, kind };
}
