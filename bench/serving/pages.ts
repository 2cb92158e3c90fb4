/** Pages of the plain list: beside a bare route, among a million, far behind, and while a sync runs. */
import { type Figure, interleave, median } from '../framework/benchmark.ts';
import type { BenchContext } from '../kit/context.ts';
import type { Books } from './fill.ts';
import { p99 } from './load.ts';
import type { Stage } from './stage.ts';

export const invoicesOf = ({ companyId }: Books) => `/companies/${companyId}/data/invoices`;

/** Requests per second of the API, of the bare routes and of Prisma's, in turn. */
export async function besideTheFloor(context: BenchContext, stage: Stage, books: Books): Promise<Figure[]> {
  const bare = await stage.bare();
  const place = `company=${books.companyId}&connection=${books.connectionId}&pageSize=100`;
  const seconds = context.size(5, 1);
  const rate = (path: string, origin: string) => async () =>
    (await stage.load({ origin, paths: [path], seconds, pace: { connections: 8 } })).requestsPerSecond;
  const ways = {
    api: rate(`${invoicesOf(books)}?pageSize=100`, stage.api.origin),
    text: rate(`/text?${place}`, bare.origin),
    bytes: rate(`/bytes?${place}`, bare.origin),
    prisma: rate(`/prisma?${place}`, bare.origin),
  };
  // Once for nothing: what is compiled, prepared and cached is so for all of them.
  await interleave(1, ways);
  const rounds = await interleave(context.size(5, 1), ways);
  await bare.stop();
  const measured = { value: median(rounds.api), unit: 'requests/s' };
  const compared = (what: string, floor: readonly number[], atLeast: number | undefined): Figure => {
    const ratio = median(rounds.api) / median(floor);
    return {
      what: '`GET …/data/invoices?pageSize=100`',
      floor: { what, value: median(floor), unit: 'requests/s' },
      measured,
      ratio,
      target: atLeast === undefined ? 'stated' : `at least ${atLeast} of the floor`,
      met: atLeast === undefined ? undefined : ratio >= atLeast,
      details: { rounds },
    };
  };
  return [
    compared('a bare Fastify route with the same SQL, joining the documents', rounds.text, 0.8),
    compared('the same route, documents left as bytes', rounds.bytes, undefined),
    compared('a route with Prisma’s `findMany` and `count`', rounds.prisma, undefined),
  ];
}

/** The slowest in a hundred while a worker reads books in full, beside the same load when nothing else runs. */
export async function duringSync(context: BenchContext, stage: Stage, books: Books): Promise<Figure[]> {
  const plan = {
    paths: [`${invoicesOf(books)}?pageSize=100`],
    seconds: context.size(10, 2),
    pace: { arrivalsPerSecond: 50 },
  };
  const latenciesMs = { idle: [] as number[], syncing: [] as number[] };
  const measure = async (state: keyof typeof latenciesMs): Promise<number> => {
    const result = await stage.load(plan);
    latenciesMs[state].push(...result.latenciesMs);
    return p99(result.latenciesMs);
  };
  const rounds = await interleave(context.size(6, 1), {
    idle: () => measure('idle'),
    syncing: async () => {
      const stop = stage.keepSyncing();
      const slowest = await measure('syncing');
      await stop();
      return slowest;
    },
  });
  // Of all rounds together: the slowest in a hundred are few in each.
  const [idle, syncing] = [p99(latenciesMs.idle), p99(latenciesMs.syncing)];
  const ratio = syncing / idle;
  return [
    {
      what: 'the same, p99 at 50 requests/s while a full sync runs',
      floor: { what: 'when nothing else runs', value: idle, unit: 'ms' },
      measured: { value: syncing, unit: 'ms' },
      ratio,
      target: 'at most 3 times idle',
      met: ratio <= 3,
      details: {
        rounds,
        medianMs: { idle: median(latenciesMs.idle), syncing: median(latenciesMs.syncing) },
      },
    },
  ];
}

/** A page by its size of books and by its place, one request at a time. */
export async function amongMany(
  context: BenchContext,
  stage: Stage,
  small: Books,
  big: Books,
  counts: { small: number; big: number },
): Promise<Figure[]> {
  const pages = context.size(1_000, 20);
  let path = `${invoicesOf(big)}?pageSize=100`;
  const first = await stage.get(path);
  if (first.totalResults !== counts.big) throw new Error(`${first.totalResults} of ${counts.big} were told`);
  for (let page = 1; page < pages; page += 1) path = (await stage.get(path))._links.next?.href ?? '';
  const time = (url: string) => async () => {
    const started = performance.now();
    await stage.get(url);
    return performance.now() - started;
  };
  const rounds = await interleave(context.size(200, 20), {
    small: time(`${invoicesOf(small)}?pageSize=100`),
    first: time(`${invoicesOf(big)}?pageSize=100`),
    followed: time(path),
    asked: time(`${invoicesOf(big)}?pageSize=100&page=${pages}`),
  });
  const row = (
    what: string,
    floor: string,
    measured: readonly number[],
    base: readonly number[],
    most: number,
  ): Figure => {
    const ratio = median(measured) / median(base);
    return {
      what,
      floor: { what: floor, value: median(base), unit: 'ms' },
      measured: { value: median(measured), unit: 'ms' },
      ratio,
      target: `at most ${most} times`,
      met: ratio <= most,
    };
  };
  const [few, many] = [counts.small, counts.big].map((count) => count.toLocaleString('en-GB'));
  return [
    row(`a page of 100 among ${many} invoices, total exact`, `among ${few}`, rounds.first, rounds.small, 1.5),
    row(`page ${pages} by following the links`, 'page 1', rounds.followed, rounds.first, 1.2),
    row(`page ${pages} asked for by its number`, 'page 1', rounds.asked, rounds.first, 5),
  ];
}
