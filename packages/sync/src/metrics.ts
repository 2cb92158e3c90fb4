/**
 * What the sync engine tells of its work to whoever counts it. Nothing here names a client, a company or a run: what is told
 * becomes labels, and those have to stay few.
 */
import type { PlatformErrorCode } from '@tributary/connector-kit';
import type { AnyDataTypeKey, DataTypeKey } from '@tributary/model';
import type { FailureStatus, RunTrigger } from '@tributary/store';

/** A run that came to its end. */
export interface EndedRunFacts {
  readonly dataType: DataTypeKey;
  readonly trigger: RunTrigger;
  readonly status: 'Complete' | FailureStatus;
  /** From its first claim to its end, waits included; undefined when no worker ever had it. */
  readonly durationMs: number | undefined;
}

/** A write to a platform that came to its end; one that timed out can come to a second, when it is found after all. */
export interface EndedWriteFacts {
  readonly dataType: AnyDataTypeKey;
  readonly action: 'create' | 'update';
  readonly status: 'Success' | 'Failed' | 'TimedOut';
  /** Since it was asked for. */
  readonly durationMs: number;
}

/** Records of one page, or of the deletions at the end of a listing, by what became of them. */
export interface RecordCounts {
  readonly read?: number;
  readonly inserted?: number;
  readonly changed?: number;
  readonly unchanged?: number;
  readonly deleted?: number;
  readonly quarantined?: number;
}

/** Callers never wait for it, and it never throws. */
export interface SyncMetrics {
  runEnded(run: EndedRunFacts): void;
  writeEnded(write: EndedWriteFacts): void;
  /** The answer to a write was lost: it was looked for at the platform. */
  writeLookedFor(search: { platformKey: string; outcome: 'found' | 'absent' | 'unknown' }): void;
  /** Told once the transaction that wrote them is committed. */
  recordsWritten(dataType: DataTypeKey, counts: RecordCounts): void;
  /** One attempt of one call. `status` is undefined when no answer came. */
  upstreamRequest(request: { platformKey: string; status: number | undefined; durationMs: number }): void;
  /** `inPlace`: a worker waited. `postponed`: the run was put off, and holds nothing. */
  rateLimitWait(wait: { platformKey: string; kind: 'inPlace' | 'postponed'; waitMs: number }): void;
  /** A run was put on the queue, so long after it was asked for. */
  runAdmitted(waitMs: number): void;
  /** A run was taken from a worker that had let its lease run out. */
  leaseTakenOver(): void;
  tokenRefreshed(refresh: { platformKey: string; outcome: 'refreshed' | PlatformErrorCode }): void;
}

/** Counts nothing. */
export const noSyncMetrics: SyncMetrics = {
  runEnded: () => undefined,
  writeEnded: () => undefined,
  writeLookedFor: () => undefined,
  recordsWritten: () => undefined,
  upstreamRequest: () => undefined,
  rateLimitWait: () => undefined,
  runAdmitted: () => undefined,
  leaseTakenOver: () => undefined,
  tokenRefreshed: () => undefined,
};
