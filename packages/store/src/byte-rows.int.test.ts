import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ByteText, bytesOf, queryBytes, queryBytesOn, textOf } from './byte-rows.ts';
import { createPool } from './pool.ts';

const text = 'd’or, 金, 😀, \u0001\n"';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({
    databaseUrl: database.databaseUrl,
    max: 1,
    applicationName: 'test',
    onError: () => {},
  });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const asked = {
  text: 'SELECT $1::text AS one, NULL AS none, n FROM generate_series(1, 3) AS n',
  values: [text],
};

describe('rows as bytes', () => {
  test('are the bytes that PostgreSQL sent, by the driver’s own reader', async () => {
    const rows = await queryBytes(pool, { name: 'asked', ...asked });
    expect(rows.map((row) => row.map((value) => value && textOf(value)))).toEqual(
      ['1', '2', '3'].map((n) => [text, null, n]),
    );
    const [first] = rows;
    expect(first?.[0]).toBe(Buffer.from(text).toString('latin1'));
  });

  test('are not decoded first: more rows take no more decoding', async () => {
    const decodings = async (rows: number) => {
      const encodings: unknown[] = [];
      const decode = Buffer.prototype.toString;
      Buffer.prototype.toString = function counted(this: Buffer, ...given: Parameters<typeof decode>) {
        encodings.push(given[0]);
        return decode.apply(this, given);
      };
      try {
        await queryBytes(pool, {
          name: 'many',
          text: 'SELECT n, $1::text FROM generate_series(1, $2::int) AS n',
          values: [text, rows],
        });
      } finally {
        Buffer.prototype.toString = decode;
      }
      return encodings.filter((encoding) => encoding !== 'latin1').length;
    };
    await decodings(1);
    expect(await decodings(500)).toBe(await decodings(1));
  });

  test('leave the connection reading text, after rows and after an error in the midst of them', async () => {
    await queryBytes(pool, asked);
    expect((await pool.query('SELECT $1::text AS one', [text])).rows).toEqual([{ one: text }]);
    const client = await pool.connect();
    try {
      const broken = queryBytesOn(client, {
        text: `SELECT CASE WHEN n < 3000 THEN 'x' ELSE ($1::text || n)::int::text END FROM generate_series(1, 3000) AS n`,
        values: ['é'],
      });
      await expect(broken).rejects.toThrow('é3000');
      expect((await client.query('SELECT $1::text AS one', [text])).rows).toEqual([{ one: text }]);
    } finally {
      client.release();
    }
  });

  test('are converted on a connection whose reader is not in reach', async () => {
    const client = new pg.Client({ connectionString: database.databaseUrl });
    await client.connect();
    try {
      const rows = await queryBytesOn(client, asked);
      expect(rows[0]).toEqual([bytesOf(text), null, '1' as ByteText]);
    } finally {
      await client.end();
    }
  });
});
