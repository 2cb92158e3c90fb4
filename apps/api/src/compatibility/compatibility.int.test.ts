import { readFile, writeFile } from 'node:fs/promises';
import { createConnectors } from '@tributary/connectors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../testing/api.fixture.ts';
import { hasCodatSpecification, loadCodatSpecification } from '../testing/codat-specification.fixture.ts';
import {
  compatibilityDocument,
  type PlatformFields,
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

const nowhere = 'http://platform.invalid';

/** Every platform that a deployment can offer; none is asked for anything here. */
const connectors = createConnectors({
  kashoo: {
    apiUrl: nowhere,
    trulySmallApiUrl: nowhere,
    oauthUrl: nowhere,
    authorizeUrl: nowhere,
    requestsPerSecond: 1,
    requestsPerHour: undefined,
  },
  kashflow: { soapUrl: nowhere, requestsPerSecond: 1 },
});

/** Each platform with the reasons for what it leaves empty. */
async function platforms(): Promise<PlatformFields[]> {
  const notMapped = await readFile(notMappedFile, 'utf8');
  return [...connectors.values()].map(({ manifest: { name, dataTypes } }) => ({
    name,
    dataTypes: new Set(dataTypes.keys()),
    reasons: reasonsOf(notMapped, name),
  }));
}

test('docs/compatibility.md is what the OpenAPI document and the data types make of it', async () => {
  const current = compatibilityDocument(document, await platforms());
  if (process.env['UPDATE_COMPATIBILITY']) await writeFile(file, current);
  expect(await readFile(file, 'utf8'), 'run npm run compatibility').toBe(current);
});

test('what is known of operations is of operations that are there', () => {
  const ids = served.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining([...Object.keys(judgements), ...ownOperations]));
});

test('the reasons for empty properties are found, of every platform', async () => {
  for (const { name, reasons } of await platforms()) expect(reasons.size, name).toBeGreaterThan(10);
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
