import { freePort } from '@tributary/testing';
import { type Benchmark, interleave, median } from '../framework/benchmark.ts';
import { startProcess } from '../kit/processes.ts';

const longestMs = 2_000;

/** From the start of a process to its word that it is ready, on a migrated database. */
export const startUp: Benchmark = {
  name: 'start-up',
  async measure(context) {
    const platform = await context.platform({ invoices: 100 });
    const house = await context.house(platform);
    const start = async (script: string): Promise<number> => {
      const port = String(await freePort());
      const started = await startProcess(context.root, script, {
        environment: { ...house.environment, PORT: port },
      });
      await started.stop();
      return started.readyMs;
    };
    const times = await interleave(context.size(5, 1), {
      api: () => start('api'),
      worker: () => start('worker'),
    });
    return (['api', 'worker'] as const).map((program) => ({
      what: `start-up of \`${program}\``,
      measured: { value: median(times[program]) / 1000, unit: 's' },
      target: `under ${longestMs / 1000} s`,
      met: median(times[program]) < longestMs,
      details: { milliseconds: times[program] },
    }));
  },
};
