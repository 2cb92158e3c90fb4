import { expect, it } from 'vitest';
import { merged, type Results, tableOf, withTable } from './results.ts';

const machine = { cores: 2, processor: 'a processor', memoryGb: 8, node: 'v24', postgres: 'PostgreSQL 18' };
const figure = (benchmark: string, met: boolean | undefined, value = 1234.5) => ({
  benchmark,
  what: `what ${benchmark} does`,
  floor: { what: 'the floor', value: 2000, unit: 'records/s' },
  measured: { value, unit: 'records/s' },
  ratio: value / 2000,
  target: 'at least 0.5',
  met,
  command: `npm run bench -- --only ${benchmark}`,
  commit: 'abc',
  measuredAt: '2026-01-01T00:00:00.000Z',
  sizes: 'full' as const,
});
const results = (changes: Partial<Results>): Results => ({
  machine,
  commit: 'abc',
  measuredAt: '2026-01-01T00:00:00.000Z',
  sizes: 'full',
  seconds: 12,
  figures: [],
  failures: [],
  ...changes,
});

it('shows a missed target, and a benchmark that could not be measured, as missed', () => {
  const failure = { benchmark: 'b', command: 'npm run bench -- --only b', reason: 'the worker | ended' };
  const table = tableOf(results({ figures: [figure('a', false)], failures: [failure] })).split('\n');
  expect(table.slice(2)).toEqual([
    '| what a does | the floor: 2,000 records/s | 1,235 records/s | 0.62 | at least 0.5 | **missed** | `--only a` |',
    '| b |  | not measured: the worker   ended |  |  | **missed** | `--only b` |',
  ]);
});

it('keeps figures of benchmarks that did not run this time, drops those that are no more, and keeps the order', () => {
  const earlier = results({ figures: [figure('a', true), figure('b', true), figure('gone', true)] });
  const now = results({ figures: [figure('b', false, 1), figure('b', true, 2)] });
  const all = merged(earlier, now, ['b', 'a']);
  expect(all.figures.map(({ benchmark, measured }) => [benchmark, measured.value])).toEqual([
    ['b', 1],
    ['b', 2],
    ['a', 1234.5],
  ]);
});

it('replaces what stands between the marks of a document, however often', () => {
  const marks = '<!-- figures: written by `npm run bench` -->\nold\n<!-- end of figures -->';
  const once = withTable(`before\n${marks}\nafter\n`, results({ figures: [figure('a', undefined)] }));
  expect(once).toMatch(/^before\n<!-- figures.*\| stated \|.*<!-- end of figures -->\nafter\n$/s);
  expect(once).not.toContain('old');
  expect(withTable(once, results({ figures: [figure('a', undefined)] }))).toBe(once);
  expect(() => withTable('no marks', results({}))).toThrow('has no');
});
