import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../testing/api.fixture.ts';
import { signedIn } from '../../testing/portal.fixture.ts';
import { createCompany } from '../data/data.fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

test('the figures of a pull are told to its client alone, from before it starts', async () => {
  const { pool } = api.dependencies.store;
  const client = await api.createClient('Maple Lending');
  const viewer = await signedIn(api, client.id, 'viewer');
  const company = await createCompany(api, client);
  await pool.query(`UPDATE connections SET status = 'Linked' WHERE id = $1`, [company.connectionId]);
  const run = await client.send('POST', `${company.path}/data/queue/invoices`);
  const path = `/portal/api/companies/${company.id}/pulls/${run.body.id}/figures`;
  const none = {
    pages: 0,
    recordsRead: 0,
    inserted: 0,
    changed: 0,
    unchanged: 0,
    deleted: 0,
    quarantined: 0,
  };
  const waiting = await viewer.get(path);
  expect([waiting.status, waiting.body]).toEqual([200, { trigger: 'request', ...none, warnings: 0 }]);
  await pool.query(
    `UPDATE pull_operations SET listing = 'full', started_at = '2026-05-01T10:00:00Z', pages = 3, records_read = 250, changed = 4,
       unchanged = 246, warnings = 2 WHERE id = $1`,
    [run.body.id],
  );
  expect((await viewer.get(path)).body).toEqual({
    trigger: 'request',
    listing: 'full',
    started: '2026-05-01T10:00:00.000Z',
    ...none,
    pages: 3,
    recordsRead: 250,
    changed: 4,
    unchanged: 246,
    warnings: 2,
  });

  const other = await api.createClient('Birch Lending');
  const stranger = await signedIn(api, other.id, 'owner');
  expect((await stranger.get(path)).status).toBe(404);
  const another = await createCompany(api, client);
  expect((await viewer.get(path.replace(company.id, another.id))).status).toBe(404);
});
