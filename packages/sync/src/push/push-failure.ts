/** From error to what becomes of a write: put off, ended, or left to whoever has taken it over. */
import { PlatformError, WriteRefusedError } from '@tributary/connector-kit';
import {
  type ClaimedPush,
  closePush,
  DatasetGoneError,
  inTransaction,
  isDatabaseAway,
  isTransactionConflict,
  LeaseLostError,
  logPushRequests,
  type PushEnd,
  postponePush,
} from '@tributary/store';
import { deauthorizeOnRevocation, PlatformPausedError } from '../run/failure.ts';
import { failureDelayMs } from '../run/plan.ts';
import {
  AnswerLostError,
  type PushContext,
  PushFailedError,
  PushTimedOutError,
  UnsettledError,
} from './push-context.ts';

const pauseCheckMs = 60_000;
const againMs = 1_000;
const longestFailureDelayMs = 300_000;
/** A write that was sent is looked for that long; the platform was away all the while then. */
const longestSearchMs = 24 * 3_600_000;

type PushSettlement =
  | {
      readonly kind: 'postpone';
      readonly delayMs: number;
      readonly failure?: string;
      readonly isFailure: boolean;
    }
  | {
      readonly kind: 'end';
      readonly end: Pick<PushEnd, 'status' | 'statusCode' | 'errorMessage' | 'validation'>;
    }
  /** Its row is as it should be: the next claim, or the time-out, goes on. */
  | { readonly kind: 'leave' };

const failed = (statusCode: number, errorMessage: string, validation?: object): PushSettlement => ({
  kind: 'end',
  end: { status: 'Failed', statusCode, errorMessage, validation },
});

/**
 * What to do about an error; pure.
 * @param push.hasLeft the call may have left, in this attempt or an earlier one
 */
export function pushSettlementOf(
  push: Pick<ClaimedPush, 'attempts' | 'sentAtMs'> & { readonly hasLeft: boolean; readonly platform: string },
  error: unknown,
  { nowMs, settleMs }: { nowMs: number; settleMs: number },
): PushSettlement {
  const { platform } = push;
  if (error instanceof LeaseLostError || error instanceof DatasetGoneError || isDatabaseAway(error))
    return { kind: 'leave' };
  if (error instanceof AnswerLostError)
    return { kind: 'postpone', delayMs: settleMs, failure: error.message, isFailure: false };
  if (error instanceof UnsettledError) return { kind: 'postpone', delayMs: error.delayMs, isFailure: false };
  if (error instanceof PlatformPausedError)
    return { kind: 'postpone', delayMs: pauseCheckMs, failure: 'paused by the operator', isFailure: false };
  if (error instanceof PushTimedOutError)
    return {
      kind: 'end',
      end: { status: 'TimedOut', statusCode: 408, errorMessage: error.message, validation: undefined },
    };
  if (error instanceof WriteRefusedError) return failed(400, error.message, problemsOf(error.problems));
  if (error instanceof PushFailedError)
    return failed(error.statusCode, error.message, problemsOf(error.problems));
  if (isTransactionConflict(error)) return { kind: 'postpone', delayMs: againMs, isFailure: false };
  if (!(error instanceof PlatformError)) {
    return failed(
      500,
      push.hasLeft
        ? `It was sent, and an internal error keeps us from finding out whether it was written. Look at ${platform} before you write it again; the logs have the operation’s correlation id.`
        : 'Not written: an internal error stopped it; the logs have its correlation id.',
    );
  }
  switch (error.code) {
    case 'rateLimited':
    case 'unavailable':
    case 'refreshLost': {
      if (push.sentAtMs !== null && nowMs - push.sentAtMs > longestSearchMs)
        return failed(
          502,
          `It was sent, and the answer got lost; whether it was written is not known, since it could not be looked up for a day: ${error.message}. Look at ${platform} before you write it again.`,
        );
      const askedMs = Math.max(0, (error.retryAtMs ?? nowMs) - nowMs);
      const isFailure = error.code !== 'rateLimited';
      const plannedMs = isFailure ? (failureDelayMs(push.attempts) ?? longestFailureDelayMs) : 0;
      return {
        kind: 'postpone',
        delayMs: Math.max(plannedMs, isFailure ? Math.min(askedMs, longestFailureDelayMs) : askedMs),
        failure: error.message,
        isFailure,
      };
    }
    case 'accessRevoked':
      return failed(401, outcomeOf(push, error));
    case 'applicationKeysRejected':
      return failed(401, outcomeOf(push, error));
    case 'forbidden':
      return failed(403, outcomeOf(push, error));
    case 'notFound':
      return failed(404, outcomeOf(push, error));
    case 'unexpected':
      return failed(502, outcomeOf(push, error));
  }
}

function outcomeOf(
  push: { readonly hasLeft: boolean; readonly platform: string },
  error: PlatformError,
): string {
  return push.hasLeft
    ? `It was sent, and what ${push.platform} made of it cannot be read: ${error.message}. Look at ${push.platform} before you write it again.`
    : `Not written: ${error.message}.`;
}

function problemsOf(errors: readonly object[]): object | undefined {
  return errors.length === 0 ? undefined : { errors, warnings: [] };
}

/** @returns in how many milliseconds somebody should go on with it; undefined when nobody has to */
export async function settlePushFailure(context: PushContext, error: unknown): Promise<number | undefined> {
  const { push, store, logger, connector, now, settleMs } = context;
  const hasLeft = push.stage !== 'waiting';
  const facts = { ...push, hasLeft, platform: connector.manifest.name };
  const settlement = pushSettlementOf(facts, error, { nowMs: now(), settleMs });
  logger[severityOf(settlement)]({ error, settlement }, 'write not done');
  try {
    switch (settlement.kind) {
      case 'leave':
        if (!(error instanceof LeaseLostError)) return undefined;
        // It may be ours still, and have timed out or lost its connection: its next claim, or the time-out, says so.
        await postponePush(store.pool, push, { delayMs: againMs, failure: undefined, isFailure: false });
        return againMs;
      case 'postpone': {
        const { delayMs, failure, isFailure } = settlement;
        await postponePush(store.pool, push, { delayMs, failure, isFailure });
        return delayMs;
      }
      case 'end':
        await endPush(context, { changes: undefined, isWritten: false, ...settlement.end });
        await reportAccess(context, error);
        return undefined;
    }
  } catch (settlingError) {
    if (settlingError instanceof LeaseLostError || isDatabaseAway(settlingError)) return undefined;
    throw settlingError;
  }
}

/** A wait is no warning; an error of our own is more than one. */
function severityOf(settlement: PushSettlement): 'info' | 'warn' | 'error' {
  if (settlement.kind !== 'end') return 'info';
  return settlement.end.statusCode === 500 ? 'error' : 'warn';
}

async function endPush(context: PushContext, end: PushEnd): Promise<void> {
  const { push, store, events, metrics, requests, now } = context;
  const ended = await inTransaction(store.pool, async (client) => {
    const closed = await closePush(client, push, end);
    await logPushRequests(client, push, requests.take());
    // Of one that has timed out its clients have heard already.
    if (!closed.isNews) return closed;
    const { id, dataType, connectionId, createdAt: requestedAt } = push;
    const type = push.action === 'create' ? 'Create' : 'Update';
    const { completedAt, status } = closed;
    await events.writeEnded(client, push, {
      id,
      dataType,
      type,
      connectionId,
      requestedAt,
      completedAt,
      status,
    });
    return closed;
  });
  const { dataType, action, createdAt } = push;
  const durationMs = now() - createdAt.getTime();
  if (ended.isNews) metrics.writeEnded({ dataType, action, status: ended.status, durationMs });
}

/** A revocation that a write has met concerns the whole connection, rejected application keys the integration. */
async function reportAccess({ push, store, metrics, events }: PushContext, error: unknown): Promise<void> {
  const met = error instanceof PushFailedError ? error.cause : error;
  if (!(met instanceof PlatformError)) return;
  if (met.code === 'applicationKeysRejected') {
    await store.prisma.clientIntegration.updateMany({
      where: { clientId: push.clientId, platformKey: push.platformKey },
      data: { alert: met.message },
    });
  }
  const connection = { id: push.connectionId, clientId: push.clientId, companyId: push.companyId };
  await deauthorizeOnRevocation(connection, met, { store, metrics, events });
}
