import { type Benchmark, interleave, median } from '../framework/benchmark.ts';
import type { BenchContext } from '../kit/context.ts';
import { businesses } from '../kit/platform.ts';

const count = (value: number) => value.toLocaleString('en-GB');

/** A first sync of so many invoices in a worker of its own. What was synced stays for what comes after. */
async function syncBook(context: BenchContext, invoices: number) {
  const platform = await context.platform({ invoices });
  const house = await context.house(platform);
  const connection = await house.link(businesses[0].user);
  const worker = await house.startWorker();
  const { seconds } = await house.pull(connection, 'invoices');
  const peakMb = worker.peakResidentMb();
  await worker.stop();
  context.say(`   ${count(invoices)} in ${seconds.toFixed(1)} s, worker at most ${peakMb.toFixed(0)} MB`);
  await house.store.pool.query('VACUUM ANALYZE');
  return { platform, house, connection, peakMb, seconds };
}

/** What must not grow with the book: the worker's memory, and the time of an incremental sync. */
export const million: Benchmark = {
  name: 'million',
  async measure(context) {
    const sizes = {
      small: context.size(10_000, 1_500),
      middle: context.size(100_000, 3_000),
      large: context.size(1_000_000, 6_000),
    };
    const edits = 100;
    const small = await syncBook(context, sizes.small);
    const middle = await syncBook(context, sizes.middle);
    await middle.platform.stop();
    const large = await syncBook(context, sizes.large);

    const again = async (book: typeof small): Promise<number> => {
      book.platform.edit(edits);
      const { seconds, run } = await book.house.pull(book.connection, 'invoices');
      if (run.changed !== edits) throw new Error(`${run.changed} of ${edits} edits arrived`);
      return seconds * 1000;
    };
    await context.worker(small.house);
    await context.worker(large.house);
    // The first sync after a start pays for connections and prepared statements.
    await again(small);
    await again(large);
    const times = await interleave(context.size(15, 2), {
      small: () => again(small),
      large: () => again(large),
    });

    const memory = large.peakMb / middle.peakMb;
    const time = median(times.large) / median(times.small);
    return [
      {
        what: `worker memory (highest resident set), first sync of ${count(sizes.large)} invoices`,
        floor: { what: `of ${count(sizes.middle)}`, value: middle.peakMb, unit: 'MB' },
        measured: { value: large.peakMb, unit: 'MB' },
        ratio: memory,
        target: 'at most 1.2 times, under 250 MB',
        met: memory <= 1.2 && large.peakMb < 250,
        details: { secondsOfMiddle: middle.seconds, secondsOfLarge: large.seconds },
      },
      {
        what: `incremental sync of ${edits} changes among ${count(sizes.large)} invoices`,
        floor: { what: `among ${count(sizes.small)}`, value: median(times.small), unit: 'ms' },
        measured: { value: median(times.large), unit: 'ms' },
        ratio: time,
        target: 'at most 1.2 times',
        met: time <= 1.2,
        details: { milliseconds: times },
      },
    ];
  },
};
