/**
 * The job catalogue: job name → payload. Jobs may run twice or vanish, so each is idempotent and fenced by a database row;
 * nothing is retried by the queue itself, because the row knows better when.
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
} as const;

export type JobName = keyof typeof jobCatalogue;
export type JobPayload<N extends JobName> = z.infer<(typeof jobCatalogue)[N]['payload']>;
export const jobNames = Object.keys(jobCatalogue) as readonly JobName[];
