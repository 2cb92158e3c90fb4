/** Faults that answer in the platform's place, or act before it does. */
import { setTimeout } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { kind } from './kind.ts';

const HTML =
  '<!doctype html><html><head><title>We’ll be right back</title></head><body><h1>Scheduled maintenance</h1></body></html>';

const refuse = (reply: FastifyReply, status: number, body?: string): FastifyReply =>
  reply
    .code(status)
    .type('application/json')
    .send(body ?? JSON.stringify({ message: `sandbox fault ${status}` }));

const dateOf = (reply: FastifyReply): number => Date.parse(String(reply.getHeader('date')));

export const status = kind(
  'answers with a status, instead of the platform',
  z.object({
    status: z.int().min(200).max(599),
    retryAfter: z.union([z.string(), z.int()]).optional(),
    body: z.string().optional(),
  }),
  ({ status: code, retryAfter, body }) => ({
    onRequest: async (_request, reply) => {
      if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
      return refuse(reply, code, body);
    },
  }),
);

export const rateLimited = kind(
  'answers 429: without Retry-After, with seconds, or with a date that lies so many seconds ahead',
  z.object({ retryAfterSeconds: z.int().min(0).optional(), asDate: z.boolean().default(false) }),
  ({ retryAfterSeconds, asDate }) => ({
    onRequest: async (_request, reply) => {
      if (retryAfterSeconds !== undefined) {
        const date = new Date(dateOf(reply) + retryAfterSeconds * 1000).toUTCString();
        reply.header('retry-after', asDate ? date : String(retryAfterSeconds));
      }
      return refuse(reply, 429);
    },
  }),
);

export const html = kind(
  'answers with an HTML page where JSON was asked for',
  z.object({ status: z.int().min(200).max(599).default(200) }),
  ({ status: code }) => ({
    onRequest: async (_request, reply) => reply.code(code).type('text/html; charset=utf-8').send(HTML),
  }),
);

export const delay = kind(
  'waits before the platform sees the request',
  z.object({ delayMs: z.int().min(0) }),
  ({ delayMs }) => ({
    onRequest: async () => {
      await setTimeout(delayMs);
      return undefined;
    },
  }),
);

export const tokenExpired = kind(
  'makes the access token of the request expire first; with `skip`, in the middle of a listing',
  z.object({}),
  (_none, { expireToken }) => ({
    onRequest: async (request) => {
      expireToken(request);
      return undefined;
    },
  }),
);

export const accessRevoked = kind(
  'withdraws access first: calls answer 401, refreshes `invalid_grant`',
  z.object({}),
  (_none, { revokeAccess }) => ({
    onRequest: async (request) => {
      revokeAccess(request);
      return undefined;
    },
  }),
);

export const query = kind(
  'overrides query parameters: {"offset": "0"} gives the first page for ever',
  z.object({ set: z.record(z.string(), z.string()) }),
  ({ set }) => ({
    onRequest: async (request) => {
      Object.assign(request.query as Record<string, string>, set);
      return undefined;
    },
  }),
);

export const clockSkew = kind('moves the Date header', z.object({ skewMs: z.int() }), ({ skewMs }) => ({
  onSend: async (_request, reply, payload) => {
    reply.header('date', new Date(dateOf(reply) + skewMs).toUTCString());
    return payload;
  },
}));
