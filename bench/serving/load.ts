import { fork } from 'node:child_process';
import { join } from 'node:path';

/** Requests to fire for a time, in turn. */
export interface LoadPlan {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly seconds: number;
  readonly pace: Pace;
}

export type Pace =
  /** One after the other on each connection, as many as are answered; or so many, which are fired at the beginning of each second. */
  | { readonly connections: number; readonly requestsPerSecond?: number }
  /** At even distances, whether or not earlier ones are answered. */
  | { readonly arrivalsPerSecond: number };

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
    // As the processes that it fires at: see startProcess.
    detached: true,
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

export const p99 = (values: readonly number[]): number => percentile(values, 0.99);
