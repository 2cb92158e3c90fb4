/** From error to what becomes of the run and its connection: one exhaustive switch. */
import { randomUUID } from 'node:crypto';
import { PlatformError, type PlatformErrorCode } from '@tributary/connector-kit';
import type { Logger } from '@tributary/logging';
import type { JobQueue } from '@tributary/queue';
import {
  applySchedules,
  type ClaimedRun,
  endActiveRuns,
  type FailureStatus,
  failRun,
  inTransaction,
  isDatabaseAway,
  isTransactionConflict,
  LeaseLostError,
  lockActiveRunsOf,
  lockDatasetsOf,
  type PostponementReason,
  postponeRun,
  type Store,
} from '@tributary/store';
import type { EventWriter } from '@tributary/webhooks';
import type { ConnectionRef } from '../connection-ref.ts';
import type { SyncMetrics } from '../metrics.ts';
import { PrerequisiteNotMetError, PrerequisitePendingError } from './derive.ts';
import { enqueueRun } from './enqueue.ts';
import { tellEnded } from './finish.ts';
import { failureDelayMs, rateLimitBudgetMs } from './plan.ts';

interface FailureDependencies {
  readonly store: Store;
  readonly queue: JobQueue;
  readonly logger: Logger;
  readonly now: () => number;
  readonly metrics: SyncMetrics;
  readonly events: EventWriter;
}

/** The operator has paused the platform: its runs wait, for as long as it takes. */
export class PlatformPausedError extends Error {}

const pauseCheckMs = 60_000;
/** A platform that is away and names a time is believed up to here. */
const longestOutageMs = 3_600_000;
const prerequisiteCheckMs = 2_000;
/** What waits may be ended, or read by another worker, before its time. */
const longestPrerequisiteMs = 300_000;
const conflictDelayMs = 1_000;

type Settlement =
  | {
      readonly kind: 'postpone';
      readonly delayMs: number;
      readonly description: string;
      readonly reason: PostponementReason;
    }
  | { readonly kind: 'fail'; readonly status: FailureStatus; readonly message: string }
  | { readonly kind: 'deauthorize'; readonly message: string }
  | { readonly kind: 'alert'; readonly message: string };

/** What to do about an error; pure. */
export function settlementOf(
  run: Pick<ClaimedRun, 'attempts' | 'rateLimitedMs'>,
  error: unknown,
  nowMs: number,
): Settlement {
  if (error instanceof PlatformPausedError) {
    return {
      kind: 'postpone',
      delayMs: pauseCheckMs,
      description: 'Paused by the operator',
      reason: 'planned',
    };
  }
  if (error instanceof PrerequisitePendingError) {
    return {
      kind: 'postpone',
      delayMs: Math.min(Math.max(prerequisiteCheckMs, (error.retryAtMs ?? 0) - nowMs), longestPrerequisiteMs),
      description: error.message,
      reason: 'planned',
    };
  }
  if (error instanceof PrerequisiteNotMetError)
    return { kind: 'fail', status: 'PrerequisiteNotMet', message: error.message };
  if (isTransactionConflict(error) && failureDelayMs(run.attempts) !== undefined) {
    return {
      kind: 'postpone',
      delayMs: conflictDelayMs,
      description: 'Trying again in a moment',
      reason: 'failure',
    };
  }
  if (!(error instanceof PlatformError)) {
    return {
      kind: 'fail',
      status: 'InternalError',
      message: 'An internal error stopped this sync; the logs have its correlation id',
    };
  }
  const code: PlatformErrorCode = error.code;
  switch (code) {
    case 'rateLimited': {
      const retryAtMs = error.retryAtMs ?? nowMs + 60_000;
      const delayMs = Math.max(0, retryAtMs - nowMs);
      if (run.rateLimitedMs + delayMs > rateLimitBudgetMs) {
        return {
          kind: 'fail',
          status: 'RateLimitError',
          message: `The platform limited requests for more than ${rateLimitBudgetMs / 3_600_000} hours: ${error.message}`,
        };
      }
      return {
        kind: 'postpone',
        delayMs,
        description: `Paused until ${new Date(retryAtMs).toISOString()}`,
        reason: 'rateLimit',
      };
    }
    case 'unavailable':
    case 'refreshLost': {
      const plannedMs = failureDelayMs(run.attempts);
      if (plannedMs === undefined) return { kind: 'fail', status: 'FetchError', message: error.message };
      const askedMs = Math.min((error.retryAtMs ?? nowMs) - nowMs, longestOutageMs);
      const delayMs = Math.max(plannedMs, askedMs);
      return {
        kind: 'postpone',
        delayMs,
        description: `${error.message}; trying again at ${new Date(nowMs + delayMs).toISOString()}`,
        reason: 'failure',
      };
    }
    case 'accessRevoked':
      return { kind: 'deauthorize', message: error.message };
    case 'applicationKeysRejected':
      return { kind: 'alert', message: error.message };
    case 'forbidden':
      return { kind: 'fail', status: 'PermissionsError', message: error.message };
    case 'notFound':
      return { kind: 'fail', status: 'NotSupported', message: error.message };
    case 'unexpected':
      return { kind: 'fail', status: 'FetchError', message: error.message };
  }
}

/** A wait that is part of the plan is no warning; an error of our own is more than one. */
function severityOf(settlement: Settlement): 'info' | 'warn' | 'error' {
  if (settlement.kind === 'postpone' && settlement.reason !== 'failure') return 'info';
  return settlement.kind === 'fail' && settlement.status === 'InternalError' ? 'error' : 'warn';
}

/** @returns whether the run was put off, and will be worked on again */
export async function settleFailure(
  run: ClaimedRun,
  error: unknown,
  dependencies: FailureDependencies,
): Promise<boolean> {
  const { store, logger, now, metrics, events } = dependencies;
  if (isDatabaseAway(error)) {
    // Nothing can be written; the lease runs out and the sweeper starts the run again from its checkpoint.
    logger.warn({ error }, 'the database went away during a run');
    return true;
  }
  const settlement = settlementOf(run, error, now());
  logger[severityOf(settlement)]({ error, settlement }, 'run did not complete');
  const fail = async (status: FailureStatus, errorMessage: string): Promise<void> => {
    await inTransaction(store.pool, async (client) => {
      await failRun(client, run, { status, errorMessage });
      await events.readEnded(client, { ...run, status });
    });
    const { dataType, trigger, startedAtMs } = run;
    metrics.runEnded({ dataType, trigger, status, durationMs: now() - startedAtMs });
  };
  try {
    switch (settlement.kind) {
      case 'postpone':
        await postponeRun(store.pool, run, settlement);
        if (error instanceof PlatformError && error.code === 'rateLimited') {
          const { platformKey } = run;
          metrics.rateLimitWait({ platformKey, kind: 'postponed', waitMs: settlement.delayMs });
        }
        await enqueueRun(run, dependencies, settlement.delayMs);
        return true;
      case 'fail':
        await fail(settlement.status, settlement.message);
        return false;
      case 'deauthorize':
        await fail('AuthError', settlement.message);
        await deauthorize(connectionOf(run), settlement.message, dependencies);
        return false;
      case 'alert':
        await fail('AuthError', settlement.message);
        await store.prisma.clientIntegration.updateMany({
          where: { clientId: run.clientId, platformKey: run.platformKey },
          data: { alert: settlement.message },
        });
        return false;
    }
  } catch (settlingError) {
    if (!(settlingError instanceof LeaseLostError)) throw settlingError;
    return false;
  }
}

type StoppedConnection = Pick<ConnectionRef, 'id' | 'clientId' | 'companyId'>;

const connectionOf = ({ connectionId, clientId, companyId }: ClaimedRun): StoppedConnection => ({
  id: connectionId,
  clientId,
  companyId,
});

/** A Linked connection whose access was revoked: no more schedules or runs until the business authorises it again. */
async function deauthorize(
  connection: StoppedConnection,
  message: string,
  { store, metrics, events }: Pick<FailureDependencies, 'store' | 'metrics' | 'events'>,
): Promise<void> {
  const { id: connectionId, clientId, companyId } = connection;
  const ended = await inTransaction(store.pool, async (client) => {
    await lockDatasetsOf(client, connectionId);
    await lockActiveRunsOf(client, connectionId);
    const { rowCount } = await client.query(
      `UPDATE connections SET status = 'Deauthorized' WHERE id = $1 AND status = 'Linked'`,
      [connectionId],
    );
    if (rowCount !== 1) return [];
    await client.query(
      `INSERT INTO connection_errors (id, connection_id, status_code, status_text, error_message) VALUES ($1, $2, '401', 'Unauthorized', $3)`,
      [randomUUID(), connectionId, message],
    );
    // The hour's length plays no part: a connection that is not Linked has no due times.
    await applySchedules(client, { connectionId }, 3_600_000);
    const runs = await endActiveRuns(client, connectionId, { status: 'AuthError', errorMessage: message });
    await tellEnded({ events }, client, runs);
    await events.connectionChanged(client, 'connection.disconnected', { clientId, companyId, connectionId });
    return runs;
  });
  for (const { dataType, trigger, durationMs } of ended) {
    metrics.runEnded({ dataType, trigger, status: 'AuthError', durationMs: durationMs ?? undefined });
  }
}

/** Takes a revocation that was noticed outside a run to heart; other errors change nothing. */
export async function deauthorizeOnRevocation(
  connection: StoppedConnection,
  error: unknown,
  dependencies: Pick<FailureDependencies, 'store' | 'metrics' | 'events'>,
): Promise<void> {
  if (error instanceof PlatformError && error.code === 'accessRevoked')
    await deauthorize(connection, error.message, dependencies);
}
