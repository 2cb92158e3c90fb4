import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from '../kit/api.ts';
import { equal, expect, show } from '../kit/expect.ts';
import { query } from '../kit/postgres-client.ts';
import type { Point, Report } from '../kit/report.ts';
import { freePort } from '../kit/wait.ts';
import { lastLines, type World } from '../world.ts';

/** P3: schema, migrations, and processes that refuse an old schema. Leaves API and two workers running. */
export async function databasePoint(world: World, report: Report): Promise<void> {
  await world.createDatabase('walk');
  await report.point(
    'P3',
    'database: the two planes in Prisma’s schema, SQL migrations applied by `npm run migrate`',
    async (point) => {
      const folders = await point.need('prisma/ holds schema.prisma and folders of SQL migrations', () =>
        migrationsOf(world),
      );
      await refusals(world, point);
      await point.need('`npm run migrate` applies them all and exits 0', async () => {
        await migrate(world, world.databaseUrl);
        const rows = await query(
          world.databaseUrl,
          'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1',
        );
        equal(
          rows.map(([name]) => name),
          folders,
          'applied migrations',
        );
      });
      await point.check('a second `npm run migrate` changes nothing and exits 0', async () => {
        const before = await schemaOf(world);
        await migrate(world, world.databaseUrl);
        equal(await schemaOf(world), before, 'the schema');
      });
      await point.check(
        'one table per data type keeps the document beside typed columns, money as numeric',
        async () => {
          const rows = await query(
            world.databaseUrl,
            `SELECT d.table_name, count(*) FILTER (WHERE c.data_type = 'numeric') FROM information_schema.columns d
         JOIN information_schema.columns c USING (table_schema, table_name)
         WHERE d.column_name = 'document' AND d.data_type IN ('json', 'jsonb') GROUP BY 1 ORDER BY 1`,
          );
          expect(rows.length >= 11, `only ${rows.length} tables with a document: ${show(rows)}`);
          const invoices = rows.find(([table]) => table === 'invoices');
          expect(
            Number(invoices?.[1] ?? 0) >= 3,
            `the table invoices has no numeric columns for its amounts: ${show(rows)}`,
          );
          const floats = await query(
            world.databaseUrl,
            `SELECT table_name, column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND data_type IN ('real', 'double precision') AND column_name ~ '(amount|total|balance|rate|price)'`,
          );
          equal(floats, [], 'columns of money in binary floating point');
        },
      );
      await point.check('AUTO_MIGRATE=true lets the API migrate at its start', async () => {
        const port = await freePort();
        const changes = { DATABASE_URL: await world.createDatabase('automatic'), PORT: String(port) };
        const quota = { AUTO_MIGRATE: 'true', REQUESTS_PER_CLIENT_PER_DAY: '3' };
        const environment = world.environment({ ...changes, ...quota });
        const api = world.processes.start('api, migrating', world.command('api', environment));
        const url = `http://127.0.0.1:${port}`;
        await world.answering(api, `${url}/readyz`);
        world.found.limitedApi = new Api(url, world.apiKey);
      });
      await point.need('the API starts on the migrated database', async () => {
        await world.startApi();
      });
      await point.need('two workers start and keep running', async () => {
        const workers = [world.startWorker(), world.startWorker()];
        await new Promise((done) => setTimeout(done, 1_500));
        for (const worker of workers)
          expect(worker.isRunning(), `${worker.name} ended: ${lastLines(worker)}`);
      });
    },
  );
}

function migrationsOf(world: World): string[] {
  const schema = readFileSync(join(world.root, 'prisma', 'schema.prisma'), 'utf8');
  for (const word of ['model Client', 'model Company', 'model Connection']) {
    expect(schema.includes(word), `schema.prisma has no ${word}`);
  }
  const folder = join(world.root, 'prisma', 'migrations');
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).sort();
  expect(names.length > 0, 'there is no migration');
  for (const name of names)
    expect(existsSync(join(folder, name, 'migration.sql')), `${name} has no migration.sql`);
  return names;
}

async function refusals(world: World, point: Point): Promise<void> {
  for (const script of ['api', 'worker']) {
    await point.check(`\`npm run ${script}\` refuses a schema older than itself`, async () => {
      const started = world.processes.start(script, world.command(script, world.environment()));
      const timer = setTimeout(() => started.signalGroup('SIGKILL'), 20_000);
      const { code, signal } = await started.ended;
      clearTimeout(timer);
      expect(signal === null && code !== 0, `it ended with ${signal ?? code}: ${lastLines(started)}`);
      expect(
        /migrat/i.test(started.lines.join('\n')),
        `it does not speak of migrations: ${lastLines(started)}`,
      );
    });
  }
}

/** A migrated database, API and two workers, without checking anything on the way. */
export async function bringUp(world: World): Promise<void> {
  await world.createDatabase('walk');
  await migrate(world, world.databaseUrl);
  await world.startApi();
  world.startWorker();
  world.startWorker();
}

async function migrate(world: World, databaseUrl: string): Promise<void> {
  const environment = world.environment({ DATABASE_URL: databaseUrl });
  const result = await world.processes.run('migrate', world.command('migrate', environment));
  expect(result.code === 0, `exit code ${result.code}: ${lastLines(result)}`);
}

async function schemaOf(world: World): Promise<unknown> {
  return query(
    world.databaseUrl,
    `SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3`,
  );
}
