/** Every fault, over real HTTP: what a client sees of it. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSandbox } from '../../app.ts';
import { parseJson } from '../../exact/json.ts';
import { listen, type SandboxClient, type Wire } from '../../testing/client.ts';
import { FAULT_KINDS } from './index.ts';

const INVOICES = '/businesses/123456789/records/invoices';
const EVERY_TIME = { match: 'records/invoices', times: null };
const PAGE = 20;

let app: FastifyInstance;
let client: SandboxClient;
let token: string;
let healthy: Wire[];

beforeAll(async () => {
  app = await buildSandbox({ size: 400, pageLimit: PAGE });
  client = await listen(app);
  token = (await client.signIn()).access_token;
  healthy = await client.all(token, INVOICES);
});
beforeEach(() => client.control('faults', { faults: [] }));
afterAll(() => app.close());

const fault = (kind: string, parameters: object = {}) =>
  client.control('faults', { faults: [{ match: 'records/invoices', kind, ...parameters }] });
const page = (offset = 0): Promise<Wire[]> => client.list(token, `${INVOICES}?offset=${offset}`);
const ask = (): Promise<Response> => client.call(token, INVOICES);
const ids = (rows: readonly Wire[]): string[] => rows.map((row) => String(row['id']));

it('the listing is long enough for several pages', () => {
  expect(healthy.length).toBeGreaterThan(3 * PAGE);
});

it('every kind says what it does and which parameters it takes', async () => {
  const { kinds } = (await client.control('faults')) as unknown as {
    kinds: { name: string; description: string; parameters: string[] }[];
  };
  expect(kinds.map(({ name }) => name)).toEqual(Object.keys(FAULT_KINDS));
  for (const { description } of kinds) expect(description).toMatch(/\w+ \w+/);
});

describe('rateLimited', () => {
  it.each([
    [{}, undefined],
    [{ retryAfterSeconds: 7 }, 7],
    [{ retryAfterSeconds: 90, asDate: true }, 90],
  ])('%j asks to wait %s seconds', async (parameters, seconds) => {
    await fault('rateLimited', parameters);
    const { status, headers } = await ask();
    const asked = headers.get('retry-after');
    const date = Date.parse(headers.get('date') ?? '');
    const told =
      asked === null ? undefined : /^\d+$/.test(asked) ? Number(asked) : (Date.parse(asked) - date) / 1000;
    expect([status, told]).toEqual([429, seconds]);
    expect(asked === null || /GMT$/.test(asked)).toBe(seconds !== 7);
    expect((await ask()).status).toBe(200);
  });
});

it('accessRevoked ends the grant of the user who asks, and of nobody else', async () => {
  const [one, other] = [await client.signIn(), await client.signIn('1003')];
  await client.control('faults', { match: '/users/me$', kind: 'accessRevoked' });
  expect((await client.call(one.access_token, '/users/me')).status).toBe(401);
  expect((await client.call(other.access_token, '/users/me')).status).toBe(200);
  const answer = await client.token({ grant_type: 'refresh_token', refresh_token: one.refresh_token });
  expect([answer.status, await answer.json()]).toEqual([
    400,
    expect.objectContaining({ error: 'invalid_grant' }),
  ]);
  token = (await client.signIn()).access_token;
});

it('answerLost loses the tokens of a refresh that the platform has made', async () => {
  const { refresh_token: refreshToken } = await client.signIn();
  await client.control('faults', { match: 'POST /oauth2/token', kind: 'answerLost' });
  const refresh = () => client.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
  await expect(refresh()).rejects.toThrow();
  expect(await (await refresh()).json()).toMatchObject({ error: 'invalid_grant' });
});

it('truncatedJson ends the text early, with headers that do not betray it', async () => {
  const whole = await (await ask()).text();
  await fault('truncatedJson');
  const answer = await ask();
  const text = await answer.text();
  expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(text)));
  expect(whole.startsWith(text) && text.length < whole.length).toBe(true);
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
});

it('repeatedPage gives the page before once more', async () => {
  await client.control('faults', { match: `offset=${2 * PAGE}`, kind: 'repeatedPage' });
  expect(ids(await page(2 * PAGE))).toEqual(ids(healthy.slice(PAGE, 2 * PAGE)));
  expect(ids(await page(2 * PAGE))).toEqual(ids(healthy.slice(2 * PAGE, 3 * PAGE)));
});

it('endlessListing goes round and round, in full pages', async () => {
  await fault('endlessListing', EVERY_TIME);
  const read: Wire[] = [];
  while (read.length < 3 * healthy.length) {
    const rows = await page(read.length);
    expect(rows).toHaveLength(PAGE);
    read.push(...rows);
  }
  const rounds = [...healthy, ...healthy, ...healthy, ...healthy].slice(0, read.length);
  expect(ids(read)).toEqual(ids(rounds));
});

it('movingRows changes places between pages: some rows come again, others never, no page is short', async () => {
  await fault('movingRows', { ...EVERY_TIME, by: 2 });
  const read = await client.all(token, INVOICES);
  expect(read).toHaveLength(healthy.length);
  expect(new Set(ids(read)).size).toBeLessThan(healthy.length);
  expect(new Set(ids(healthy)).isSupersetOf(new Set(ids(read)))).toBe(true);
  expect(
    read.every((row) => healthy.some((other) => JSON.stringify(plain(row)) === JSON.stringify(plain(other)))),
  ).toBe(true);
});

it('duplicateRecords gives every row twice', async () => {
  await fault('duplicateRecords', EVERY_TIME);
  expect(ids(await client.all(token, INVOICES))).toEqual(ids(healthy.flatMap((row) => [row, row])));
});

it('shortPage caps a page, and the listing is whole all the same', async () => {
  await fault('shortPage', { ...EVERY_TIME, rows: 7 });
  expect(await page()).toHaveLength(7);
  expect(ids(await client.all(token, INVOICES))).toEqual(ids(healthy));
});

describe('malformedRecord', () => {
  it('wrongTypes keeps the id and gives every other member a wrong type', async () => {
    await fault('malformedRecord', { damage: 'wrongTypes', index: 3 });
    const rows = await page();
    expect(rows.toSpliced(3, 1)).toEqual(healthy.slice(0, PAGE).toSpliced(3, 1));
    const [damaged, whole] = [rows[3] ?? {}, healthy[3] ?? {}];
    expect(damaged['id']).toBe(whole['id']);
    expect(Object.keys(damaged)).toEqual(Object.keys(whole));
    expect(damaged).toMatchObject({
      totalDue: 'not a number',
      date: { unexpected: 'text' },
      removed: 'perhaps',
    });
  });

  it('notAnObject puts a text in the row’s place, and missingId takes the id away', async () => {
    await fault('malformedRecord', { damage: 'notAnObject' });
    expect((await page())[0]).toBe('not a record');
    await fault('malformedRecord', { damage: 'missingId' });
    expect(plain((await page())[0])).toEqual(plain({ ...healthy[0], id: undefined }));
  });

  it('damages every row when no index is given', async () => {
    await fault('malformedRecord', { damage: 'notAnObject', index: null });
    expect(new Set(await page())).toEqual(new Set(['not a record']));
  });
});

it('hugeAmount is 99999999999999.99 to the last digit, in a record that adds up', async () => {
  await fault('hugeAmount');
  const text = await (await ask()).text();
  const [row] = parseJson(text) as unknown as Wire[];
  expect(text).toContain('"rate":99999999999999.99');
  expect(row).toMatchObject({
    totalDue: 9_999_999_999_999_999n,
    balanceDue: 9_999_999_999_999_999n,
    totalBeforeTaxes: 9_999_999_999_999_999n,
    lineItems: [{ amount: 9_999_999_999_999_999n, quantity: 1n, taxCode: '' }],
    taxAmounts: [],
    payments: [],
  });
});

it('unstorableText holds NUL and lone surrogates, as escapes of valid JSON', async () => {
  await fault('unstorableText');
  const text = await (await ask()).text();
  expect(text).toContain('"number":"\\u0000\\ud83d');
  const [row] = JSON.parse(text) as { number: string }[];
  expect([row?.number.isWellFormed(), row?.number.includes('\u0000')]).toEqual([false, true]);
});

/** Comparable by `JSON.stringify`. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_name, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)),
  );
}
