/** Beats one after the other. A beat that is still on its way when the run is put off would take its lease again: `stop` waits for it. */
export function startHeartbeat(intervalMs: number, beat: () => Promise<void>): { stop(): Promise<void> } {
  let beating = Promise.resolve();
  const timer = setInterval(() => {
    beating = beating.then(beat);
  }, intervalMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await beating;
    },
  };
}
