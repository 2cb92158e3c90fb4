/**
 * Every kind of job, with its payload. Neither backend promises that a job arrives, or arrives once: a handler asks the run's row
 * whether there is work. The queue itself retries nothing, because the row knows better when.
 */
import { z } from 'zod';

export const jobCatalogue = {
  /** Works on one pull operation. `fence` is the run's fence number when the job was made: a job id is run id + fence. */
  'sync-run': {
    payload: z.strictObject({
      runId: z.uuid(),
      fence: z.int().nonnegative(),
      traceId: z.string().optional(),
    }),
  },
  /** Carries out the writes of the connection that this one belongs to, one after the other. A job id is write id + fence. */
  'push-operation': {
    payload: z.strictObject({ pushId: z.uuid(), traceId: z.string().optional() }),
  },
} as const;

export type JobName = keyof typeof jobCatalogue;
export type JobPayload<N extends JobName> = z.infer<(typeof jobCatalogue)[N]['payload']>;
export const jobNames = Object.keys(jobCatalogue) as readonly JobName[];
