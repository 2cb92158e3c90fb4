/**
 * `npm run accept [-- --redis] [-- --dataset FILE] [-- --verbose] [-- --only ID,…]`: the acceptance walk.
 *
 * It knows Tributary from the outside only: commands, environment variables, HTTP. It starts the product's processes
 * on free ports with a fresh database, walks through what they promise, and prints one line per point. The exit code
 * is 0 when every point passed.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Processes } from './kit/processes.ts';
import { Report } from './kit/report.ts';
import { datasetPoints, points } from './points/index.ts';
import { type WalkOptions, World } from './world.ts';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const startedFrom = process.env['INIT_CWD'] ?? process.cwd();

function readOptions(): WalkOptions {
  const { values } = parseArgs({
    options: {
      redis: { type: 'boolean', default: false },
      dataset: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  return {
    redis: values.redis,
    dataset: values.dataset === undefined ? undefined : resolve(startedFrom, values.dataset),
    verbose: values.verbose,
    only: values.only.split(',').filter((id) => id !== ''),
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function walk(options: WalkOptions, processes: Processes): Promise<boolean> {
  const startedMs = performance.now();
  const wanted = (id: string): boolean => options.only.length === 0 || options.only.includes(id);
  const report = new Report({ print, verbose: options.verbose, wanted });
  const world = await World.create(root, options, processes);
  print(
    `Queue on ${options.redis ? 'Redis' : 'PostgreSQL'}; ${world.postgres.version}; Node ${process.version}`,
  );
  if (options.dataset === undefined) await points(world, report);
  else await datasetPoints(world, report, options.dataset);
  if (options.verbose) for (const line of world.errorLines()) print(line);
  print(`${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  const passed = report.close();
  return passed;
}

let options: WalkOptions;
try {
  options = readOptions();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
const processes = new Processes();
// A second Ctrl-C, or one that comes by two ways, must not end the walk while it cleans up.
let abandoned: Promise<void> | undefined;
const abandon = (code: number): void => {
  abandoned ??= processes.close().then(() => process.exit(code));
};
process.on('SIGINT', () => abandon(130));
process.on('SIGTERM', () => abandon(143));
process.on('SIGHUP', () => abandon(129));
// Whoever ran this is gone: so is the reader of its lines.
process.on('disconnect', () => abandon(1));
// Nobody reads the lines any more, as with `| head`.
process.stdout.on('error', () => abandon(1));
try {
  process.exitCode = (await walk(options, processes)) ? 0 : 1;
} catch (error) {
  print(`NOT DONE  the walk itself: ${error instanceof Error ? error.message : String(error)}`);
  print('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  await (abandoned ?? processes.close());
  // Not before a pipe has taken the last line.
  process.stdout.write('', () => process.exit());
}
