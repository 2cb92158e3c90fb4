import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createVault } from '@tributary/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialBinding } from './connection-ref.ts';
import { type Harness, startHarness } from './testing/harness.ts';

const floodConnections = 10_000;
const quietRequests = 20;
/** "A few seconds", with room for a machine that is busy with other things. */
const boundMs = 5_000;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 50 } });
});
afterAll(() => harness.close());

/** A client with very many Linked connections, each with one data type due now. All of them read the same business. */
async function flood(): Promise<void> {
  const model = await harness.link();
  const { store } = harness;
  const source = await store.prisma.connectionCredential.findUniqueOrThrow({
    where: { connectionId: model.id },
  });
  const vault = createVault([{ id: 'test', key: Buffer.alloc(32, 7) }]);
  const tokens = vault.open(source.sealed, credentialBinding(model));
  const ids = Array.from({ length: floodConnections }, () => randomUUID());
  await store.pool.query(
    `INSERT INTO connections (id, client_id, company_id, platform_key, status, business_id, connection_info)
     SELECT new.id, model.client_id, model.company_id, model.platform_key, 'Linked', model.business_id, model.connection_info
     FROM connections AS model, unnest($2::uuid[]) AS new (id) WHERE model.id = $1`,
    [model.id, ids],
  );
  await store.pool.query(
    `INSERT INTO connection_credentials (connection_id, sealed, expires_at, updated_at)
     SELECT id, sealed, $3, now() FROM unnest($1::uuid[], $2::text[]) AS new (id, sealed)`,
    [ids, ids.map((id) => vault.seal(tokens, credentialBinding({ ...model, id }))), source.expiresAt],
  );
  await store.pool.query(
    `INSERT INTO datasets (company_id, connection_id, client_id, data_type, schedule_hours, next_run_at)
     SELECT $1, id, $2, 'taxRates', 24, now() FROM unnest($3::uuid[]) AS id`,
    [model.companyId, model.clientId, ids],
  );
}

describe('a client with ten thousand due connections', () => {
  it("does not delay another client's sync by more than a few seconds", async () => {
    await flood();
    const quiet = await harness.link();
    const dueAtMs = performance.now();
    const { due } = await harness.sync.tick();
    const admittedMs = performance.now() - dueAtMs;
    expect(due).toBe(floodConnections);
    const worker = await harness.startTickingWorker();
    const waitsMs: number[] = [];
    for (let request = 0; request < quietRequests; request += 1) {
      const { id } = await harness.sync.requestRun({
        connection: quiet,
        dataType: 'invoices',
        trigger: 'request',
      });
      for (;;) {
        const run = await harness.store.prisma.pullOperation.findUniqueOrThrow({ where: { id } });
        if (run.completedAt !== null && run.startedAt !== null) {
          expect(run.status).toBe('Complete');
          waitsMs.push(run.startedAt.getTime() - run.requestedAt.getTime());
          break;
        }
        await delay(10);
      }
    }
    const left = await harness.store.prisma.pullOperation.count({
      where: { dataType: 'taxRates', completedAt: null },
    });
    await worker.close();
    waitsMs.sort((a, b) => a - b);
    const p95Ms = waitsMs[Math.ceil(quietRequests * 0.95) - 1] ?? Number.POSITIVE_INFINITY;
    process.stdout.write(
      `fairness: ${floodConnections} due schedules claimed in ${Math.round(admittedMs)} ms; the quiet client waited ${p95Ms} ms at p95 (${quietRequests} requests, ${left} runs of the other still to do)\n`,
    );
    // The flood was still there: otherwise nothing was shown.
    expect(left).toBeGreaterThan(floodConnections / 2);
    expect(p95Ms).toBeLessThan(boundMs);
  }, 300_000);
});
