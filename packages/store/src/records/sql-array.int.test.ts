import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { booleanArray, jsonArray, plainArray, textArray, uuidArray } from './sql-array.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.databaseUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Anything that a `text` column can hold. */
const storableText = fc
  .string({ unit: 'grapheme' })
  .map((text) => text.replaceAll('\u0000', '').toWellFormed());

const readBack = async (type: string, parameter: string | Buffer): Promise<unknown> =>
  (await client.query(`SELECT to_json($1::${type}[]) AS value`, [parameter])).rows[0].value;

it('gives the server the texts of an array as they are', async () => {
  const values = fc.array(
    fc.oneof(fc.constant(null), storableText, fc.constantFrom('', 'NULL', '"', '\\', '{,}', ' x ')),
  );
  await fc.assert(
    fc.asyncProperty(values, async (texts) => {
      expect(await readBack('text', textArray(texts))).toEqual(texts);
    }),
  );
});

it('gives the server hashes and truths as they are', async () => {
  const hash = '0123456789abcdef0123456789ABCDEF';
  expect(await readBack('uuid', uuidArray([hash, 'f'.repeat(32)]))).toEqual([
    '01234567-89ab-cdef-0123-456789abcdef',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ]);
  expect(() => uuidArray(['01234567-89ab-cdef-0123-456789abcdef'])).toThrow('32 hexadecimal digits');
  expect(await readBack('boolean', booleanArray([true, null, false]))).toEqual([true, null, false]);
});

it('gives the server plain values and nothing for none', async () => {
  expect(await readBack('numeric', plainArray(['-12.50', null]))).toEqual([-12.5, null]);
  expect(await readBack('timestamp', plainArray(['2026-02-03T04:05:06', null]))).toEqual([
    '2026-02-03T04:05:06',
    null,
  ]);
  expect(await readBack('timestamptz', plainArray([]))).toEqual([]);
});

it('gives the server arrays without an element', async () => {
  expect(await readBack('text', textArray([]))).toEqual([]);
  expect(await readBack('uuid', uuidArray([]))).toEqual([]);
  expect(await readBack('boolean', booleanArray([]))).toEqual([]);
  expect(await readBack('json', jsonArray([]))).toEqual([]);
});

it('gives the server JSON as it is, in any script, as text or in UTF-8', async () => {
  const documents = fc.array(
    fc.record({ text: storableText.map((text) => JSON.stringify({ text })), isBytes: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(documents, async (given) => {
      const array = jsonArray(given.map(({ text, isBytes }) => (isBytes ? Buffer.from(text) : text)));
      const { rows } = await client.query('SELECT element::text AS text FROM unnest($1::json[]) AS element', [
        array,
      ]);
      expect(rows.map(({ text }) => text)).toEqual(given.map(({ text }) => text));
    }),
  );
});

it('leaves it to the server to refuse what is no JSON', async () => {
  await expect(readBack('json', jsonArray(['{"a":1}', '{"a":']))).rejects.toThrow(
    'invalid input syntax for type json',
  );
});
