import { claimDueSchedules, findOrCreateRun } from '@tributary/store';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createErasure } from './erasure.ts';
import { type Harness, startHarness } from './testing/harness.ts';

type Linked = Awaited<ReturnType<Harness['link']>>;

let harness: Harness;
let connection: Linked;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 50 } });
});
beforeEach(async () => {
  connection = await harness.link();
});
afterAll(() => harness.close());

const never = new AbortController().signal;
const pull = (dataType: 'invoices' | 'journals' | 'items') => harness.pull(connection, dataType);

/**
 * Holds the lock on the connection's datasets, starts `work`, and once that waits for the lock, does `meanwhile` in the transaction
 * that holds it. Had `work` taken a run's or the connection's lock before, `meanwhile` would wait for it in a circle.
 */
async function whileWaitingForDataset<T>(
  work: () => Promise<T>,
  meanwhile: (holder: PoolClient) => Promise<unknown>,
): Promise<T> {
  const holder = await harness.store.pool.connect();
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT FROM datasets WHERE connection_id = $1 FOR UPDATE', [connection.id]);
    const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const working = work();
    working.catch(() => undefined);
    for (;;) {
      const { rowCount } = await harness.store.pool.query(
        'SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))',
        [rows[0]?.pid],
      );
      if (rowCount !== 0) break;
    }
    await meanwhile(holder);
    await holder.query('COMMIT');
    return await working;
  } finally {
    holder.release();
  }
}

/** Fails at once when somebody else has locked a run of the connection, or the connection. */
const lockTheRest = async (holder: PoolClient): Promise<void> => {
  const runs = 'SELECT FROM pull_operations WHERE connection_id = $1 ORDER BY id FOR UPDATE NOWAIT';
  await holder.query(runs, [connection.id]);
  await holder.query('SELECT FROM connections WHERE id = $1 FOR UPDATE NOWAIT', [connection.id]);
};

describe('whoever waits for a dataset holds no lock that its holder may want:', () => {
  it('a worker that commits a page', async () => {
    await harness.sync.requestRun({ connection, dataType: 'invoices', trigger: 'request' });
    expect((await whileWaitingForDataset(() => pull('invoices'), lockTheRest)).status).toBe('Complete');
  });

  it('a worker that completes a run which it derived', async () => {
    await pull('journals');
    await harness.sync.requestRun({ connection, dataType: 'journals', trigger: 'request' });
    expect((await whileWaitingForDataset(() => pull('journals'), lockTheRest)).status).toBe('Complete');
  });

  it('a worker that marks what vanished', async () => {
    await pull('items');
    await harness.store.pool.query(
      `INSERT INTO items (company_id, connection_id, id, seq, document, content_hash, modified_at)
       SELECT company_id, connection_id, '999', 1000000, '{"id":"999"}', gen_random_uuid(), now() FROM items WHERE connection_id = $1 LIMIT 1`,
      [connection.id],
    );
    await pull('items');
    await harness.sync.requestRun({ connection, dataType: 'items', trigger: 'request' });
    const run = await whileWaitingForDataset(() => pull('items'), lockTheRest);
    expect([run.status, run.deleted]).toEqual(['Complete', 1]);
  });

  it('a worker that deauthorises the connection', async () => {
    const { id } = await harness.sync.requestRun({ connection, dataType: 'invoices', trigger: 'request' });
    await harness.sync.requestRun({ connection, dataType: 'items', trigger: 'request' });
    await harness.control('revoke', { user: '1001' });
    await whileWaitingForDataset(() => harness.engineFor('worker').execute(id, never), lockTheRest);
    const row = await harness.store.prisma.connection.findUniqueOrThrow({ where: { id: connection.id } });
    expect(row.status).toBe('Deauthorized');
    const active = { connectionId: connection.id, completedAt: null };
    expect(await harness.store.prisma.pullOperation.count({ where: active })).toBe(0);
  });

  it('somebody who asks for a run, while the schedule starts the same one', async () => {
    await pull('invoices');
    await harness.store.prisma.dataset.updateMany({
      where: { connectionId: connection.id },
      data: { nextRunAt: new Date(0) },
    });
    const request = { connectionId: connection.id, dataType: 'invoices', trigger: 'request' } as const;
    const found = await whileWaitingForDataset(
      () => findOrCreateRun(harness.store.pool, { ...request, traceId: undefined }),
      (holder) =>
        holder.query(
          `INSERT INTO pull_operations (id, client_id, company_id, connection_id, data_type, "trigger")
           SELECT gen_random_uuid(), client_id, company_id, id, 'invoices', 'schedule' FROM connections WHERE id = $1
           ON CONFLICT (connection_id, data_type) WHERE completed_at IS NULL DO NOTHING`,
          [connection.id],
        ),
    );
    expect(found?.created).toBe(false);
    expect(await claimDueSchedules(harness.store.pool, { limit: 10, hourMs: 3_600_000 })).toMatchObject({
      created: 0,
    });
  });

  it('an erasure', async () => {
    await pull('invoices');
    const erasure = createErasure(harness);
    const { clientId, companyId, id } = connection;
    expect(await whileWaitingForDataset(() => erasure.connection(clientId, companyId, id), lockTheRest)).toBe(
      true,
    );
    expect(await harness.store.prisma.connection.count({ where: { id } })).toBe(0);
  });
});
