import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runBenchmarks } from './run.ts';
import { fullSync } from './sync/full-sync.ts';
import { schedules } from './sync/schedules.ts';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

it('measures small sizes with the real processes, and goes on after a benchmark that breaks', async () => {
  const said: string[] = [];
  const breaks = { name: 'breaks', measure: () => Promise.reject(new Error('no figures')) };
  const results = await runBenchmarks([breaks, fullSync, schedules], {
    root,
    quick: true,
    say: (line) => said.push(line),
    signal: new AbortController().signal,
  });
  expect(results.failures).toEqual([
    { benchmark: 'breaks', command: 'npm run bench -- --only breaks', reason: 'no figures' },
  ]);
  expect(results.figures.map(({ benchmark, sizes }) => [benchmark, sizes])).toEqual([
    ['full-sync', 'quick'],
    ['schedules', 'quick'],
  ]);
  const [sync, due] = results.figures;
  expect(sync?.ratio).toBeGreaterThan(0);
  expect(sync?.floor?.value).toBeGreaterThan(0);
  expect(due?.met).toBe(true);
}, 240_000);
