/** Results as they are kept (`bench/results/latest.json`), printed, and written into the document. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Figure, Quantity } from './benchmark.ts';
import type { Machine } from './machine.ts';

/** A figure with what it takes to measure it again. */
export interface RecordedFigure extends Figure {
  readonly benchmark: string;
  readonly command: string;
  readonly commit: string;
  readonly measuredAt: string;
  readonly sizes: 'full' | 'quick';
}

/** A benchmark that could not be measured. */
export interface Failure {
  readonly benchmark: string;
  readonly command: string;
  readonly reason: string;
}

export interface Results {
  readonly machine: Machine;
  readonly commit: string;
  readonly measuredAt: string;
  readonly sizes: 'full' | 'quick';
  readonly seconds: number;
  readonly figures: readonly RecordedFigure[];
  readonly failures: readonly Failure[];
}

export function readResults(path: string): Results | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : undefined;
}

export function writeResults(path: string, results: Results): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
}

/** A run of some benchmarks replaces their figures and leaves the others' as they were. Each figure tells when it was measured. */
export function merged(earlier: Results | undefined, now: Results, order: readonly string[]): Results {
  const ran = new Set([...now.figures, ...now.failures].map(({ benchmark }) => benchmark));
  const kept = <Kind extends { readonly benchmark: string }>(items: readonly Kind[] | undefined) =>
    (items ?? []).filter(({ benchmark }) => !ran.has(benchmark) && order.includes(benchmark));
  const byOrder = (one: { readonly benchmark: string }, other: { readonly benchmark: string }) =>
    order.indexOf(one.benchmark) - order.indexOf(other.benchmark);
  return {
    ...now,
    figures: [...kept(earlier?.figures), ...now.figures].toSorted(byOrder),
    failures: [...kept(earlier?.failures), ...now.failures].toSorted(byOrder),
  };
}

const words: Readonly<Record<string, string>> = { true: 'yes', false: '**missed**', undefined: 'stated' };

function shown({ value, unit }: Quantity): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toLocaleString('en-GB', { maximumFractionDigits: digits })} ${unit}`;
}

/** The table in Markdown, the same on the terminal and in the document. */
export function tableOf(results: Results): string {
  const rows = results.figures.map((figure) => [
    figure.what,
    figure.floor === undefined ? '' : `${figure.floor.what}: ${shown(figure.floor)}`,
    shown(figure.measured),
    figure.ratio === undefined ? '' : figure.ratio.toFixed(2),
    figure.target,
    words[String(figure.met)] ?? '',
    `\`${figure.command.replace('npm run bench -- ', '')}\``,
  ]);
  const failed = results.failures.map(({ benchmark, command, reason }) => [
    benchmark,
    '',
    `not measured: ${reason.replaceAll(/[|\n]/g, ' ')}`,
    '',
    '',
    '**missed**',
    `\`${command.replace('npm run bench -- ', '')}\``,
  ]);
  const head = ['what', 'floor', 'measured', 'ratio', 'target', 'met', '`npm run bench --`'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '-').join('|')}|`, ...[...rows, ...failed].map(line)].join('\n');
}

/** One line that says where and when. */
export function circumstances({ machine, commit, measuredAt, sizes, seconds }: Results): string {
  const where = `${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, Node ${machine.node}, ${machine.postgres}`;
  const small = sizes === 'quick' ? ' Small sizes (`--quick`): the targets are not meant for them.' : '';
  return `${where}; commit ${commit}, ${measuredAt.slice(0, 10)}, ${Math.round(seconds)} s.${small}`;
}

const beginning = '<!-- figures: written by `npm run bench` -->';
const end = '<!-- end of figures -->';

/**
 * Puts the table between the two marks of a document.
 * @throws {Error} when the document has no such marks
 */
export function withTable(document: string, results: Results): string {
  const from = document.indexOf(beginning);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The document has no ${beginning} followed by ${end}`);
  const dates = new Set(
    results.figures.map(({ measuredAt, commit }) => `${measuredAt.slice(0, 10)} ${commit}`),
  );
  const mixed =
    dates.size > 1
      ? '\n\nNot all figures are of one run; `bench/results/latest.json` says which is of when.'
      : '';
  return `${document.slice(0, from)}${beginning}\n\n${tableOf(results)}\n\n${circumstances(results)}${mixed}\n\n${document.slice(to)}`;
}
