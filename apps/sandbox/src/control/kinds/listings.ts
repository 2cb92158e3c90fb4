/** Faults of listings that are paged: what a page holds, beside what it should hold. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Json } from '../../exact/json.ts';
import { type FaultTools, kind } from './kind.ts';
import { LIMIT, OFFSET, offsetOf, rowsOf } from './rows.ts';

/** The whole listing in its undisturbed order, and how many rows a page holds. */
async function wholeListing(
  request: FastifyRequest,
  { answerTo }: FaultTools,
): Promise<{ rows: Json[]; pageSize: number } | undefined> {
  const first = rowsOf(await answerTo(request, { [OFFSET]: '0' }))?.rows;
  if (first === undefined) return undefined;
  const rows = [...first];
  for (let page = first; page.length > 0; ) {
    page = rowsOf(await answerTo(request, { [OFFSET]: String(rows.length) }))?.rows ?? [];
    rows.push(...page);
  }
  return { rows, pageSize: first.length };
}

/** Replaces a page by one cut from a changed sequence of all rows. */
function resequenced(
  change: (rows: readonly Json[], offset: number, strike: number) => readonly Json[],
  tools: FaultTools,
) {
  let strike = 0;
  return {
    onSend: async (request: FastifyRequest, _reply: unknown, payload: unknown): Promise<unknown> => {
      const answer = rowsOf(payload);
      if (answer === undefined) return payload;
      const listing = await wholeListing(request, tools);
      if (listing === undefined) return payload;
      strike += 1;
      const offset = offsetOf(request, listing.pageSize);
      return answer.write(change(listing.rows, offset, strike).slice(offset, offset + listing.pageSize));
    },
  };
}

export const repeatedPage = kind(
  'gives the page before the one that was asked for once more',
  z.object({}),
  (_none, { answerTo }) => ({
    onRequest: async (request) => {
      const first = rowsOf(await answerTo(request, { [OFFSET]: '0' }))?.rows.length ?? 0;
      Object.assign(request.query as Record<string, string>, {
        [OFFSET]: String(Math.max(0, offsetOf(request, first) - first)),
      });
      return undefined;
    },
  }),
);

export const endlessListing = kind(
  'begins anew where the listing should end, round and round',
  z.object({}),
  (_none, tools) =>
    resequenced((rows, offset) => {
      const rounds = Math.floor(offset / Math.max(1, rows.length)) + 2;
      return Array.from({ length: rounds }, () => rows).flat();
    }, tools),
);

export const movingRows = kind(
  'moves the last rows to the front, so many for each page that was read: some rows come again, others never',
  z.object({ by: z.int().min(1).default(2) }),
  ({ by }, tools) =>
    resequenced((rows, _offset, strike) => {
      const moved = rows.length - ((by * strike) % Math.max(1, rows.length));
      return [...rows.slice(moved), ...rows.slice(0, moved)];
    }, tools),
);

export const duplicateRecords = kind(
  'gives every row of the listing twice in a row, and pages through that',
  z.object({}),
  (_none, tools) => resequenced((rows) => rows.flatMap((row) => [row, row]), tools),
);

export const shortPage = kind(
  'sends no more than so many rows, whatever was asked for',
  z.object({ rows: z.int().min(1) }),
  ({ rows }) => ({
    onRequest: async (request) => {
      const parameters = request.query as Record<string, string>;
      const asked = Number(parameters[LIMIT] ?? 0);
      parameters[LIMIT] = String(asked > 0 ? Math.min(asked, rows) : rows);
      return undefined;
    },
  }),
);
