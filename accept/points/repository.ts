import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { equal, expect, show } from '../kit/expect.ts';
import type { Report } from '../kit/report.ts';
import { lastLines, type World } from '../world.ts';

const variables =
  `HOST PORT PUBLIC_URL AUTO_MIGRATE DATABASE_URL REDIS_URL DATA_DIR ENCRYPTION_KEYS BOOTSTRAP_API_KEY BOOTSTRAP_PORTAL_USER
  KASHOO_API_URL KASHOO_TSA_API_URL KASHOO_OAUTH_URL KASHOO_AUTHORIZE_URL KASHOO_CLIENT_ID KASHOO_CLIENT_SECRET
  KASHOO_REQUESTS_PER_SECOND KASHOO_REQUESTS_PER_HOUR KASHFLOW_SOAP_URL KASHFLOW_REQUESTS_PER_SECOND
  ALLOW_PRIVATE_WEBHOOK_TARGETS DELETION_BRAKE_PERCENT REQUESTS_PER_CLIENT_PER_DAY REQUEST_LOG_DAYS HISTORY_DAYS
  WEBHOOK_LOG_DAYS DATABASE_POOL_SIZE SANDBOX_HOST SANDBOX_PORT SANDBOX_SEED SANDBOX_SIZE SANDBOX_DATASET
  SANDBOX_CLIENT_ID SANDBOX_CLIENT_SECRET SANDBOX_LIVE WORKER_CONCURRENCY SYNC_TICK_SECONDS SYNC_HOUR_SECONDS LOG_LEVEL
  METRICS_HOST METRICS_PORT`.split(/\s+/);

/** P1: the rooms of the monorepo, its versions, its checks. */
export async function monorepoPoint(world: World, report: Report): Promise<void> {
  const read = (path: string): string => readFileSync(join(world.root, path), 'utf8');
  await report.point(
    'P1',
    'monorepo: rooms, pinned versions, strict TypeScript, one `npm run check`',
    async (point) => {
      await point.check('what belongs at the top is there', () => {
        const names = [
          'apps',
          'packages',
          'prisma',
          'docker-compose.yml',
          'package.json',
          'pnpm-workspace.yaml',
          'turbo.json',
          '.env.example',
          'pnpm-lock.yaml',
        ];
        equal(
          names.filter((name) => !existsSync(join(world.root, name))),
          [],
          'missing',
        );
      });
      await point.check('the rooms of the house', () => {
        const packages = [
          'model',
          'connector-kit',
          'connectors/kashoo',
          'sync',
          'store',
          'queue',
          'vault',
          'config',
          'logging',
          'testing',
        ];
        const rooms = [
          ...['api', 'worker', 'sandbox'].map((name) => `apps/${name}`),
          ...packages.map((name) => `packages/${name}`),
        ];
        equal(
          rooms.filter((room) => !existsSync(join(world.root, room, 'package.json'))),
          [],
          'missing',
        );
      });
      await point.check(
        'the lockfile pins Fastify 5, Prisma 7, BullMQ 6, zod 4, ioredis, undici, pino, vitest',
        () => {
          const lockfile = read('pnpm-lock.yaml');
          const pins = [
            'fastify@5',
            'prisma@7',
            'bullmq@6',
            'zod@4',
            'ioredis@',
            'undici@',
            'pino@',
            'vitest@',
          ];
          equal(
            pins.filter((pin) => !new RegExp(`^  '?${pin}`, 'm').test(lockfile)),
            [],
            'not pinned',
          );
        },
      );
      await point.check('strict TypeScript', () => {
        const files = ['tsconfig.json', 'tsconfig.base.json'].filter((name) =>
          existsSync(join(world.root, name)),
        );
        expect(
          files.some((name) => /"strict":\s*true/.test(read(name))),
          '"strict": true is in neither tsconfig',
        );
      });
      await point.check(
        '`npm run check` passes: types, lint, format, boundaries, cycles, dead code',
        async () => {
          const environment = { ...world.bareEnvironment(), CI: 'true' };
          const result = await world.processes.run('check', {
            program: 'npm',
            args: ['run', 'check'],
            environment,
            cwd: world.root,
          });
          expect(result.code === 0, `exit code ${result.code}: ${lastLines(result, 12)}`);
        },
      );
    },
  );
}

/** P9: the documents. */
export async function documentsPoint(world: World, report: Report): Promise<void> {
  const read = (path: string): string => {
    expect(existsSync(join(world.root, path)), `${path} is missing`);
    return readFileSync(join(world.root, path), 'utf8');
  };
  await report.point(
    'P9',
    'documents: README, architecture, decisions, contributing, changelog, licence, .env.example',
    async (point) => {
      await point.check('README: the two commands, a walk with curl, production by compose', () => {
        const text = read('README.md');
        for (const words of ['npm start', 'npm test', 'curl', 'linkUrl', 'docker compose']) {
          expect(text.includes(words), `the README does not mention ${words}`);
        }
      });
      await point.check('docs/ARCHITECTURE.md and the first decision records', () => {
        expect(read('docs/ARCHITECTURE.md').length > 1_000, 'docs/ARCHITECTURE.md is a stub');
        expect(existsSync(join(world.root, 'docs/adr')), 'docs/adr is missing');
        const records = readdirSync(join(world.root, 'docs/adr')).filter((name) =>
          /^\d{4}-.+\.md$/.test(name),
        );
        expect(records.length >= 2, `decision records: ${show(records)}`);
      });
      await point.check('CONTRIBUTING, CHANGELOG, LICENSE (Apache-2.0)', () => {
        read('CONTRIBUTING.md');
        read('CHANGELOG.md');
        expect(/Apache License\s+Version 2\.0/.test(read('LICENSE')), 'LICENSE is not Apache-2.0');
      });
      await point.check('.env.example explains every variable', () => {
        const text = read('.env.example');
        equal(
          variables.filter((name) => !new RegExp(`^#?\\s?${name}=`, 'm').test(text)),
          [],
          'variables that are not in it',
        );
      });
      await point.check('docker-compose.yml runs the same processes', () => {
        const text = read('docker-compose.yml');
        const services = ['postgres', 'redis', 'api', 'worker', 'sandbox'];
        equal(
          services.filter((name) => !new RegExp(`^  ${name}:`, 'm').test(text)),
          [],
          'services that are missing',
        );
        expect(/profiles:/.test(text), 'the sandbox is under no profile');
      });
      await point.check(
        'docs/not-mapped.md gives the reasons for properties that no mapping test asserts',
        () => {
          expect(read('docs/not-mapped.md').length > 100, 'docs/not-mapped.md is a stub');
        },
      );
    },
  );
}

/** W4: the test runner and continuous integration. */
export async function testsPoint(world: World, report: Report): Promise<void> {
  await report.point(
    'W4',
    '`npm test` starts the servers that it needs; `.ci/run` calls `npm run check` and `npm test`',
    async (point) => {
      await point.check('`npm test` runs tests on servers of its own and closes with its line', async () => {
        // One file that uses both servers stands for the suite, which `.ci/run` runs in full.
        const file = 'packages/testing/src/servers.int.test.ts';
        const command = {
          program: 'npm',
          args: ['test', '--', file],
          environment: world.bareEnvironment(),
          cwd: world.root,
        };
        const result = await world.processes.run('test', command);
        const closing = result.output.filter((line) => line.trim() !== '').at(-1) ?? '';
        expect(result.code === 0, `exit code ${result.code}: ${lastLines(result)}`);
        expect(
          /^[1-9]\d* passed, 0 failed(, \d+ skipped)?$/.test(closing),
          `the last line is ${show(closing)}`,
        );
      });
      await point.check('.ci/run is executable and calls both, and this walk on both queues', () => {
        const path = join(world.root, '.ci/run');
        expect((statSync(path).mode & 0o111) !== 0, '.ci/run is not executable');
        const text = readFileSync(path, 'utf8');
        for (const command of ['npm run check', 'npm test', 'npm run accept', '--redis']) {
          expect(text.includes(command), `.ci/run does not call ${command}`);
        }
      });
    },
  );
}
