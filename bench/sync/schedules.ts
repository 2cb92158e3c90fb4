import type { Benchmark } from '../framework/benchmark.ts';

/** Very many schedules fall due at once, and two workers tick: each becomes one run, and runs are admitted as far as there is room. */
export const schedules: Benchmark = {
  name: 'schedules',
  async measure(context) {
    const wanted = context.size(100_000, 1_000);
    const platform = await context.platform({ invoices: 100 });
    const databaseUrl = await context.database();
    const houses = [
      await context.house(platform, { databaseUrl }),
      await context.house(platform, { databaseUrl }),
    ];
    const [house] = houses;
    if (house === undefined) throw new Error('two houses were opened');
    const dataTypes = [
      'invoices',
      'bills',
      'customers',
      'suppliers',
      'payments',
      'billPayments',
      'items',
      'transfers',
      'taxRates',
      'bankAccounts',
    ];
    await house.store.pool.query(
      `INSERT INTO clients (id, name) SELECT md5('client' || n)::uuid, 'client ' || n FROM generate_series(1, 100) AS n;
       INSERT INTO companies (id, client_id, name) SELECT md5('company' || n)::uuid, md5('client' || n % 100 + 1)::uuid, 'company ' || n
       FROM generate_series(1, ${wanted / dataTypes.length}) AS n;
       INSERT INTO connections (id, client_id, company_id, platform_key, status)
       SELECT md5('connection' || n)::uuid, md5('client' || n % 100 + 1)::uuid, md5('company' || n)::uuid, 'ksho', 'Linked'
       FROM generate_series(1, ${wanted / dataTypes.length}) AS n;
       INSERT INTO datasets (company_id, connection_id, client_id, data_type, schedule_hours, next_run_at)
       SELECT company_id, id, client_id, data_type, 24, now() - interval '1 hour' * random()
       FROM connections, unnest('{${dataTypes.join(',')}}'::text[]) AS data_type;
       ANALYZE`,
    );
    const startedMs = performance.now();
    const ticks = await Promise.all(houses.map(({ sync }) => sync.tick()));
    const seconds = (performance.now() - startedMs) / 1000;
    const { rows } = await house.store.pool.query<{
      runs: number;
      datasets: number;
      admitted: number;
      due: number;
    }>(
      `SELECT count(*)::int AS runs, count(DISTINCT (connection_id, data_type))::int AS datasets, count(enqueued_at)::int AS admitted,
              (SELECT count(*) FROM datasets WHERE next_run_at <= now())::int AS due
       FROM pull_operations`,
    );
    const found = rows[0];
    const isExact = found?.runs === wanted && found.datasets === wanted && found.due === 0;
    return [
      {
        what: `${wanted.toLocaleString('en-GB')} due schedules of 100 clients become runs, two workers ticking; ${found?.admitted} admitted to the queue`,
        measured: { value: seconds, unit: 's' },
        target: 'no double run; seconds stated',
        met: isExact,
        details: { ...found, createdByEach: ticks.map(({ due }) => due) },
      },
    ];
  },
};
