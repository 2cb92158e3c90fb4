import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createBatch, createPool, inTransaction } from './pool.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({
    databaseUrl: database.databaseUrl,
    // The same connection again and again: what a transaction leaves behind on it shows.
    max: 1,
    applicationName: 'test',
    onError: () => undefined,
  });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => void (await pool.query('CREATE TABLE notes (id int PRIMARY KEY, note text)')));
afterEach(async () => void (await pool.query('DROP TABLE notes')));

const stored = async () => (await pool.query('SELECT id FROM notes ORDER BY id')).rows.map(({ id }) => id);
const insert = (client: pg.ClientBase, id: number) =>
  client.query({
    name: 'insert',
    text: 'INSERT INTO notes VALUES ($1, $2)',
    values: [id, 'x'.repeat(100_000)],
  });

/** Bytes that the driver has handed to the connection's socket. */
const sentBytes = (client: pg.ClientBase): number => {
  const { stream } = (client as unknown as { connection: { stream: { bytesWritten: number } } }).connection;
  return stream.bytesWritten;
};

it('sends the statements of a transaction without waiting for answers, and commits them in their order', async () => {
  await inTransaction(pool, async (client) => {
    const batch = createBatch();
    const answers: string[] = [];
    batch.send(insert(client, 1).then(() => answers.push('the first')));
    const before = sentBytes(client);
    batch.send(insert(client, 2));
    expect(sentBytes(client)).toBeGreaterThan(before + 100_000);
    expect(answers).toEqual([]);
    const { rows } = await batch.answer(client.query<{ count: number }>('SELECT count(*)::int FROM notes'));
    expect(rows).toEqual([{ count: 2 }]);
    await batch.answered();
  });
  expect(await stored()).toEqual([1, 2]);
});

it('rolls everything back when one fails, tells its failure, and leaves a connection that works', async () => {
  const failing = inTransaction(pool, async (client) => {
    const batch = createBatch();
    batch.send(insert(client, 1));
    batch.send(insert(client, 1));
    batch.send(insert(client, 2));
    // Aborted by the second statement, whose failure is what happened.
    await batch.answer(client.query('SELECT 1'));
  });
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect(await stored()).toEqual([]);
  await inTransaction(pool, (client) => insert(client, 1));
  expect(await stored()).toEqual([1]);
});

it('rolls back what was sent and not awaited when the work fails for another reason', async () => {
  const failing = inTransaction(pool, async (client) => {
    createBatch().send(insert(client, 1));
    throw new Error('something else');
  });
  await expect(failing).rejects.toThrow('something else');
  expect(await stored()).toEqual([]);
});

it('waits for answers again behind a transaction', async () => {
  await inTransaction(pool, (client) => insert(client, 1));
  const client = await pool.connect();
  try {
    const first = insert(client, 2);
    const before = sentBytes(client);
    const second = insert(client, 3);
    expect(sentBytes(client)).toBe(before);
    await Promise.all([first, second]);
  } finally {
    client.release();
  }
  expect(await stored()).toEqual([1, 2, 3]);
});
