import { describe, expect, test } from 'vitest';
import type { PlatformRequest, PlatformSession } from './connector.ts';
import { elementId } from './element-id.ts';
import { type ListedPage, listByOffset } from './offset-listing.ts';
import { PlatformError } from './platform-error.ts';

const PLATFORM_TIME_MS = Date.UTC(2024, 5, 1);

/** A platform that answers each request for a page with what `page` says. */
function platform(page: (offset: number, limit: number) => readonly unknown[] | string) {
  const requests: PlatformRequest[] = [];
  const session: PlatformSession = {
    businessId: '7',
    info: {},
    async request(request) {
      requests.push(request);
      const answer = page(Number(request.query?.['offset']), Number(request.query?.['limit']));
      const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
      return { status: 200, text, platformTimeMs: PLATFORM_TIME_MS };
    },
  };
  return { session, requests };
}

async function pagesOf(
  session: PlatformSession,
  checkpoint?: { offset: number },
  limit = 10,
): Promise<ListedPage[]> {
  const pages: ListedPage[] = [];
  const listing = listByOffset({
    session,
    path: '/things',
    query: { type: 'X' },
    limit,
    checkpoint,
    idMember: 'id',
  });
  for await (const page of listing) pages.push(page);
  return pages;
}

const book = (size: number) => Array.from({ length: size }, (_, index) => ({ id: 1000 + index }));
const textsOf = (page: ListedPage | undefined) => page?.records.map(({ id, raw }) => ({ id, raw }));
const idsOf = (pages: readonly ListedPage[]) => pages.flatMap(({ records }) => records.map(({ id }) => id));

describe('a listing by offset', () => {
  test('reads every record of a platform that caps the limit in silence', async () => {
    const records = book(25);
    const { session, requests } = platform((offset, limit) =>
      records.slice(offset, offset + Math.min(limit, 4)),
    );
    const pages = await pagesOf(session);
    expect(idsOf(pages)).toEqual(records.map(({ id }) => String(id)));
    expect(requests.map(({ query }) => query?.['offset'])).toEqual([0, 4, 8, 12, 16, 20, 24, 25]);
    expect(requests[0]?.query).toEqual({ type: 'X', offset: 0, limit: 10 });
  });

  test('takes only an empty page for the end: a short one in the middle loses nothing', async () => {
    const records = book(20);
    const { session } = platform((offset) => records.slice(offset, offset + (offset === 10 ? 3 : 10)));
    expect(idsOf(await pagesOf(session))).toHaveLength(20);
  });

  test('keeps the exact text of each record', async () => {
    const { session } = platform((offset) =>
      offset === 0 ? '[ {"id": 9007199254740993, "rate": 1.10} ]' : '[]',
    );
    expect(textsOf((await pagesOf(session))[0])).toEqual([
      { id: '9007199254740993', raw: '{"id": 9007199254740993, "rate": 1.10}' },
    ]);
  });

  test('yields the first page even when it is empty, for the platform time', async () => {
    const { session } = platform(() => []);
    expect(await pagesOf(session)).toEqual([
      { records: [], status: 200, platformTimeMs: PLATFORM_TIME_MS, checkpoint: { offset: 0 }, warnings: [] },
    ]);
  });

  test('resumes where the checkpoint says', async () => {
    const records = book(25);
    const { session } = platform((offset, limit) => records.slice(offset, offset + limit));
    const all = await pagesOf(session);
    const resumed = await pagesOf(session, all[0]?.checkpoint);
    expect(idsOf(resumed)).toEqual(records.slice(10).map(({ id }) => String(id)));
  });

  test.each([[null], ['x'], [{ offset: -1 }], [{ offset: '3' }]])(
    'starts at the beginning when the checkpoint is %j',
    async (checkpoint) => {
      const { session } = platform((offset) => book(3).slice(offset));
      expect(idsOf(await pagesOf(session, checkpoint as unknown as { offset: number }))).toHaveLength(3);
    },
  );

  test('names an id once per page, with what came last', async () => {
    const { session } = platform((offset) =>
      offset === 0 ? '[{"id":1,"v":1},{"id":2},{"id":1,"v":2}]' : '[]',
    );
    const [page] = await pagesOf(session);
    expect(textsOf(page)).toEqual([
      { id: '1', raw: '{"id":1,"v":2}' },
      { id: '2', raw: '{"id":2}' },
    ]);
    expect(page?.checkpoint).toEqual({ offset: 3 });
  });

  test('passes on a record that moved to a later page, because what came later is newer', async () => {
    const answers = ['[{"id":1},{"id":2}]', '[{"id":2,"changed":true},{"id":3}]', '[]'];
    const { session } = platform(() => answers.shift() ?? '[]');
    const pages = await pagesOf(session);
    expect(pages[1]?.records[0]?.raw).toBe('{"id":2,"changed":true}');
    expect(pages.flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  test.each([
    ['the same page for ever', (_offset: number) => book(10), 2],
    [
      'the same pages in turn for ever',
      (offset: number) => book(30).slice(offset % 30, (offset % 30) + 10),
      4,
    ],
  ])('ends with a warning when the platform sends %s', async (_name, page, expectedPages) => {
    const { session, requests } = platform(page);
    const pages = await pagesOf(session);
    expect(requests).toHaveLength(expectedPages);
    expect(pages.at(-1)?.warnings).toMatchObject([{ ruleId: 'listing-repeated-page' }]);
    expect(pages.slice(0, -1).flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  test('ends on a repetition after a resumption too', async () => {
    const { session } = platform(() => book(10));
    const pages = await pagesOf(session, { offset: 40 });
    expect(pages).toHaveLength(2);
  });

  test('passes on records without an id under the id they are given', async () => {
    const { session } = platform((offset) => (offset === 0 ? '[null,{"id":1},{"x":2}]' : '[]'));
    expect(idsOf(await pagesOf(session))).toEqual([elementId('null'), '1', elementId('{"x":2}')]);
  });

  test.each(['{"error":1}', '[{"id":1}', 'oops'])('of %j is unavailable', async (answer) => {
    const { session } = platform(() => answer);
    const error = await pagesOf(session).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PlatformError);
    expect(error).toMatchObject({ code: 'unavailable' });
  });

  test('gives records whose text is made of their bytes, and is the copy’s own once altered', async () => {
    const { session } = platform((offset) => (offset === 0 ? [{ id: 1, name: 'Łódź €' }] : []));
    const record = (await pagesOf(session))[0]?.records[0];
    expect(record?.bytes?.toString()).toBe(record?.raw);
    const altered = { ...record, raw: '{}' };
    expect([altered.id, altered.raw, altered.bytes]).toEqual(['1', '{}', undefined]);
  });
});
