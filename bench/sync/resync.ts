import { dataTypes } from '@tributary/model';
import { type Benchmark, median } from '../framework/benchmark.ts';
import type { House } from '../kit/house.ts';
import { businesses } from '../kit/platform.ts';

/** Everything that holds books. What a run notes for itself, a row for each page, is none of it. */
const dataPlane = [
  ...new Set(Object.values(dataTypes).map(({ table }) => table)),
  'raw_records',
  'quarantined_records',
  'data_warnings',
  'missing_records',
];

interface Wear {
  readonly rewritten: number;
  readonly dead: number;
}

/** Rows updated or deleted so far, and dead tuples now, over all tables of the data plane. Sessions that ended have reported. */
async function wearOf(house: House): Promise<Wear> {
  await house.store.pool.query('SELECT pg_stat_clear_snapshot()');
  const { rows } = await house.store.pool.query<Wear>(
    `SELECT sum(n_tup_upd + n_tup_del)::float8 AS rewritten, sum(n_dead_tup)::float8 AS dead
     FROM pg_stat_user_tables WHERE relname = ANY($1::text[])`,
    [dataPlane],
  );
  return rows[0] ?? { rewritten: 0, dead: 0 };
}

/** A sync of books in which nothing changed: as it is asked for (what changed since), and as a complete listing. */
export const resync: Benchmark = {
  name: 'resync',
  async measure(context) {
    const invoices = context.size(100_000, 2_000);
    const platform = await context.platform({ invoices });
    const times: Record<'first' | 'changes' | 'complete', number[]> = {
      first: [],
      changes: [],
      complete: [],
    };
    const wear = { changes: { rewritten: 0, dead: 0 }, complete: { rewritten: 0, dead: 0 } };
    const measure = async (): Promise<void> => {
      const house = await context.house(platform);
      const connection = await house.link(businesses[0].user);
      await house.store.pool.query(
        dataPlane.map((table) => `ALTER TABLE ${table} SET (autovacuum_enabled = false)`).join('; '),
      );
      const pull = async (): Promise<number> => {
        const worker = await house.startWorker();
        const { seconds } = await house.pull(connection, 'invoices');
        await worker.stop();
        return seconds;
      };
      times.first.push(await pull());
      // What autovacuum does soon after a bulk load: without it, every table is planned for as if it were empty.
      await house.store.pool.query('ANALYZE');
      for (const kind of ['changes', 'complete'] as const) {
        if (kind === 'complete') {
          await house.store.pool.query('UPDATE datasets SET cursor_at = NULL WHERE connection_id = $1', [
            connection.id,
          ]);
        }
        const before = await wearOf(house);
        times[kind].push(await pull());
        const after = await wearOf(house);
        wear[kind] = {
          rewritten: wear[kind].rewritten + after.rewritten - before.rewritten,
          dead: wear[kind].dead + after.dead - before.dead,
        };
      }
      context.say(
        `   first ${times.first.at(-1)?.toFixed(2)} s, changes ${times.changes.at(-1)?.toFixed(2)} s, complete ${times.complete.at(-1)?.toFixed(2)} s`,
      );
    };
    for (let round = 0; round < context.size(3, 1); round += 1) await context.round(measure);
    const names = {
      changes: 'sync again with nothing changed, asking for changes',
      complete: 'sync again with nothing changed, listing everything',
    };
    return (['changes', 'complete'] as const).map((kind) => {
      const ratio = median(times.first) / median(times[kind]);
      const isClean = wear[kind].rewritten === 0 && wear[kind].dead === 0;
      return {
        what: `${names[kind]} (${invoices.toLocaleString('en-GB')} invoices; ${wear[kind].rewritten} rows rewritten, ${wear[kind].dead} dead)`,
        floor: { what: 'the full sync', value: median(times.first), unit: 's' },
        measured: { value: median(times[kind]), unit: 's' },
        ratio,
        target: 'at least 4 times as fast, no row rewritten, no dead tuple',
        met: ratio >= 4 && isClean,
        details: { firstSeconds: times.first, seconds: times[kind], wear: wear[kind] },
      };
    });
  },
};
