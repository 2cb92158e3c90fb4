import type { Pool } from 'pg';

/** Days that each kind of log is kept. */
export interface Retention {
  readonly requestLogDays: number;
  readonly historyDays: number;
  readonly webhookLogDays: number;
}

/** What is still to be delivered outlives the log's days by at most this many; a delivery is given up before. */
const webhookGraceDays = 7;

const batchSize = 5_000;

const isSettled =
  'NOT EXISTS (SELECT FROM webhook_deliveries WHERE event_id = event.id AND next_attempt_at IS NOT NULL)';

/**
 * Deletes what has been kept long enough, in batches that lock little. A run that a dataset still names as its newest, or newest
 * successful, is kept however old. Safe to run from several processes at once.
 * @returns rows deleted by kind
 */
export async function deleteExpired(
  pool: Pool,
  retention: Retention,
): Promise<Readonly<Record<string, number>>> {
  const expired = {
    upstreamRequests: `DELETE FROM upstream_requests WHERE id IN (
       SELECT id FROM upstream_requests WHERE started_at < now() - $1 * interval '1 day' LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)`,
    runs: `WITH old AS (
         SELECT run.id FROM pull_operations AS run
         WHERE run.completed_at < now() - $1 * interval '1 day'
           AND NOT EXISTS (SELECT FROM datasets WHERE latest_run_id = run.id OR latest_successful_run_id = run.id)
         LIMIT ${batchSize} FOR UPDATE SKIP LOCKED
       ), warnings AS (DELETE FROM data_warnings USING old WHERE run_id = old.id)
       DELETE FROM pull_operations USING old WHERE pull_operations.id = old.id`,
    // A business chooser that was left open holds sealed tokens: they go with the journey that they came with.
    choices: `UPDATE connections SET business_choices = NULL FROM link_states AS journey
       WHERE journey.connection_id = connections.id AND journey.expires_at < now() - $1 * interval '1 day'
         AND business_choices ->> 'journey' = encode(journey.id, 'hex')`,
    linkStates: `DELETE FROM link_states WHERE expires_at < now() - $1 * interval '1 day'`,
    webhookEvents: `DELETE FROM webhook_events WHERE id IN (
       SELECT id FROM webhook_events AS event
       WHERE created_at < now() - $1 * interval '1 day'
         AND (created_at < now() - ($1 + ${webhookGraceDays}) * interval '1 day' OR ${isSettled})
       LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)`,
    // The last word about a company that was erased goes once it was told.
    erasedCompanies: `DELETE FROM webhook_events WHERE id IN (
       SELECT id FROM webhook_events AS event
       WHERE created_at < now() - $1 * interval '1 day' AND event_type = 'company.deleted' AND ${isSettled}
       LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)`,
    webhookSecrets: `DELETE FROM webhook_secrets WHERE expires_at < now() - $1 * interval '1 day'`,
    usage: `DELETE FROM client_usage WHERE day < now() - $1 * interval '1 day'`,
    pushes: `DELETE FROM push_operations WHERE closed_at < now() - $1 * interval '1 day'`,
    // Their time is their own: what has run out is of no use any more.
    idempotencyKeys: `DELETE FROM idempotency_keys WHERE expires_at < now() - $1 * interval '1 day'`,
    portalSessions: `DELETE FROM portal_sessions WHERE least(idle_until, expires_at) < now() - $1 * interval '1 day'`,
    signInAttempts: `DELETE FROM portal_sign_in_attempts WHERE window_ends_at < now() - $1 * interval '1 day'`,
    // A while longer than they work, so that a late link is told that it has expired.
    invitations: `DELETE FROM portal_invitations WHERE expires_at < now() - $1 * interval '1 day'`,
    auditLog: `DELETE FROM audit_log WHERE id IN (
       SELECT id FROM audit_log WHERE at < now() - $1 * interval '1 day' LIMIT ${batchSize} FOR UPDATE SKIP LOCKED)`,
  } as const;
  const days = {
    upstreamRequests: retention.requestLogDays,
    runs: retention.historyDays,
    choices: 1,
    linkStates: 1,
    webhookEvents: retention.webhookLogDays,
    erasedCompanies: 1,
    webhookSecrets: 1,
    usage: 400,
    pushes: retention.historyDays,
    idempotencyKeys: 0,
    portalSessions: 0,
    signInAttempts: 0,
    invitations: 30,
    auditLog: retention.historyDays,
  } as const;
  const deleted: Record<string, number> = {};
  for (const [kind, statement] of Object.entries(expired) as [keyof typeof expired, string][]) {
    for (;;) {
      const { rowCount } = await pool.query(statement, [days[kind]]);
      deleted[kind] = (deleted[kind] ?? 0) + (rowCount ?? 0);
      if ((rowCount ?? 0) < batchSize) break;
    }
  }
  return deleted;
}
