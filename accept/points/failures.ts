import { expectError } from '../kit/api.ts';
import { equal, expect, needed, status } from '../kit/expect.ts';
import { send } from '../kit/http.ts';
import type { Report } from '../kit/report.ts';
import { until } from '../kit/wait.ts';
import { lastLines, type World } from '../world.ts';
import { dataPath, refresh } from './linking.ts';

/** B4: wrong environments. */
export async function environmentPoint(world: World, report: Report): Promise<void> {
  await report.point(
    'B4',
    'a missing or wrong environment: everything wrong is listed at once, the exit code is not 0',
    async (point) => {
      const secret = 'c2VjcmV0LXRoYXQtbXVzdC1ub3QtYmUtc2hvd24';
      const wrong = {
        DATABASE_URL: undefined,
        ENCRYPTION_KEYS: `main:${secret}`,
        PORT: 'many',
        PUBLIC_URL: 'not a url',
        KASHOO_API_URL: 'ftp://example.com',
        LOG_LEVEL: 'loud',
        WORKER_CONCURRENCY: '-3',
        SYNC_TICK_SECONDS: 'often',
      };
      const cases: readonly (readonly [
        script: string,
        names: readonly string[],
        args?: readonly string[],
      ])[] = [
        ['api', ['DATABASE_URL', 'ENCRYPTION_KEYS', 'PORT', 'PUBLIC_URL', 'KASHOO_API_URL', 'LOG_LEVEL']],
        [
          'worker',
          [
            'DATABASE_URL',
            'ENCRYPTION_KEYS',
            'KASHOO_API_URL',
            'LOG_LEVEL',
            'WORKER_CONCURRENCY',
            'SYNC_TICK_SECONDS',
          ],
        ],
        ['migrate', ['DATABASE_URL', 'LOG_LEVEL']],
        ['client', ['DATABASE_URL', 'LOG_LEVEL'], ['create', 'Nobody']],
      ];
      for (const [script, names, args = []] of cases) {
        await point.check(`npm run ${script}: names ${names.join(', ')}`, async () => {
          const result = await world.processes.run(
            script,
            world.command(script, world.environment(wrong), args),
          );
          expect(result.code !== 0 && result.code !== null, `exit code ${result.code}`);
          const said = result.lines.join('\n');
          equal(
            names.filter((name) => !said.includes(name)),
            [],
            `variables that are not named (${lastLines(result, 12)})`,
          );
          expect(!said.includes(secret), 'a secret is shown');
          expect(!/^\s+at .+:\d+/m.test(said), `a stack trace: ${lastLines(result)}`);
        });
      }
      await point.check('npm start: names PORT, LOG_LEVEL', async () => {
        const folder = world.processes.newFolder('unused');
        const environment = { ...world.bareEnvironment(), PORT: 'many', LOG_LEVEL: 'loud', DATA_DIR: folder };
        const command = { program: 'npm', args: ['start'], environment, cwd: world.root };
        const result = await world.processes.run('npm start', command);
        expect(result.code !== 0, 'exit code 0');
        const said = result.lines.join('\n');
        for (const name of ['PORT', 'LOG_LEVEL'])
          expect(said.includes(name), `${name} is not named: ${lastLines(result)}`);
      });
      await point.check(
        'an empty variable counts as unset: the API says that DATABASE_URL is not set',
        async () => {
          const environment = world.environment({ DATABASE_URL: '', PORT: '' });
          const result = await world.processes.run('api', world.command('api', environment));
          expect(result.code !== 0 && result.lines.join('\n').includes('DATABASE_URL'), lastLines(result));
          expect(
            !/\bPORT\b/.test(result.lines.join('\n')),
            `the empty PORT is complained about: ${lastLines(result)}`,
          );
        },
      );
      await point.check('a database that does not answer: a readable line, exit code not 0', async () => {
        const environment = world.environment({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' });
        for (const script of ['migrate', 'client']) {
          const args = script === 'client' ? ['list'] : [];
          const result = await world.processes.run(script, world.command(script, environment, args));
          expect(result.code !== 0 && result.code !== null, `${script}: exit code ${result.code}`);
          expect(
            !/^\s+at .+:\d+/m.test(result.lines.join('\n')),
            `${script}: a stack trace: ${lastLines(result)}`,
          );
        }
      });
    },
  );
}

/** B5: the database goes away and comes back, under API and workers that keep running. */
export async function databaseAwayPoint(world: World, report: Report): Promise<void> {
  await report.point(
    'B5',
    'the database is away: readyz says so, the API answers 503 with Retry-After, both recover by themselves',
    async (point) => {
      const company = await point.need('a linked company', () => needed(world.found.main, 'W2'));
      await world.postgres.stop();
      try {
        await point.check('readyz: 503, naming the database; healthz: 200', async () => {
          const answer = await until(
            'readyz is 503',
            async () => {
              const exchange = await send(`${world.publicUrl}/readyz`);
              return exchange.status === 503 ? exchange : undefined;
            },
            { seconds: 20 },
          );
          expect(/database|postgres/i.test(answer.text), 'it does not name the database', answer);
          status(await send(`${world.publicUrl}/healthz`), 200);
        });
        await point.check(
          'the API: 503 with Retry-After in the error envelope, for reads and writes',
          async () => {
            for (const exchange of [
              await world.api.get('/companies'),
              await world.api.get(dataPath(company, 'invoices')),
              await world.api.post('/companies', { name: 'Lost?' }),
              await world.api.post(`/companies/${company.companyId}/data/queue/invoices`),
            ]) {
              expectError(exchange, [503]);
              expect(Number(exchange.headers.get('retry-after')) > 0, 'no Retry-After', exchange);
            }
          },
        );
        await point.check('a link answers with a page, not with an error of the program', async () => {
          const exchange = await send(`${world.publicUrl}/link/company/${company.companyId}`);
          status(exchange, 503);
          expect(exchange.headers.get('content-type')?.includes('html'), 'it is no page', exchange);
        });
      } finally {
        await world.postgres.start();
      }
      await point.check('the API recovers by itself', async () => {
        await until('readyz is 200', async () => (await send(`${world.publicUrl}/readyz`)).status === 200, {
          seconds: 30,
        });
        await until('companies are listed', async () => (await world.api.get('/companies')).status === 200, {
          seconds: 15,
        });
      });
      await point.check('the workers recover by themselves: a request is read to its end', async () => {
        const running = world.workers.filter((worker) => worker.isRunning());
        expect(
          running.length >= 2,
          `only ${running.length} workers are left: ${world.workers.map((worker) => lastLines(worker, 2)).join(' ')}`,
        );
        await refresh(world.api, company.companyId, 'invoices', 90);
      });
    },
  );
}
