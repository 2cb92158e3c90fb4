/** The load, from a process of its own: takes one plan over its channel, fires it, and sends back what came of it. */
import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import autocannon from 'autocannon';
import type { LoadPlan, LoadResult, Pace } from './load.ts';

process.once('message', (plan: LoadPlan) => {
  const { pace } = plan;
  const fired =
    'arrivalsPerSecond' in pace ? fireEvenly(plan, pace.arrivalsPerSecond) : fireInTurn(plan, pace);
  void fired.then((result) => process.send?.(result, () => process.exit(0)));
});
process.send?.('ready');

async function fireInTurn(
  plan: LoadPlan,
  { connections, requestsPerSecond }: Exclude<Pace, { arrivalsPerSecond: number }>,
): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url: plan.origin,
        connections,
        duration: plan.seconds,
        ...(requestsPerSecond !== undefined && { overallRate: requestsPerSecond }),
        headers: plan.headers,
        requests: plan.paths.map((path) => ({ method: 'GET', path })),
      },
      (error, finished) => (error ? reject(error) : resolve(finished)),
    );
    instance.on('response', (_client, _status, _bytes, milliseconds) => latenciesMs.push(milliseconds));
  });
  return {
    requestsPerSecond: result.requests.total / result.duration,
    failures: result.non2xx + result.errors + result.timeouts,
    latenciesMs,
  };
}

/** Not counted: they open connections, and this process compiles what it needs. */
const warmingRequests = 100;

async function fireEvenly(plan: LoadPlan, arrivalsPerSecond: number): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true });
  let failures = 0;
  const latency = (index: number): Promise<number> => {
    const path = plan.paths[index % plan.paths.length] ?? '/';
    const startedMs = performance.now();
    return new Promise((done) => {
      const end = (isFailure: boolean): void => {
        if (isFailure) failures += 1;
        done(performance.now() - startedMs);
      };
      get(new URL(path, plan.origin), { agent, headers: plan.headers }, (answer) => {
        answer.once('end', () => end(answer.statusCode !== 200));
        answer.once('error', () => end(true));
        answer.resume();
      }).once('error', () => end(true));
    });
  };
  for (let index = 0; index < warmingRequests; index += 1) await latency(index);
  const count = Math.round(plan.seconds * arrivalsPerSecond);
  const startMs = performance.now();
  const fired: Promise<number>[] = [];
  while (fired.length < count) {
    const dueMs = startMs + (fired.length * 1000) / arrivalsPerSecond;
    const leftMs = dueMs - performance.now();
    if (leftMs > 0) await delay(leftMs);
    fired.push(latency(fired.length));
  }
  const latenciesMs = await Promise.all(fired);
  agent.destroy();
  return { requestsPerSecond: arrivalsPerSecond, failures, latenciesMs };
}
