/**
 * `npm run bench [-- --only NAME,…] [-- --quick] [-- --table] [-- --list]`: measures what docs/performance.md promises.
 *
 * Prints one table, writes it as JSON to `bench/results/latest.json` and into the document. Small sizes (`--quick`) are written to
 * `bench/results/quick.json` and not into the document. A missed target is shown as missed and is no failure of the command;
 * one that could not be measured is.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import { circumstances, merged, readResults, tableOf, withTable, writeResults } from './framework/results.ts';
import { runBenchmarks } from './run.ts';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const documentPath = join(root, 'docs', 'performance.md');
/** What runs gets this long to be taken down. */
const longestStopMs = 10_000;
const names = benchmarks.map(({ name }) => name);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      quick: { type: 'boolean', default: false },
      table: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  const only = values.only.split(',').filter((name) => name !== '');
  for (const name of only)
    if (!names.includes(name))
      throw new Error(`There is no benchmark ${name}; there are ${names.join(', ')}.`);
  return { ...values, only };
}

function writeDocument(results: Parameters<typeof withTable>[1]): void {
  writeFileSync(documentPath, withTable(readFileSync(documentPath, 'utf8'), results));
}

async function main(): Promise<void> {
  const { only, quick, table, list } = readOptions();
  const path = join(root, 'bench', 'results', quick ? 'quick.json' : 'latest.json');
  const earlier = readResults(path);
  if (list) {
    for (const name of names) print(name);
    return;
  }
  if (table) {
    if (earlier === undefined) throw new Error(`There is no ${path} yet: run \`npm run bench\` first.`);
    print(tableOf(earlier));
    if (!quick) writeDocument(earlier);
    return;
  }
  const stop = new AbortController();
  const abandon = () => {
    stop.abort(new Error('The benchmarks were stopped.'));
    // A benchmark in the middle of something may never let go; PostgreSQL's watchdog ends the server.
    setTimeout(() => process.exit(1), longestStopMs).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, abandon);
  process.on('disconnect', abandon);
  const chosen = only.length === 0 ? benchmarks : benchmarks.filter(({ name }) => only.includes(name));
  const now = await runBenchmarks(chosen, { root, quick, say: print, signal: stop.signal });
  const results = merged(only.length === 0 ? undefined : earlier, now, names);
  writeResults(path, results);
  if (!quick) writeDocument(results);
  print(`\n${tableOf(now)}\n\n${circumstances(now)}`);
  if (now.failures.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  // The channel to whoever started this would keep the process.
  process.disconnect?.();
}
