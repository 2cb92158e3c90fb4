/** Free text in an index: an entry has its limit, and what a platform stores as a number of an invoice has none. */
import type { DataTypeKey } from '@tributary/model';

/** Columns of free text that have an index on their beginning; the indexes are in their migrations. */
const indexedPrefixes: Readonly<Partial<Record<DataTypeKey, string>>> = {
  invoices: 'invoice_number',
  bills: 'reference',
};

export function hasIndexedPrefix(dataType: DataTypeKey, column: string): boolean {
  return indexedPrefixes[dataType] === column;
}

/** SQL: both texts are the same, and PostgreSQL can find it by an index on the beginning of the first. */
export function sameText(sql: string, other: string): string {
  return `left(${sql}, 100) = left(${other}, 100) AND ${sql} = ${other}`;
}
