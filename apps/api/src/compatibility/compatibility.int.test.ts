import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.fixture.ts';
import { hasCodatSpecification, loadCodatSpecification } from '../testing/codat-specification.fixture.ts';
import {
  compatibilityDocument,
  reasonsOf,
  type ServedOperation,
  servedOperations,
} from './document.fixture.ts';
import { absences, judgements, ownOperations } from './judgements.fixture.ts';

const file = new URL('../../../../docs/compatibility.md', import.meta.url);
const notMappedFile = new URL('../../../../docs/not-mapped.md', import.meta.url);

let api: TestApi;
let document: Parameters<typeof servedOperations>[0];
let served: ServedOperation[];
beforeAll(async () => {
  api = await startTestApi();
  document = (await api.inject({ method: 'GET', url: '/openapi.json' })).body;
  served = servedOperations(document);
});
afterAll(() => api.close());

test('docs/compatibility.md is what the OpenAPI document and the data types make of it', async () => {
  const current = compatibilityDocument(document, await readFile(notMappedFile, 'utf8'));
  if (process.env['UPDATE_COMPATIBILITY']) await writeFile(file, current);
  expect(await readFile(file, 'utf8'), 'run npm run compatibility').toBe(current);
});

test('what is known of operations is of operations that are there', () => {
  const ids = served.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining([...Object.keys(judgements), ...ownOperations]));
});

test('the reasons for empty properties are found', async () => {
  expect(reasonsOf(await readFile(notMappedFile, 'utf8')).size).toBeGreaterThan(10);
});

/** Names of path parameters differ, and paths match in any case. */
const bare = (name: string) => name.replaceAll(/\{\w+\}/g, '{}').toLowerCase();

describe.skipIf(!hasCodatSpecification)('against the published specifications', () => {
  const publishedOf = (...files: string[]) =>
    files.flatMap((name) => loadCodatSpecification().operations(name)).map(bare);
  const names = () => served.map(({ method, path }) => bare(`${method} ${path}`));

  test('all 52 operations of the Platform API are there', () => {
    const platform = publishedOf('Codat-Platform.json');
    expect(platform).toHaveLength(52);
    expect(platform.filter((name) => !names().includes(name))).toEqual([]);
  });

  test('every other operation is there, or not with a reason', () => {
    const published = publishedOf('Codat-Lending.json', 'Codat-Accounting-2023.json');
    const absent = published.filter((name) => !names().includes(name));
    expect(absent.filter((name) => !absences.some(({ pattern }) => pattern.test(name)))).toEqual([]);
    expect(absences.filter(({ pattern }) => !absent.some((name) => pattern.test(name)))).toEqual([]);
  });

  test('what counts as Tributary’s own is in none of them', () => {
    const published = new Set(
      publishedOf('Codat-Platform.json', 'Codat-Lending.json', 'Codat-Accounting-2023.json'),
    );
    const own = served.filter(({ method, path }) => !published.has(bare(`${method} ${path}`)));
    expect(served.filter(({ isOwn }) => isOwn)).toEqual(own);
  });
});
