import { Api } from '../kit/api.ts';
import { equal, expect, Failure } from '../kit/expect.ts';
import { at, type Json, listAt } from '../kit/json.ts';
import { type Ending, type Process, processesWith } from '../kit/processes.ts';
import { keysIn } from '../kit/redis-server.ts';
import type { Point, Report } from '../kit/report.ts';
import { freePort, until } from '../kit/wait.ts';
import { lastLines, type World } from '../world.ts';

/** One deployment by `npm start`, in a data folder of its own. */
class Deployment {
  readonly folder: string;
  readonly #world: World;
  readonly #ports: { api: number; sandbox: number };

  private constructor(world: World, ports: { api: number; sandbox: number }) {
    this.#world = world;
    this.#ports = ports;
    this.folder = world.processes.newFolder('start');
  }

  static async create(world: World): Promise<Deployment> {
    return new Deployment(world, { api: await freePort(), sandbox: await freePort() });
  }

  get url(): string {
    return `http://localhost:${this.#ports.api}`;
  }

  /** Runs `npm start` as an operator does, with the Node that is on the machine. */
  launch(changes: Readonly<Record<string, string>> = {}): Process {
    const bare = this.#world.bareEnvironment();
    const path = (bare['PATH'] ?? '').split(':').filter((folder) => !folder.endsWith('node_modules/.bin'));
    const environment = {
      ...bare,
      PATH: path.join(':'),
      DATA_DIR: this.folder,
      PORT: String(this.#ports.api),
      SANDBOX_PORT: String(this.#ports.sandbox),
      ...changes,
    };
    return this.#world.processes.start('npm start', {
      program: 'npm',
      args: ['start'],
      environment,
      cwd: this.#world.root,
    });
  }

  /** Waits for the line `ready …` and the key. @returns the key and the seconds since the start */
  async ready(started: Process, startedMs: number): Promise<{ key: string; seconds: number }> {
    const line = (pattern: RegExp): string | undefined =>
      started.output.map((text) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
    await until(
      '`npm start` prints ready and a key',
      async () =>
        !started.isRunning() || (line(/^ready (\S+)/) !== undefined && line(/^API key: (\S+)/) !== undefined),
      { seconds: 120, everyMs: 50, describe: () => lastLines(started) },
    );
    if (!started.isRunning()) throw new Failure(`it ended by itself: ${lastLines(started)}`);
    equal(line(/^ready (\S+)/)?.replace(/\/$/, ''), this.url, 'URL in the line ready');
    return { key: line(/^API key: (\S+)/) ?? '', seconds: (performance.now() - startedMs) / 1000 };
  }

  /** Waits until no process knows of the data folder any more. */
  async untilGone(): Promise<void> {
    await until('every process is gone', async () => processesWith(this.folder).length === 0, {
      seconds: 10,
      describe: () => JSON.stringify(processesWith(this.folder)).slice(0, 300),
    });
  }

  async stopped(started: Process, end: () => void, seconds = 25): Promise<Ending> {
    end();
    const timer = setTimeout(() => started.signalGroup('SIGKILL'), seconds * 1000);
    const ending = await started.ended;
    clearTimeout(timer);
    expect(ending.signal !== 'SIGKILL', `it did not end within ${seconds} s: ${lastLines(started)}`);
    await this.untilGone();
    return ending;
  }
}

/** W1 and P2: `npm start`. */
export async function startPoints(world: World, report: Report): Promise<void> {
  const deployment = await Deployment.create(world);
  let key = '';
  await report.point(
    'W1',
    '`npm start` brings everything up, with a demo company that is linked and synced',
    async (point) => {
      const startedMs = performance.now();
      const first = deployment.launch();
      const ready = await point.need('it is ready within 90 s and prints URLs and an API key', async () => {
        const found = await deployment.ready(first, startedMs);
        expect(found.seconds < 90, `it took ${found.seconds.toFixed(1)} s`);
        expect(
          first.output.some((line) => /portal/i.test(line)),
          'no URL of the portal is printed',
        );
        return found;
      });
      key = ready.key;
      await point.check('the demo company is Linked, its invoices can be read', async () =>
        checkDemo(deployment, key),
      );
      await point.check('SIGTERM stops everything', async () => {
        await deployment.stopped(first, () => first.signal('SIGTERM'));
      });
      await point.check(
        'the second start takes under 10 s, with the same key and the same data',
        async () => {
          const againMs = performance.now();
          const second = deployment.launch();
          const again = await deployment.ready(second, againMs);
          point.note(
            `ready after ${ready.seconds.toFixed(1)} s (packages installed), ${again.seconds.toFixed(1)} s the second time`,
          );
          equal(again.key, key, 'key');
          await checkDemo(deployment, key);
          expect(again.seconds < 10, `it took ${again.seconds.toFixed(1)} s`);
          await crashChild(point, deployment, second);
        },
      );
    },
  );
  await report.point(
    'P2',
    'embedded start: recovers from a crash, a taken port is one line, both queue backends',
    async (point) => {
      await point.check(
        'after the crash of one child the next start recovers; Ctrl-C leaves no process',
        async () => {
          expect(key !== '', 'the first start printed no key');
          const third = deployment.launch();
          await deployment.ready(third, performance.now());
          await checkDemo(deployment, key);
          await deployment.stopped(third, () => third.signalGroup('SIGINT'));
        },
      );
      await point.check('a taken port is one readable line', async () => {
        const started = deployment.launch({ PORT: String(world.ports.api) });
        const { code } = await deployment.stopped(started, () => undefined, 40);
        expect(code !== 0, 'exit code 0');
        const lines = started.lines.filter((line) => line.includes(String(world.ports.api)));
        equal(lines.length, 1, `lines that name the port (${lastLines(started)})`);
        expect(
          !started.lines.some((line) => /^\s+at .+:\d+/.test(line)),
          `a stack trace: ${lastLines(started)}`,
        );
      });
      await point.check('`npm run api` on a taken port: one readable line, exit code ≠ 0', async () => {
        const result = await world.processes.run('api', world.command('api', world.environment()));
        expect(result.code !== 0 && result.code !== null, `exit code ${result.code}`);
        const lines = result.lines.filter(
          (line) => line.includes(String(world.ports.api)) && !line.startsWith('{'),
        );
        equal(lines.length, 1, `lines that name the port (${lastLines(result)})`);
      });
      await point.check(
        `the queue of this walk is on ${world.redisUrl ? 'Redis' : 'PostgreSQL'}`,
        async () => {
          const said = world.workers
            .flatMap(({ lines }) => lines)
            .filter((line) => line.includes('ready'))
            .join('\n')
            .toLowerCase();
          expect(
            said.includes(world.redisUrl ? '"redis"' : '"postgres'),
            `no worker says so: ${said.slice(0, 300)}`,
          );
          if (world.redisUrl) expect((await keysIn(world.redisUrl)) > 0, 'Redis holds nothing');
        },
      );
    },
  );
}

async function checkDemo(deployment: Deployment, key: string): Promise<void> {
  const api = new Api(deployment.url, key);
  const linked = await until(
    'a Linked company',
    async () => (await api.all('/companies')).find((company: Json) => at(company, 'status') === 'Linked'),
    { seconds: 15 },
  );
  await until(
    'its invoices',
    async () =>
      listAt(await api.read(`/companies/${String(at(linked, 'id'))}/data/invoices`), 'results').length > 0,
    { seconds: 15 },
  );
}

/** One child is killed: the whole deployment has to end, with an error, and leave nothing. */
async function crashChild(point: Point, deployment: Deployment, running: Process): Promise<void> {
  await point.check(
    'when one child crashes, everything ends with an error and leaves no process',
    async () => {
      const child = processesWith(deployment.folder).find(({ command }) => command.includes('apps/sandbox/'));
      if (!child)
        throw new Failure(
          `no sandbox among ${JSON.stringify(processesWith(deployment.folder)).slice(0, 400)}`,
        );
      const { code } = await deployment.stopped(running, () => process.kill(child.pid, 'SIGKILL'));
      expect(code !== 0, 'exit code 0');
    },
  );
}
