import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinJsonTexts, jsonTexts } from './json-column.ts';
import { plainArray, textArray } from './sql-array.ts';

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

const readBack = async (type: string, parameter: string): Promise<unknown> =>
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

it('gives the server plain values and nothing for none', async () => {
  const hash = '01234567-89ab-cdef-0123-456789abcdef';
  expect(await readBack('uuid', plainArray([hash, null]))).toEqual([hash, null]);
  expect(await readBack('boolean', plainArray([true, null, false]))).toEqual([true, null, false]);
  expect(await readBack('numeric', plainArray(['-12.50', null]))).toEqual([-12.5, null]);
  expect(await readBack('timestamp', plainArray(['2026-02-03T04:05:06', null]))).toEqual([
    '2026-02-03T04:05:06',
    null,
  ]);
  expect(await readBack('timestamptz', plainArray([]))).toEqual([]);
});

it('gives the server JSON texts as they are, in any script', async () => {
  const documents = fc.array(
    storableText.map((text) => JSON.stringify({ text })),
    { minLength: 1 },
  );
  await fc.assert(
    fc.asyncProperty(documents, async (texts) => {
      const { rows } = await client.query(`SELECT to_json(${jsonTexts('$1')}) AS value`, [
        joinJsonTexts(texts),
      ]);
      expect(rows[0].value).toEqual(texts);
    }),
  );
});
