import { fork } from 'node:child_process';
import { join } from 'node:path';

/** Requests to fire, one after the other on each connection, for a time. */
export interface LoadPlan {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Absent: as many as are answered. */
  readonly requestsPerSecond?: number | undefined;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Answers that were no success, and requests without an answer. */
  readonly failures: number;
  readonly latenciesMs: readonly number[];
}

/**
 * Fires requests from a process of its own.
 * @throws {Error} when one was not answered with success: the figure would be that of errors
 */
export async function fire(root: string, plan: LoadPlan): Promise<LoadResult> {
  const child = fork(join(root, 'bench/serving/load-process.ts'), {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const result = await new Promise<LoadResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the load ended with code ${code}`)));
    child.on('message', (message: 'ready' | LoadResult) => {
      if (message === 'ready') child.send(plan);
      else resolve(message);
    });
  });
  if (result.failures > 0)
    throw new Error(`${result.failures} requests failed, of ${plan.paths.join(', ').slice(0, 300)}`);
  return result;
}

/** The value below which a share of the values lies; `share` from 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.min(sorted.length, Math.ceil(share * sorted.length)) - 1)] ?? Number.NaN;
}

export const p99 = (result: LoadResult): number => percentile(result.latenciesMs, 0.99);
