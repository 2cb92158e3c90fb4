import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { createEmptyDatabase, createTestDatabase, requireTestRedis, startTestRedis } from './index.ts';

async function tablesOf(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const sql = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`;
  const { rows } = await client.query<{ table_name: string }>(sql);
  await client.end();
  return rows.map((row) => row.table_name);
}

describe('test databases', () => {
  test('are migrated, separate from each other, and gone once dropped', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    expect(one.databaseUrl).not.toBe(other.databaseUrl);
    expect(await tablesOf(one.databaseUrl)).toContain('_prisma_migrations');
    await Promise.all([one.drop(), other.drop()]);
    await expect(tablesOf(one.databaseUrl)).rejects.toThrow('does not exist');
  });

  test('can be had without a single table', async () => {
    const empty = await createEmptyDatabase();
    expect(await tablesOf(empty.databaseUrl)).toEqual([]);
    await empty.drop();
  });
});

describe('Redis', () => {
  test('of the run answers at its URL', (context) => {
    expect(requireTestRedis(context)).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
  });

  test('of a test alone has another address, and ends when it is stopped', async (context) => {
    const shared = requireTestRedis(context);
    const own = await startTestRedis();
    expect(own?.url).not.toBe(shared);
    await own?.stop();
  });
});
