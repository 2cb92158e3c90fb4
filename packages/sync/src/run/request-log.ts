import type { Exchange } from '@tributary/connector-kit';
import type { Logger } from '@tributary/logging';
import type { UpstreamRequestRow } from '@tributary/store';

/** Calls to the platform that a run has made and not written to its log yet. */
export interface RequestLog {
  readonly observe: (exchange: Exchange) => void;
  /** Hands over what was collected. @param records of the page that the last answer became */
  take(records?: number): UpstreamRequestRow[];
  /** Takes back what was handed over and has not been written; the next `take` begins with it. */
  giveBack(rows: readonly UpstreamRequestRow[]): void;
}

/** @param logger the run's: its lines carry the run's trace id */
export function createRequestLog(logger: Logger): RequestLog {
  let collected: Exchange[] = [];
  let returned: UpstreamRequestRow[] = [];
  return {
    observe(exchange) {
      collected.push(exchange);
      const { method, path, status, durationMs, bytes, attempt, failure } = exchange;
      logger.debug({ method, path, status, durationMs, bytes, attempt, failure }, 'upstream request');
    },
    take(records) {
      const taken = collected;
      collected = [];
      const before = returned;
      returned = [];
      const rows = taken.map((exchange, index) => ({
        method: exchange.method,
        path: exchange.path,
        status: exchange.status,
        startedAtMs: exchange.startedAtMs,
        durationMs: exchange.durationMs,
        bytes: exchange.bytes,
        attempt: exchange.attempt,
        records: index === taken.length - 1 ? records : undefined,
        failure: exchange.failure,
        excerpt: exchange.errorExcerpt,
      }));
      return before.concat(rows);
    },
    giveBack(rows) {
      returned.push(...rows);
    },
  };
}
