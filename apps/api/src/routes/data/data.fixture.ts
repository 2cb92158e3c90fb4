/** Companies with records, stored through the write path of syncs; what a platform would have sent is given as JSON text. */
import { randomUUID } from 'node:crypto';
import { type DataTypeKey, dataTypes } from '@tributary/model';
import { inTransaction, lockDataset, moveCounters, type Store, upsertRecords } from '@tributary/store';
import type { TestApi, TestClient } from '../../testing/api.fixture.ts';

export interface TestCompany {
  readonly id: string;
  readonly connectionId: string;
  /** `/companies/{id}` */
  readonly path: string;
  /** `/companies/{id}/connections/{connectionId}` */
  readonly connectionPath: string;
}

/** A company with a connection in a status. */
export async function createCompany(
  { dependencies }: TestApi,
  client: TestClient,
  status = 'Linked',
): Promise<TestCompany> {
  const company = await client.createCompany('Corner Bakery', 'ksho');
  const connectionId: string = company.dataConnections[0].id;
  await setStatus(dependencies.store, connectionId, status);
  const path = `/companies/${company.id}`;
  return { id: company.id, connectionId, path, connectionPath: `${path}/connections/${connectionId}` };
}

export async function setStatus(store: Store, connectionId: string, status: string): Promise<void> {
  await store.pool.query('UPDATE connections SET status = $2::connection_status WHERE id = $1', [
    connectionId,
    status,
  ]);
}

/** Stores records of a data type that was requested before. */
export async function storeRecords(
  { dependencies: { store } }: TestApi,
  { id: companyId, connectionId }: Pick<TestCompany, 'id' | 'connectionId'>,
  dataType: DataTypeKey,
  records: readonly { id: string; document: string; isDeleted?: boolean }[],
): Promise<void> {
  const scope = { companyId, connectionId };
  await inTransaction(store.pool, async (client) => {
    const { lastSeq } = await lockDataset(client, scope, dataType);
    const rows = records.map(({ id, document, isDeleted = false }) => {
      const body = parseBody(document);
      const columns = dataTypes[dataType].columns.map(({ path }) => scalarAt(body, path));
      const modified = scalarAt(body, 'sourceModifiedDate');
      const sourceModifiedAt = typeof modified === 'string' ? modified : undefined;
      return {
        id,
        document,
        contentHash: randomUUID().replaceAll('-', ''),
        sourceModifiedAt,
        isDeleted,
        columns,
      };
    });
    const { inserted, deletedDelta } = await upsertRecords(client, scope, dataType, rows, lastSeq);
    await moveCounters(client, scope, dataType, { inserted, deleted: deletedDelta });
  });
}

function parseBody(document: string): unknown {
  return JSON.parse(document, (_key, value, { source }) =>
    typeof value === 'number' ? (source ?? null) : value,
  );
}

/** Numbers are texts. */
function scalarAt(body: unknown, path: string): string | boolean | null {
  let value = body;
  for (const step of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[step];
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}

/** An invoice as a mapping writes it. */
export function invoice(number: number, members: object = {}) {
  const id = `inv-${number}`;
  const document = JSON.stringify({
    id,
    invoiceNumber: `INV-${number}`,
    customerRef: { id: 'NullId', companyName: 'Customer not specified' },
    issueDate: '2024-02-29T00:00:00',
    totalTaxAmount: JSON.rawJSON('0'),
    totalAmount: JSON.rawJSON(`${number}.5`),
    amountDue: JSON.rawJSON('0'),
    status: number % 2 === 0 ? 'Paid' : 'Draft',
    ...members,
  });
  return { id, document };
}

export const invoices = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => invoice(from + index));
