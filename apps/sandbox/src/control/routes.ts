import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Refusal } from '../kashflow/access.ts';
import type { FaultBoard } from './faults.ts';
import { FAULT_KINDS } from './kinds/index.ts';

export interface ControlOptions {
  faults: FaultBoard;
  /** Withdraws access of one user, or of all. */
  revoke(user: bigint | undefined): void;
  /** Applies random changes and tells which. `undefined` when no such business exists. */
  live(
    count: number,
    business: bigint | undefined,
  ): Promise<{ business: string; edit: string; id: string }[] | undefined>;
  /** Makes KashFlow refuse everybody in this way; undefined: nobody any more. */
  refuse(refusal: Refusal | undefined): void;
  /** Books as generated again. */
  reset(): Promise<void>;
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

const id = z.union([z.string().regex(/^\d{1,19}$/), z.int(), z.bigint()]).transform((value) => BigInt(value));
const count = z.union([z.bigint(), z.int()]).transform(Number).pipe(z.int().min(1).max(10_000));
const revokeBody = z.object({ user: id.optional() }).nullish();
const replacementBody = z.object({ faults: z.array(z.unknown()) });
const kashflowBody = z.object({ refuse: z.enum(['credentials', 'apiOff', 'address']).nullable() });
const liveBody = z.object({ edits: count.default(1), business: id.optional() }).nullish();

/** The exact JSON reader gives integers as `bigint`; switches hold small numbers only. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  return value;
}

/** Switches of the sandbox itself, for this machine only. */
export function controlRoutes(
  app: FastifyInstance,
  { faults, revoke, live, refuse, reset }: ControlOptions,
  done: () => void,
): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!LOOPBACK.test(request.socket.remoteAddress ?? ''))
      return reply.code(403).send({ message: 'only from this machine' });
    return undefined;
  });

  const state = (): object => ({
    faults: faults.list(),
    kinds: Object.entries(FAULT_KINDS).map(([name, { description, parameters }]) => ({
      name,
      description,
      parameters: Object.keys(parameters.shape),
    })),
  });

  app.get('/faults', async () => state());

  app.post('/faults', async (request) => {
    const body = plain(request.body);
    const replacement = replacementBody.safeParse(body);
    const added = replacement.success
      ? faults.replace(replacement.data.faults)
      : faults.add(Array.isArray(body) ? body : [body]);
    return { added, ...state() };
  });

  app.delete('/faults', async () => {
    faults.clear();
    return state();
  });

  app.post('/revoke', async (request) => {
    revoke(revokeBody.parse(request.body)?.user);
    return { revoked: true };
  });

  app.post('/kashflow', async (request) => {
    const refusal = kashflowBody.parse(request.body).refuse;
    refuse(refusal ?? undefined);
    return { refuse: refusal };
  });

  app.post('/live', async (request, reply) => {
    const body = liveBody.parse(request.body);
    const edits = await live(body?.edits ?? 1, body?.business);
    return edits ? { edits } : reply.code(404).send({ message: 'no such business' });
  });

  app.post('/reset', async () => {
    faults.clear();
    await reset();
    return { reset: true };
  });
  done();
}
