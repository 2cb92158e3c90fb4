import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';

/** What a fault does to one exchange. A fault acts before the answer is made, or on the finished answer, or both. */
export interface FaultAction {
  /** May answer by itself: then the platform never sees the request. */
  onRequest?(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>;
  /** May replace the body that is about to go out. */
  onSend?(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown>;
}

/** What faults may ask of the sandbox. */
export interface FaultTools {
  /** Makes the access token of a request expire now. */
  expireToken(request: FastifyRequest): void;
  /** Withdraws what the user of a request's access token granted; everything, when the request carries none. */
  revokeAccess(request: FastifyRequest): void;
  /** The body of the undisturbed answer to the same request with other query parameters. */
  answerTo(request: FastifyRequest, query: Readonly<Record<string, string>>): Promise<string>;
}

/** One kind of fault: its parameters, checked, and what it does. */
export interface FaultKind {
  readonly description: string;
  readonly parameters: z.ZodObject;
  prepare(parameters: unknown, tools: FaultTools): FaultAction;
}

/** `act` is called once for each switch that is set, so that a fault may remember what it has done. */
export function kind<Parameters extends z.ZodObject>(
  description: string,
  parameters: Parameters,
  act: (values: z.output<Parameters>, tools: FaultTools) => FaultAction,
): FaultKind {
  return { description, parameters, prepare: (values, tools) => act(parameters.parse(values), tools) };
}

/** Whether the text is a regular expression. */
export function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
