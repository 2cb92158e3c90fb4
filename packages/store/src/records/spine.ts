import type { DataTypeKey, dataTypes } from '@tributary/model';

/** Whose records: every data-plane statement starts with it. */
export interface RecordScope {
  readonly companyId: string;
  readonly connectionId: string;
}

export type ColumnKind = (typeof dataTypes)[DataTypeKey]['columns'][number]['kind'];

/** PostgreSQL type of a typed column. */
export function columnType(kind: ColumnKind): string {
  switch (kind) {
    case 'numeric':
      return 'numeric';
    case 'localDate':
      return 'timestamp';
    case 'instant':
      return 'timestamptz';
    case 'boolean':
      return 'boolean';
    case 'text':
      return 'text';
  }
}
