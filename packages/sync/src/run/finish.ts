import { type ClaimedRun, completeRun, type EndedRun, type Queryable } from '@tributary/store';
import type { EventWriter } from '@tributary/webhooks';

/** Completes a run (see {@link completeRun}) and tells of it, in the caller's transaction. @throws LeaseLostError */
export async function finishRun(
  { events }: { readonly events: EventWriter },
  client: Parameters<typeof completeRun>[0],
  run: ClaimedRun,
  outcome: Parameters<typeof completeRun>[2],
): Promise<void> {
  await completeRun(client, run, outcome);
  await events.readEnded(client, { ...run, status: 'Complete' });
}

/** Tells of runs that were ended from outside, in the transaction that ended them. */
export async function tellEnded(
  { events }: { readonly events: EventWriter },
  client: Queryable,
  runs: readonly EndedRun[],
): Promise<void> {
  for (const run of runs) await events.readEnded(client, run);
}
