import type { WriteRequest } from '@tributary/connector-kit';

/** A request to create an invoice, of whatever is given. */
export const saleRequest = (record: Readonly<Record<string, unknown>>): WriteRequest => ({
  operationId: '00000000-0000-4000-8000-000000000001',
  action: 'create',
  dataType: 'invoices',
  id: undefined,
  record,
  expectedModifiedMs: undefined,
});

/** Books without a single VAT rate. */
export const NO_BOOKS: ReadonlyMap<string, string> = new Map();
