/** Writes as a client would ask for them, carried out in this process, and what the platform has afterwards. */
import { randomUUID } from 'node:crypto';
import type { AnyDataTypeKey, DataTypeKey } from '@tributary/model';
import { dataTypes } from '@tributary/model';
import type { Harness } from './harness.ts';

type Linked = Awaited<ReturnType<Harness['link']>>;

export interface WriteOptions {
  readonly recordId?: string;
  readonly expectedModifiedAt?: Date;
  readonly timeoutInMinutes?: number;
  readonly syncAfterwards?: boolean;
}

/** Stores a write; its job lies on the queue. */
export async function requestWrite(
  harness: Harness,
  connection: Linked,
  dataType: AnyDataTypeKey,
  record: object,
  options: WriteOptions = {},
): Promise<string> {
  const id = randomUUID();
  await harness.pushes.request({
    id,
    connectionId: connection.id,
    dataType,
    action: options.recordId === undefined ? 'create' : 'update',
    recordId: options.recordId,
    data: JSON.stringify(record),
    expectedModifiedAt: options.expectedModifiedAt,
    syncAfterwards: options.syncAfterwards ?? false,
    validation: undefined,
    timeoutInMinutes: options.timeoutInMinutes ?? 60,
    traceId: randomUUID().replaceAll('-', ''),
  });
  return id;
}

/** Carries a write out, as far as one attempt goes. */
export async function write(
  harness: Harness,
  connection: Linked,
  dataType: AnyDataTypeKey,
  record: object,
  options: WriteOptions = {},
) {
  const id = await requestWrite(harness, connection, dataType, record, options);
  await harness.pushEngineFor('test').execute(id, new AbortController().signal);
  return operation(harness, id);
}

export async function operation(harness: Harness, id: string) {
  const row = await harness.store.prisma.pushOperation.findUniqueOrThrow({ where: { id } });
  const changes = (row.changes ?? []) as { type: string; recordRef: { id: string; dataType: DataTypeKey } }[];
  return { ...row, changes, writtenId: changes[0]?.recordRef.id ?? '' };
}

/** A stored record; undefined when there is none. */
export async function stored(
  harness: Harness,
  connection: Linked,
  dataType: DataTypeKey,
  id: string,
  // biome-ignore lint/suspicious/noExplicitAny: records of every data type, looked into by the tests
): Promise<any> {
  const { rows } = await harness.store.pool.query(
    `SELECT document, seq::int, modified_at AS "modifiedAt" FROM ${dataTypes[dataType].table} WHERE connection_id = $1 AND id = $2`,
    [connection.id, id],
  );
  return rows[0];
}

/** Calls the platform as the connection, past everything that is tested. */
export async function atPlatform(harness: Harness, connection: Linked, path: string) {
  const row = await harness.store.prisma.connection.findUniqueOrThrow({ where: { id: connection.id } });
  const session = await harness.credentials.openSession(connection, {
    id: row.businessId ?? undefined,
    info: {},
  });
  const answer = await session.request({
    method: 'GET',
    path: path.replace('{business}', row.businessId ?? ''),
  });
  return JSON.parse(answer.text);
}
