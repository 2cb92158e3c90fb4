import { type Benchmark, type Figure, interleave, median } from '../framework/benchmark.ts';
import type { BenchContext } from '../kit/context.ts';
import { businesses } from '../kit/platform.ts';

const delayMs = 100;
const count = (value: number) => value.toLocaleString('en-GB');

/**
 * Two companies on two workers, beside one on one, when the platform takes its time. By pages of a hundred, where the platform is what
 * is waited for, and by pages as long as the connector asks for, where one worker keeps the machine busy already.
 */
export const twoWorkers: Benchmark = {
  name: 'two-workers',
  measure: async (context) => [
    await compare(context, { invoices: context.size(10_000, 500), pageLimit: 100 }),
    await compare(context, { invoices: context.size(50_000, 2_000), pageLimit: 1000 }),
  ],
};

async function compare(
  context: BenchContext,
  { invoices, pageLimit }: { invoices: number; pageLimit: number },
): Promise<Figure> {
  const platform = await context.platform({ invoices, pageLimit, businesses: 2 });
  await platform.control('faults', { match: 'records/invoices', kind: 'delay', delayMs, times: null });
  const sync = async (workers: number): Promise<number> => {
    const house = await context.house(platform);
    const connections = [];
    for (const { user } of businesses.slice(0, workers)) connections.push(await house.link(user));
    const running = await Promise.all(
      connections.map(() => house.startWorker({ environment: { WORKER_CONCURRENCY: '1' } })),
    );
    const seconds = await house.pullTogether(connections, 'invoices');
    await Promise.all(running.map((worker) => worker.stop()));
    const { rows } = await house.store.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM invoices');
    context.say(`   pages of ${pageLimit}, ${workers} on ${workers}: ${seconds.toFixed(2)} s`);
    return (rows[0]?.n ?? 0) / seconds;
  };
  const rates = await interleave(context.size(3, 1), {
    one: () => context.round(() => sync(1)),
    two: () => context.round(() => sync(2)),
  });
  await platform.stop();
  const ratio = median(rates.two) / median(rates.one);
  return {
    what: `two workers on two companies, each page of ${count(pageLimit)} after ${delayMs} ms`,
    floor: { what: 'one on one', value: median(rates.one), unit: 'records/s' },
    measured: { value: median(rates.two), unit: 'records/s' },
    ratio,
    target: 'at least 1.9 times',
    met: ratio >= 1.9,
    details: { recordsPerSecond: rates },
  };
}
