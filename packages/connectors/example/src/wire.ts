/** The example platform's wire format: every path, parameter and member that the connector relies on. Amounts are whole cents. */
import type { DataTypeKey } from '@tributary/model';
import { z } from 'zod';

export const BOOKS = '/books';

/** Listings below a set of books, and single records below those. */
export const LISTINGS: Readonly<Partial<Record<DataTypeKey, string>>> = {
  customers: 'clients',
  invoices: 'invoices',
};

/** `changedSince` in epoch milliseconds. */
export const CHANGED_SINCE = 'changedSince';

const id = z.union([z.number(), z.bigint()]);
/** Epoch milliseconds. */
const changed = z.int();

export const books = z.looseObject({ id, name: z.string() });
export const client = z.looseObject({ id, name: z.string(), changed });
export const invoice = z.looseObject({
  id,
  number: z.string(),
  client: id.nullish(),
  date: z.iso.date(),
  amount: z.union([z.int(), z.bigint()]),
  memo: z.string().optional(),
  changed,
});
