const sampleMs = 1000;
/** What is said of limits: slower than this, a page is slow, however busy the machine. */
const most = 3;

/**
 * How many times as long as on an idle machine work takes at the moment, because others want the processor too: what a thread that only
 * counts gets of it. Limits of time are meant for an idle machine.
 */
export function contention(): number {
  const before = process.threadCpuUsage();
  const startedMs = performance.now();
  while (performance.now() - startedMs < sampleMs);
  const { user, system } = process.threadCpuUsage(before);
  return Math.min(most, Math.max(1, (sampleMs * 1000) / (user + system)));
}
