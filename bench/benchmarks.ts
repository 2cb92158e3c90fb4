/** Every benchmark, in the order of the table. */
import type { Benchmark } from './framework/benchmark.ts';
import { fullSync } from './sync/full-sync.ts';

export const benchmarks: readonly Benchmark[] = [fullSync];
