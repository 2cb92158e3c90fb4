/** What the rest of the house asks of the sync engine: start syncs, and keep schedules in step with connections and settings. */
import type { Connector } from '@tributary/connector-kit';
import type { Logger } from '@tributary/logging';
import type { CustomDataTypeKey, DataTypeKey } from '@tributary/model';
import type { JobQueue } from '@tributary/queue';
import {
  admitRuns,
  applySchedules,
  cancelRun,
  claimDueSchedules,
  clientsWithWaitingRuns,
  type EndedRun,
  endActiveRuns,
  ensureDatasets,
  findOrCreateRun,
  findPullOperation,
  inTransaction,
  type PullOperationRow,
  type RunTrigger,
  type Store,
  sweepRuns,
} from '@tributary/store';
import { type EventWriter, noEvents } from '@tributary/webhooks';
import type { ConnectionRef } from './connection-ref.ts';
import { noSyncMetrics, type SyncMetrics } from './metrics.ts';
import { enqueueRun } from './run/enqueue.ts';
import { tellEnded } from './run/finish.ts';
import { effectiveSettings } from './settings.ts';

/** A run was asked for on a connection that is not Linked. */
export class ConnectionNotLinkedError extends Error {
  constructor() {
    super('The connection is not linked');
    this.name = 'ConnectionNotLinkedError';
  }
}

export interface SyncService {
  /**
   * The active run of a data type, created and put on the queue when there is none.
   * @throws ConnectionNotLinkedError
   */
  requestRun(request: {
    connection: ConnectionRef;
    dataType: DataTypeKey | CustomDataTypeKey;
    trigger: RunTrigger;
    traceId?: string;
  }): Promise<PullOperationRow>;
  /** The same for every data type of the connection's platform, in the order of the settings in force. */
  requestAll(request: {
    connection: ConnectionRef;
    trigger: RunTrigger;
    traceId?: string;
  }): Promise<PullOperationRow[]>;
  /** Ends one run of a client; its worker notices at its next write. @returns whether it was under way */
  cancelRun(request: { clientId: string; companyId: string; runId: string }): Promise<boolean>;
  /** After a connection became Linked: its datasets get due times, and the first sync starts. Idempotent. */
  connectionLinked(connection: ConnectionRef, traceId?: string): Promise<void>;
  /** After a connection stopped being Linked: it is no longer scheduled, and its active runs end. */
  connectionStopped(connection: ConnectionRef): Promise<void>;
  /** Brings due times in line with changed settings of a company, or of a client (all its companies). */
  settingsChanged(scope: { clientId: string; companyId?: string }): Promise<void>;
  /** Puts waiting runs of a client on the queue, as far as its share of the workers goes. */
  admit(clientId: string): Promise<void>;
  /** Starts what is due, and what was left lying. */
  tick(): Promise<{ due: number; swept: number }>;
}

export interface SyncDependencies {
  readonly store: Store;
  readonly queue: JobQueue;
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Length of a schedule's hour in milliseconds. */
  readonly hourMs: number;
  readonly logger: Logger;
  readonly metrics?: SyncMetrics;
  readonly events?: EventWriter;
}

/** A run whose job is not done so long after it was queued is looked at again; a job that still waits is not doubled. */
const sweepGraceMs = 30_000;
const batchSize = 500;

export function createSyncService(dependencies: SyncDependencies): SyncService {
  const { store, connectors, hourMs, metrics = noSyncMetrics, events = noEvents } = dependencies;

  const supportedTypes = (platformKey: string): readonly DataTypeKey[] => {
    const connector = connectors.get(platformKey);
    if (connector === undefined) throw new Error(`no connector for platform ${platformKey}`);
    return [...connector.manifest.dataTypes.keys()];
  };

  const countCancelled = ({ dataType, trigger, durationMs }: EndedRun): void =>
    metrics.runEnded({ dataType, trigger, status: 'Cancelled', durationMs: durationMs ?? undefined });

  const service: SyncService = {
    async requestRun({ connection, dataType, trigger, traceId }) {
      const run = await findOrCreateRun(store.pool, {
        connectionId: connection.id,
        dataType,
        trigger,
        traceId,
      });
      if (run === undefined) throw new ConnectionNotLinkedError();
      if (run.created) await service.admit(run.clientId);
      const row = await findPullOperation(store.pool, run.clientId, connection.companyId, run.id);
      if (row === undefined) throw new ConnectionNotLinkedError();
      return row;
    },

    async requestAll({ connection, trigger, traceId }) {
      const settings = await effectiveSettings(store, connection, supportedTypes(connection.platformKey));
      const runs: PullOperationRow[] = [];
      for (const { dataType } of settings.sort((a, b) => a.syncOrder - b.syncOrder)) {
        runs.push(
          await service.requestRun({
            connection,
            dataType,
            trigger,
            ...(traceId === undefined ? {} : { traceId }),
          }),
        );
      }
      return runs;
    },

    async cancelRun(request) {
      const ended = await inTransaction(store.pool, async (client) => {
        const run = await cancelRun(client, request);
        if (run !== undefined) await events.readEnded(client, run);
        return run;
      });
      if (ended !== undefined) countCancelled(ended);
      return ended !== undefined;
    },

    async connectionLinked(connection, traceId) {
      const dataTypes = supportedTypes(connection.platformKey);
      await ensureDatasets(store.pool, connection, dataTypes);
      await applySchedules(store.pool, { connectionId: connection.id }, hourMs);
      const settings = await effectiveSettings(store, connection, dataTypes);
      for (const { dataType, fetchOnFirstLink } of settings.sort((a, b) => a.syncOrder - b.syncOrder)) {
        if (!fetchOnFirstLink) continue;
        const trigger = 'firstLink';
        await service.requestRun({
          connection,
          dataType,
          trigger,
          ...(traceId === undefined ? {} : { traceId }),
        });
      }
    },

    async connectionStopped(connection) {
      await applySchedules(store.pool, { connectionId: connection.id }, hourMs);
      const ended = await inTransaction(store.pool, async (client) => {
        const runs = await endActiveRuns(client, connection.id, {
          status: 'Cancelled',
          errorMessage: 'The connection is no longer linked',
        });
        await tellEnded({ events }, client, runs);
        return runs;
      });
      ended.forEach(countCancelled);
    },

    async settingsChanged({ clientId, companyId }) {
      await applySchedules(store.pool, companyId === undefined ? { clientId } : { companyId }, hourMs);
    },

    async admit(clientId) {
      for (const run of await admitRuns(store.pool, clientId)) {
        metrics.runAdmitted(run.waitedMs);
        await enqueueRun(run, dependencies);
      }
    },

    async tick() {
      let due = 0;
      for (;;) {
        const batch = await claimDueSchedules(store.pool, { limit: batchSize, hourMs });
        due += batch.created;
        if (batch.claimed < batchSize) break;
      }
      const swept = await sweepRuns(store.pool, { graceMs: sweepGraceMs, limit: batchSize });
      for (const run of swept) await enqueueRun(run, dependencies);
      for (const clientId of await clientsWithWaitingRuns(store.pool)) await service.admit(clientId);
      return { due, swept: swept.length };
    },
  };
  return service;
}
