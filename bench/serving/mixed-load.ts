import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Benchmark, median } from '../framework/benchmark.ts';
import { found } from './fill.ts';
import { histogramPicture } from './histogram.ts';
import { percentile } from './load.ts';
import { invoicesOf } from './pages.ts';
import { openStage, type Stage } from './stage.ts';

const picture = 'docs/images/latency.svg';
const requestsPerSecond = 100;

/** What a lender's systems ask for in a day, as fast as they may: idle, and while a worker syncs. */
export const mixedLoad: Benchmark = {
  name: 'mixed-load',
  async measure(context) {
    const stage = await openStage(context, context.size(20_000, 2_000));
    const books = await stage.books(context.size(100_000, 10_000));
    const paths = await lendersPaths(stage, invoicesOf(books));
    const plan = { paths, seconds: context.size(30, 3), pace: { connections: 10, requestsPerSecond } };
    const flatOut = { paths, seconds: context.size(10, 2), pace: { connections: 10 } };
    await stage.load(flatOut);
    const idle = await stage.load(plan);
    const most = await stage.load(flatOut);
    const stop = stage.keepSyncing();
    const syncing = await stage.load(plan);
    const mostSyncing = await stage.load(flatOut);
    await stop();
    if (!context.quick) {
      const path = join(context.root, picture);
      mkdirSync(dirname(path), { recursive: true });
      const series = [
        { name: 'nothing else runs', latenciesMs: idle.latenciesMs },
        { name: 'a full sync runs', latenciesMs: syncing.latenciesMs },
      ];
      writeFileSync(
        path,
        histogramPicture(`A lender's mixed requests, ${requestsPerSecond} a second`, series),
      );
    }
    const at = (latenciesMs: readonly number[]) => ({
      p50: median(latenciesMs),
      p90: percentile(latenciesMs, 0.9),
      p99: percentile(latenciesMs, 0.99),
      most: percentile(latenciesMs, 1),
    });
    const [quiet, busy] = [at(idle.latenciesMs), at(syncing.latenciesMs)];
    return [
      {
        what: `a lender's mixed requests, ${requestsPerSecond} a second, p99 while a full sync runs`,
        floor: { what: 'when nothing else runs', value: quiet.p99, unit: 'ms' },
        measured: { value: busy.p99, unit: 'ms' },
        ratio: busy.p99 / quiet.p99,
        target: 'stated',
        met: undefined,
        details: { idle: quiet, syncing: busy, kinds: paths.length },
      },
      {
        what: "a lender's mixed requests, as many as are answered, while a full sync runs",
        floor: { what: 'when nothing else runs', value: most.requestsPerSecond, unit: 'requests/s' },
        measured: { value: mostSyncing.requestsPerSecond, unit: 'requests/s' },
        ratio: mostSyncing.requestsPerSecond / most.requestsPerSecond,
        target: 'stated',
        met: undefined,
      },
    ];
  },
};

/** Twenty requests: companies and statuses, pages, filtered lists, single records, statements and histories. */
async function lendersPaths(stage: Stage, many: string): Promise<string[]> {
  const company = `/companies/${stage.synced.companyId}`;
  const page = await stage.get(`${many}?pageSize=100`);
  const next = page._links.next?.href ?? '';
  const [one, other] = page.results.map(({ id }) => `${many}/${id}`);
  return [
    '/companies?pageSize=100',
    company,
    `${company}/dataStatus`,
    `${company}/dataStatus`,
    `${many}?pageSize=100`,
    next,
    `${many}?pageSize=100&page=50`,
    `${company}/data/invoices?pageSize=100`,
    `${company}/data/customers?pageSize=100`,
    `${company}/data/payments?pageSize=100`,
    `${many}?pageSize=100&query=${encodeURIComponent(`status=${found.rareStatus}`)}`,
    `${many}?pageSize=100&query=${encodeURIComponent(`modifiedDate>=${found.changedFrom}`)}`,
    `${many}?pageSize=100&query=${encodeURIComponent(`customerRef.id=${found.customer}`)}`,
    `${many}?pageSize=100&orderBy=-issueDate`,
    one ?? many,
    other ?? many,
    `${company}/data/financials/balanceSheet?periodLength=1&periodsToCompare=12`,
    `${company}/data/financials/profitAndLoss?periodLength=1&periodsToCompare=12`,
    `${company}/data/history`,
    `${company}/data/history?pageSize=20`,
  ];
}
