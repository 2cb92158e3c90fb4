import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { tracesInDatabase } from '@tributary/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../../../packages/sync/src/testing/harness.ts';
import {
  bringIntoMidRun,
  hasNoJobs,
  idsOf,
  syncSome,
  until,
} from '../../../packages/sync/src/testing/mid-run.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness({ sandbox: { size: 6000 } });
});
afterAll(() => house.close());

const program = fileURLToPath(new URL('client.ts', import.meta.url));
const client = (...words: string[]) =>
  promisify(execFile)(process.execPath, [program, ...words], {
    env: { ...process.env, DATABASE_URL: house.databaseUrl },
  });

test('client delete refuses a client with companies; with --erase nothing of it is left in any table', async () => {
  const connection = await house.link();
  await syncSome(house, connection);
  const worker = house.startWorker();
  await bringIntoMidRun(house, connection);
  const { clientId } = connection;
  const ids = [clientId, ...(await idsOf(house, connection))];
  await expect(client('delete', clientId)).rejects.toMatchObject({
    stdout: '',
    stderr: expect.stringContaining('--erase'),
  });
  expect((await tracesInDatabase(house.databaseUrl, ids)).length).toBeGreaterThan(12);

  const { stdout } = await client('delete', clientId, '--erase');
  expect(JSON.parse(stdout)).toEqual({ clientId, deleted: true });
  const left = await tracesInDatabase(house.databaseUrl, ids);
  expect(left.filter((table) => table.startsWith('public.'))).toEqual([]);
  await until('the worker has noticed', () => hasNoJobs(house));
  await worker.close();
  await house.queue.clearEvents();
  expect(await tracesInDatabase(house.databaseUrl, ids)).toEqual([]);
}, 180_000);
