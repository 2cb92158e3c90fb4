/** One attempt at a write: from where the last one left it, to its end, or to an error that says what is to come. */
import {
  type FindOutcome,
  type JsonValue,
  PlatformError,
  type PlatformResponse,
  WriteRefusedError,
  type Written,
} from '@tributary/connector-kit';
import { parseExactJson } from '@tributary/model';
import {
  idsOfOthers,
  isPlatformPaused,
  keepPushAnswer,
  LeaseLostError,
  markPushSent,
  markPushUnsent,
} from '@tributary/store';
import { PlatformPausedError } from '../run/failure.ts';
import {
  AnswerLostError,
  type PushContext,
  PushFailedError,
  PushTimedOutError,
  UnsettledError,
} from './push-context.ts';

/**
 * @returns what was written, to be stored
 * @throws PushFailedError, WriteRefusedError, AnswerLostError, UnsettledError, PlatformPausedError, PlatformError, LeaseLostError
 */
export async function carryOut(context: PushContext): Promise<Written> {
  const { push } = context;
  switch (push.stage) {
    case 'answered':
      if (push.answer !== null)
        return readAnswer(context, {
          ...push.answer,
          platformTimeMs: push.answer.platformTimeMs ?? undefined,
        });
      return lookFor(context);
    case 'sent':
      return lookFor(context);
    case 'waiting':
      return send(context);
  }
}

async function send(context: PushContext): Promise<Written> {
  const { push, store, connector, writer, request } = context;
  const { pool } = store;
  if (push.isTimedOut || push.status === 'TimedOut') throw new LeaseLostError(push.id);
  if (push.connectionStatus !== 'Linked')
    throw new PushFailedError(409, 'Not written: the connection is not linked any more.');
  if (await isPlatformPaused(pool, push.platformKey)) throw new PlatformPausedError();
  // An update is built on the record as it is now; what a create looks up may be remembered while it waits for the platform's limit.
  const reads =
    push.action === 'update'
      ? context.reads
      : context.memories.of(`${push.id}/prepare`).remembering(context.reads);
  const prepared = await writer.prepare(reads, request);
  context.logger.debug({ call: `${prepared.call.method} ${prepared.call.path}` }, 'sending a write');
  const memory = JSON.stringify(prepared.memory);
  let answer: PlatformResponse;
  try {
    answer = await context.writes.request({
      ...prepared.call,
      beforeSending: async () => {
        const sentAtMs = await markPushSent(pool, push, memory);
        context.push = { ...push, stage: 'sent', memory, sentAtMs };
      },
    });
  } catch (error) {
    if (context.push.stage === 'waiting') throw error;
    if (!(error instanceof PlatformError) || error.mayHaveTakenEffect) throw new AnswerLostError(error);
    await takeBack(context);
    throw refusalOf(error, connector.manifest.name);
  }
  try {
    const { status, text, location, platformTimeMs = null } = answer;
    await keepPushAnswer(pool, push, { status, text, platformTimeMs, ...(location && { location }) });
  } catch (error) {
    throw new AnswerLostError(error);
  }
  context.push = { ...context.push, stage: 'answered' };
  return readAnswer(context, answer);
}

/** It is certain that what was sent had no effect. */
async function takeBack(context: PushContext): Promise<void> {
  await markPushUnsent(context.store.pool, context.push);
  context.push = { ...context.push, stage: 'waiting', memory: null, sentAtMs: null };
}

/** A refusal of the call itself says something about the record; all others are about access, and are settled like those of a run. */
function refusalOf(error: PlatformError, platform: string): Error {
  if (error.code !== 'unexpected' && error.code !== 'notFound') return error;
  return new WriteRefusedError(
    `${platform} refused the write${error.status === undefined ? '' : ` with status ${error.status}`}: nothing was written.`,
  );
}

async function readAnswer(context: PushContext, answer: PlatformResponse): Promise<Written> {
  try {
    return await context.writer.readWritten(context.reads, context.request, answer);
  } catch (error) {
    if (error instanceof WriteRefusedError || isPassing(context, error)) throw error;
    context.logger.warn({ error }, 'the answer to a write cannot be read: the record is looked for');
    return lookFor(context);
  }
}

/** What another attempt may not meet again. */
function isPassing({ signal }: PushContext, error: unknown): boolean {
  if (signal.aborted || error instanceof LeaseLostError) return true;
  if (!(error instanceof PlatformError)) return false;
  return error.code === 'unavailable' || error.code === 'rateLimited' || error.code === 'refreshLost';
}

async function lookFor(context: PushContext): Promise<Written> {
  const { push, store, connector, writer, request, now, settleMs } = context;
  const { name } = connector.manifest;
  if (push.abandonedSinceMs !== null && push.abandonedSinceMs + settleMs > now())
    throw new UnsettledError(push.abandonedSinceMs + settleMs - now());
  if (push.connectionStatus !== 'Linked')
    throw notKnown(name, 'the connection is not linked any more, so that it cannot be looked up');
  const sentAtMs = push.sentAtMs ?? push.createdAt.getTime();
  let outcome: FindOutcome;
  try {
    const session = context.memories.of(`${push.id}/find`).remembering(context.reads);
    outcome = await writer.findWritten(session, request, {
      memory: (push.memory === null ? null : parseExactJson(push.memory)) as JsonValue,
      sentAtMs,
      others: (dataType, ids) => idsOfOthers(store.pool, { ...push, sentAtMs }, dataType, ids),
    });
  } catch (error) {
    if (isPassing(context, error)) throw error;
    if (error instanceof PlatformError)
      throw notKnown(name, `it cannot be looked up: ${error.message}`, error);
    throw error;
  }
  context.metrics.writeLookedFor({ platformKey: push.platformKey, outcome: outcome.kind });
  context.logger.info({ outcome: outcome.kind }, 'a write whose answer was lost was looked for');
  switch (outcome.kind) {
    case 'found':
      return outcome;
    case 'unknown':
      throw notKnown(name, outcome.reason);
    case 'absent':
      if (push.isTimedOut || push.status === 'TimedOut') throw new PushTimedOutError(name);
      context.memories.forget(`${push.id}/find`);
      await takeBack(context);
      return send(context);
  }
}

function notKnown(platform: string, why: string, cause?: unknown): PushFailedError {
  const error = new PushFailedError(
    502,
    `It was sent, and the answer got lost; whether it was written is not known: ${why}. Look at ${platform} before you write it again.`,
  );
  if (cause !== undefined) error.cause = cause;
  return error;
}
