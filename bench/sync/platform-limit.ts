import { type Benchmark, type Figure, interleave, median } from '../framework/benchmark.ts';
import type { BenchContext } from '../kit/context.ts';
import { businesses } from '../kit/platform.ts';

const requestsPerSecond = 10;
const count = (value: number) => value.toLocaleString('en-GB');

/**
 * A full sync from a platform that allows ten requests a second: nothing but the limit should cost time. By pages as long as the
 * connector asks for, of which the machine has to take in ten thousand records a second, and by pages that the platform cuts. Among
 * the pages asked for are those of accounts, taxes and items, which mapping looks up, and the empty one that ends a listing.
 */
export const platformLimit: Benchmark = {
  name: 'platform-limit',
  measure: async (context) => [
    await full(context, { invoices: context.size(50_000, 1_000), pageLimit: 250 }),
    await full(context, { invoices: context.size(200_000, 2_000), pageLimit: 1000 }),
  ],
};

async function full(
  context: BenchContext,
  { invoices, pageLimit }: { invoices: number; pageLimit: number },
): Promise<Figure> {
  const platform = await context.platform({ invoices, pageLimit });
  let pages = 0;
  let requests = 0;
  const sync = async (): Promise<number> => {
    const house = await context.house(platform, { requestsPerSecond });
    const connection = await house.link(businesses[0].user);
    const worker = await house.startWorker();
    const { run, seconds } = await house.pull(connection, 'invoices');
    await worker.stop();
    pages = run.pages;
    const { rows } = await house.store.pool.query<{ requests: number }>(
      'SELECT count(*)::int AS requests FROM upstream_requests WHERE run_id = $1',
      [run.id],
    );
    requests = rows[0]?.requests ?? 0;
    return seconds;
  };
  const { limited: seconds } = await interleave(context.size(3, 1), { limited: () => context.round(sync) });
  await platform.stop();
  const floor = requests / requestsPerSecond;
  const ratio = median(seconds) / floor;
  return {
    what: `full sync of ${pages} full pages of ${count(pageLimit)} from a platform that allows ${requestsPerSecond} requests a second`,
    floor: { what: `${requests} pages asked for ÷ ${requestsPerSecond}`, value: floor, unit: 's' },
    measured: { value: median(seconds), unit: 's' },
    ratio,
    target: 'at most 1.05 times',
    met: ratio <= 1.05,
    details: { seconds, pages, requests },
  };
}
