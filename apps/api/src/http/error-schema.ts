import { z } from 'zod';

const validationItem = z.object({
  itemId: z.string().optional().describe('Where the problem is, such as `body.name`.'),
  message: z.string(),
  validatorName: z.string().optional(),
});

/** Body of every error answer. */
export const errorMessage = z
  .object({
    statusCode: z.int(),
    service: z.literal('PublicApi'),
    error: z.string().describe('What is wrong, in words.'),
    correlationId: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .describe('Also in the header `X-Correlation-Id` and in the log.'),
    validation: z.object({ errors: z.array(validationItem), warnings: z.array(validationItem) }),
    canBeRetried: z.enum(['Unknown', 'True', 'False']),
    detailedErrorCode: z.int(),
  })
  .meta({ id: 'ErrorMessage', description: 'What went wrong.' });

export type ErrorMessage = z.output<typeof errorMessage>;

type ErrorStatus = 400 | 401 | 402 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 503;

/** Statuses that every authenticated route can answer with. */
const everywhere = [401, 403, 429, 503] as const;

/** `response` entries of a route's error statuses; 401, 403, 429 and 503 come by themselves. */
export function errorResponses(...statuses: ErrorStatus[]): Record<number, typeof errorMessage> {
  return Object.fromEntries([...everywhere, ...statuses].map((status) => [status, errorMessage]));
}

/** The same for routes without a key. */
export function publicErrorResponses(...statuses: ErrorStatus[]): Record<number, typeof errorMessage> {
  return Object.fromEntries(statuses.map((status) => [status, errorMessage]));
}

/** `security` of routes that only portal users have. */
export const portalSecurity: Record<string, string[]>[] = [{ portalSession: [] }];
