import type { Benchmark } from '../framework/benchmark.ts';
import { filteredLists } from './filters.ts';
import { amongMany, besideTheFloor, duringSync } from './pages.ts';
import { openStage } from './stage.ts';
import { streamedPages } from './stream.ts';

/** Reading lists: one page beside its floors, among few and among many, filtered, ordered, streamed, and while a sync runs. */
export const serving: Benchmark = {
  name: 'serving',
  async measure(context) {
    const counts = { small: 10_000, big: context.size(1_000_000, 50_000) };
    const stage = await openStage(context, context.size(20_000, 2_000));
    const small = await stage.books(counts.small);
    const big = await stage.books(counts.big);
    await stage.settle();
    const besideOthers = [
      ...(await besideTheFloor(context, stage, small)),
      ...(await duringSync(context, stage, small)),
    ];
    await stage.settle();
    return [
      ...besideOthers,
      ...(await amongMany(context, stage, small, big, counts)),
      ...(await streamedPages(context, stage, big)),
      ...(await filteredLists(context, stage, big, counts.big)),
    ];
  },
};
