/** The load, from a process of its own: takes one plan over its channel, fires it, and sends back what came of it. */
import autocannon from 'autocannon';
import type { LoadPlan, LoadResult } from './load.ts';

process.once('message', (plan: LoadPlan) => void fire(plan));
process.send?.('ready');

async function fire(plan: LoadPlan): Promise<void> {
  const latenciesMs: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url: plan.origin,
        connections: plan.connections,
        duration: plan.seconds,
        ...(plan.requestsPerSecond !== undefined && { overallRate: plan.requestsPerSecond }),
        headers: plan.headers,
        requests: plan.paths.map((path) => ({ method: 'GET', path })),
      },
      (error, finished) => (error ? reject(error) : resolve(finished)),
    );
    instance.on('response', (_client, _status, _bytes, milliseconds) => latenciesMs.push(milliseconds));
  });
  const answer: LoadResult = {
    requestsPerSecond: result.requests.total / result.duration,
    failures: result.non2xx + result.errors + result.timeouts,
    latenciesMs,
  };
  process.send?.(answer, () => process.exit(0));
}
