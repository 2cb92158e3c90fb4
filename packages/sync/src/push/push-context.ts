import {
  type Connector,
  type PlatformSession,
  type RecordWriter,
  type WriteProblem,
  type WriteRequest,
  withoutNulls,
} from '@tributary/connector-kit';
import type { Logger } from '@tributary/logging';
import { parseExactJson } from '@tributary/model';
import type { ClaimedPush, Store } from '@tributary/store';
import type { EventWriter } from '@tributary/webhooks';
import type { SyncMetrics } from '../metrics.ts';
import type { RequestLog } from '../run/request-log.ts';
import type { RunMemories } from '../run/run-memory.ts';

/** What one attempt at a write works with. */
export interface PushContext {
  /** Moves on with the attempt. */
  push: ClaimedPush;
  readonly request: WriteRequest;
  readonly store: Store;
  readonly connector: Connector;
  readonly writer: RecordWriter;
  /** Refuses calls that change something; ends when the worker shuts down. */
  readonly reads: PlatformSession;
  /** For the one call that changes something: a shutdown lets it come to its end. */
  readonly writes: PlatformSession;
  readonly memories: RunMemories;
  readonly requests: RequestLog;
  readonly metrics: SyncMetrics;
  readonly events: EventWriter;
  readonly logger: Logger;
  readonly now: () => number;
  /** The worker shuts down, or has lost the write to another. */
  readonly signal: AbortSignal;
  /** How long after an answer was lost the platform may still carry the write out. */
  readonly settleMs: number;
}

/** The call may have left, and no answer came: what became of it has to be looked up, not before the platform has settled. */
export class AnswerLostError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'AnswerLostError';
  }
}

/** It is too early to look for a write. */
export class UnsettledError extends Error {
  readonly delayMs: number;
  constructor(delayMs: number) {
    super('the platform may still be at it');
    this.name = 'UnsettledError';
    this.delayMs = delayMs;
  }
}

/** The write ends here, without success; nothing is known of it that is not in the message. */
export class PushFailedError extends Error {
  readonly statusCode: number;
  readonly problems: readonly WriteProblem[];
  constructor(statusCode: number, message: string, problems: readonly WriteProblem[] = []) {
    super(message);
    this.name = 'PushFailedError';
    this.statusCode = statusCode;
    this.problems = problems;
  }
}

/** It is certain that the write did not take place, and too late to send it. */
export class PushTimedOutError extends Error {
  constructor(platform: string) {
    super(`Not written: it was sent and got lost, ${platform} does not have it, and its time is over.`);
    this.name = 'PushTimedOutError';
  }
}

/** A session whose calls change nothing. */
export function readingOnly(session: PlatformSession): PlatformSession {
  return {
    ...session,
    request: (request) => {
      if (request.method !== 'GET' && request.isRead !== true)
        throw new TypeError(
          `${request.method} ${request.path} changes something: only a prepared call may do so`,
        );
      return session.request(request);
    },
  };
}

/** A write as its connector takes it. */
export function writeRequestOf(push: ClaimedPush): WriteRequest {
  return {
    operationId: push.id,
    action: push.action,
    dataType: push.dataType,
    id: push.recordId ?? undefined,
    record: withoutNulls(parseExactJson(push.data)) as Record<string, unknown>,
    expectedModifiedMs: push.expectedModifiedMs ?? undefined,
  };
}
