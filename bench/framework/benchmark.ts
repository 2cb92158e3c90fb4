/** What a benchmark is, and what it hands back. A benchmark is a module of `bench/<half>/` that exports one; `benchmarks.ts` lists them. */
import type { BenchContext } from '../kit/context.ts';

/** A number with its unit, such as `{ value: 12_400, unit: 'records/s' }`. */
export interface Quantity {
  readonly value: number;
  readonly unit: string;
}

/** One row of the table. */
export interface Figure {
  /** What was measured; stands in the first column. */
  readonly what: string;
  /** What it is compared with, measured in the same run; absent where a figure is only stated or has a fixed bound. */
  readonly floor?: Quantity & { readonly what: string };
  readonly measured: Quantity;
  /** As the target counts it; absent where there is nothing to compare with. */
  readonly ratio?: number;
  /** In words, such as `at least 0.5 of the floor's records/s`; `stated` where there is none. */
  readonly target: string;
  /** Undefined: the figure is stated, no target is set for it. */
  readonly met: boolean | undefined;
  /** Every single round, sizes, and whatever else a reader needs to judge the figure. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Benchmark {
  /** Names it for `--only`. */
  readonly name: string;
  /** Measures, and tells about it through the context. What it starts through the context is stopped by the harness. */
  measure(context: BenchContext): Promise<readonly Figure[]>;
}

/** The command that runs one benchmark alone. */
export const commandOf = (name: string): string => `npm run bench -- --only ${name}`;

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('a median needs at least one value');
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * Measures several ways of doing something in turn (A B A B …), so that what else the machine does strikes all alike.
 * @returns for each way its figures, round by round
 */
export async function interleave<Name extends string>(
  rounds: number,
  ways: Readonly<Record<Name, (round: number) => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(ways) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) results[name].push(await ways[name](round));
  }
  return results;
}
