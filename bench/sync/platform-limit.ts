import { type Benchmark, median } from '../framework/benchmark.ts';
import { businesses } from '../kit/platform.ts';

const requestsPerSecond = 10;

/** A full sync from a platform that allows ten requests a second, with pages at their maximum: nothing but the limit should cost time. */
export const platformLimit: Benchmark = {
  name: 'platform-limit',
  async measure(context) {
    const invoices = context.size(200_000, 5_000);
    const platform = await context.platform({ invoices });
    const seconds: number[] = [];
    let pages = 0;
    let requests = 0;
    for (let round = 0; round < context.size(2, 1); round += 1) {
      const house = await context.house(platform, { requestsPerSecond });
      const connection = await house.link(businesses[0].user);
      const worker = await house.startWorker();
      const { run, seconds: taken } = await house.pull(connection, 'invoices');
      await worker.stop();
      seconds.push(taken);
      pages = run.pages;
      const { rows } = await house.store.pool.query<{ requests: number }>(
        'SELECT count(*)::int AS requests FROM upstream_requests WHERE run_id = $1',
        [run.id],
      );
      requests = rows[0]?.requests ?? 0;
    }
    const floor = pages / requestsPerSecond;
    const ratio = median(seconds) / floor;
    return [
      {
        what: `full sync of ${pages} pages from a platform that allows ${requestsPerSecond} requests a second`,
        floor: { what: `pages ÷ ${requestsPerSecond}`, value: floor, unit: 's' },
        measured: { value: median(seconds), unit: 's' },
        ratio,
        target: 'at most 1.05 times',
        met: ratio <= 1.05,
        details: { seconds, pages, requests },
      },
    ];
  },
};
