/** Filtered and ordered lists, with the worst that a query can ask for. */
import { type Figure, median } from '../framework/benchmark.ts';
import type { BenchContext } from '../kit/context.ts';
import { type Books, found } from './fill.ts';
import { percentile } from './load.ts';
import { invoicesOf } from './pages.ts';
import type { Stage } from './stage.ts';

interface Filter {
  readonly query?: string;
  readonly orderBy?: string;
  /** Of the books. */
  readonly share: number;
}

/** Each matches one invoice in a hundred, at most. */
const narrow: readonly Filter[] = [
  { query: `status=${found.rareStatus}`, share: 0.01 },
  { query: `issueDate>=${found.lastDays}`, share: 0.01 },
  { query: `issueDate>=${found.middleDays[0]}&&issueDate<${found.middleDays[1]}`, share: 0.01 },
  { query: `modifiedDate>=${found.changedFrom}`, share: 0.01 },
  { query: `customerRef.id=${found.customer}`, share: 0.01 },
  { query: 'metadata.isDeleted=true', share: 0.01 },
  { query: `customerRef.id=${found.customer}&&status=Submitted`, share: 0.01 },
  { query: `status=${found.rareStatus}&&metadata.isDeleted!=true`, share: 0.01 },
  { query: `status=${found.rareStatus}`, orderBy: '-issueDate', share: 0.01 },
  { query: `customerRef.id=${found.customer}`, orderBy: '-totalAmount', share: 0.01 },
];

/** Orders and filters that most of the books match. */
const wide: readonly Filter[] = [
  { orderBy: '-issueDate', share: 1 },
  { orderBy: '-modifiedDate', share: 1 },
  { query: 'metadata.isDeleted!=true', share: 0.99 },
  { query: `issueDate>=${found.secondHalf}`, share: 0.5 },
  { query: `status=${found.commonStatus}`, share: 0.96 },
  { orderBy: '-totalAmount', share: 1 },
  { query: 'note~nothing', share: 0 },
];

const mostMs = 50;

export async function filteredLists(
  context: BenchContext,
  stage: Stage,
  books: Books,
  count: number,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const filter of narrow)
    figures.push(await measureList(stage, books, count, filter, context.size(100, 5), mostMs));
  for (const filter of wide)
    figures.push(await measureList(stage, books, count, filter, context.size(20, 2), undefined));
  return figures;
}

async function measureList(
  stage: Stage,
  books: Books,
  count: number,
  { query, orderBy, share }: Filter,
  times: number,
  most: number | undefined,
): Promise<Figure> {
  const parameters = new URLSearchParams({
    pageSize: '100',
    ...(query !== undefined && { query }),
    ...(orderBy !== undefined && { orderBy }),
  });
  const path = `${invoicesOf(books)}?${parameters}`;
  const { totalResults } = await stage.get(path);
  if (totalResults !== Math.round(count * share))
    throw new Error(`${path} told ${totalResults} of ${count * share}`);
  const latenciesMs: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const started = performance.now();
    await stage.get(path);
    latenciesMs.push(performance.now() - started);
  }
  const slowest = percentile(latenciesMs, 0.99);
  const asked = [query && `query=${query}`, orderBy && `orderBy=${orderBy}`].filter(Boolean).join(' ');
  return {
    what: `\`${asked.replaceAll('|', '\\|')}\`: ${totalResults.toLocaleString('en-GB')} of ${count.toLocaleString('en-GB')}, p99`,
    measured: { value: slowest, unit: 'ms' },
    target: most === undefined ? 'stated' : `under ${most} ms`,
    met: most === undefined ? undefined : slowest < most,
    details: { medianMs: median(latenciesMs), times },
  };
}
