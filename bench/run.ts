/** Runs benchmarks one after the other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, commandOf } from './framework/benchmark.ts';
import { describeCommit, describeMachine } from './framework/machine.ts';
import type { Failure, RecordedFigure, Results } from './framework/results.ts';
import { createContext } from './kit/context.ts';
import { startPostgres } from './kit/postgres.ts';

export interface RunOptions {
  readonly root: string;
  readonly quick: boolean;
  readonly say: (line: string) => void;
  /** Aborted: no further benchmark begins, and what runs is taken down. */
  readonly signal: AbortSignal;
}

/** A benchmark that throws is reported as not measured; the others go on. */
export async function runBenchmarks(benchmarks: readonly Benchmark[], options: RunOptions): Promise<Results> {
  const { root, quick, say, signal } = options;
  const startedMs = performance.now();
  const measuredAt = new Date().toISOString();
  const sizes = quick ? 'quick' : 'full';
  const commit = describeCommit(root);
  const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-files-'));
  const figures: RecordedFigure[] = [];
  const failures: Failure[] = [];
  const postgres = await startPostgres();
  try {
    for (const { name, measure } of benchmarks) {
      signal.throwIfAborted();
      const command = commandOf(name);
      const begunMs = performance.now();
      say(`== ${name}`);
      const { context, close } = createContext({ root, folder, quick, postgres, say });
      const stopped = new Promise<never>((_done, stop) => {
        signal.addEventListener('abort', () => stop(signal.reason), { once: true });
      });
      stopped.catch(() => undefined);
      try {
        for (const figure of await Promise.race([measure(context), stopped]))
          figures.push({
            ...figure,
            benchmark: name,
            command,
            commit,
            measuredAt: new Date().toISOString(),
            sizes,
          });
      } catch (error) {
        signal.throwIfAborted();
        const reason = error instanceof Error ? error.message : String(error);
        say(`not measured: ${reason}`);
        failures.push({ benchmark: name, command, reason });
      } finally {
        await close();
      }
      say(`   ${((performance.now() - begunMs) / 1000).toFixed(1)} s`);
    }
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = (performance.now() - startedMs) / 1000;
  return {
    machine: describeMachine(postgres.version),
    commit,
    measuredAt,
    sizes,
    seconds,
    figures,
    failures,
  };
}
