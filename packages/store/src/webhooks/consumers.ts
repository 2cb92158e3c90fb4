import type { Pool } from 'pg';
import { inTransaction } from '../pool.ts';
import type { Store } from '../store.ts';

/** A client has at most this many webhook consumers. */
export const maximumWebhookConsumers = 50;

/** Secrets of one consumer that are valid at a time: each adds a signature to every request. */
const maximumValidSecrets = 5;

/** A consumer, without its secrets. */
export interface WebhookConsumerRow {
  readonly id: string;
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly companyTags: readonly string[];
  readonly disabled: boolean;
  readonly disabledReason: string | null;
  readonly failingSince: Date | null;
  readonly createdAt: Date;
}

export interface NewWebhookConsumer {
  readonly id: string;
  readonly url: string;
  readonly eventTypes: readonly string[];
  readonly companyTags: readonly string[];
  readonly disabled: boolean;
  readonly secret: SealedSecret;
}

/** A signing secret, sealed for its row. */
export interface SealedSecret {
  readonly id: string;
  readonly sealed: string;
}

/** Undefined leaves a value as it is. */
export interface WebhookConsumerChange {
  readonly url?: string | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  readonly companyTags?: readonly string[] | undefined;
  readonly disabled?: boolean | undefined;
}

export interface WebhookConsumerRepository {
  /** Oldest first. */
  list(clientId: string): Promise<WebhookConsumerRow[]>;
  find(clientId: string, consumerId: string): Promise<WebhookConsumerRow | undefined>;
  /** @returns undefined when the client has {@link maximumWebhookConsumers} already */
  create(clientId: string, consumer: NewWebhookConsumer): Promise<WebhookConsumerRow | undefined>;
  /** Enabling it again forgets that it failed. @returns undefined when the client has no such consumer */
  update(
    clientId: string,
    consumerId: string,
    change: WebhookConsumerChange,
  ): Promise<WebhookConsumerRow | undefined>;
  /** With its deliveries. @returns false when the client has no such consumer */
  delete(clientId: string, consumerId: string): Promise<boolean>;
  /** Makes a secret the current one; the one before stays valid for `overlapMs`. */
  rotateSecret(
    clientId: string,
    consumerId: string,
    rotation: { secret: SealedSecret; overlapMs: number },
  ): Promise<'rotated' | 'tooMany' | 'notFound'>;
  /** Stores the client's key for Zapier in place of the one before. */
  replaceIntegrationKey(clientId: string, keyHash: Buffer): Promise<void>;
}

const columns = `id, url, event_types AS "eventTypes", company_tags AS "companyTags", disabled, disabled_reason AS "disabledReason",
  failing_since AS "failingSince", created_at AS "createdAt"`;

export function createWebhookConsumerRepository({ pool }: Pick<Store, 'pool'>): WebhookConsumerRepository {
  return {
    list: async (clientId) => {
      const { rows } = await pool.query<WebhookConsumerRow>(
        `SELECT ${columns} FROM webhook_consumers WHERE client_id = $1 ORDER BY created_at, id`,
        [clientId],
      );
      return rows;
    },

    find: async (clientId, consumerId) => {
      const { rows } = await pool.query<WebhookConsumerRow>(
        `SELECT ${columns} FROM webhook_consumers WHERE client_id = $1 AND id = $2`,
        [clientId, consumerId],
      );
      return rows[0];
    },

    create: (clientId, { secret, ...consumer }) =>
      inTransaction(pool, async (client) => {
        // The lock makes concurrent requests of one client count one after the other.
        await client.query('SELECT FROM clients WHERE id = $1 FOR NO KEY UPDATE', [clientId]);
        const { rows } = await client.query<WebhookConsumerRow>(
          `INSERT INTO webhook_consumers (id, client_id, url, event_types, company_tags, disabled)
           SELECT $2, $1, $3, $4, $5, $6 WHERE (SELECT count(*) FROM webhook_consumers WHERE client_id = $1) < ${maximumWebhookConsumers}
           RETURNING ${columns}`,
          [clientId, consumer.id, consumer.url, consumer.eventTypes, consumer.companyTags, consumer.disabled],
        );
        if (rows[0] === undefined) return undefined;
        await client.query(
          'INSERT INTO webhook_secrets (id, client_id, consumer_id, sealed) VALUES ($1, $2, $3, $4)',
          [secret.id, clientId, consumer.id, secret.sealed],
        );
        return rows[0];
      }),

    update: async (clientId, consumerId, { url, eventTypes, companyTags, disabled }) => {
      const { rows } = await pool.query<WebhookConsumerRow>(
        `UPDATE webhook_consumers
         SET url = coalesce($3, url), event_types = coalesce($4::text[], event_types), company_tags = coalesce($5::text[], company_tags),
             disabled = coalesce($6::boolean, disabled),
             disabled_reason = CASE WHEN $6::boolean IS NULL THEN disabled_reason END,
             failures = CASE WHEN $6::boolean IS FALSE OR $3 IS NOT NULL THEN 0 ELSE failures END,
             failing_since = CASE WHEN $6::boolean IS FALSE OR $3 IS NOT NULL THEN NULL ELSE failing_since END,
             blocked_until = CASE WHEN $6::boolean IS FALSE OR $3 IS NOT NULL THEN NULL ELSE blocked_until END
         WHERE client_id = $1 AND id = $2 RETURNING ${columns}`,
        [clientId, consumerId, url ?? null, eventTypes ?? null, companyTags ?? null, disabled ?? null],
      );
      return rows[0];
    },

    delete: async (clientId, consumerId) => {
      const { rowCount } = await pool.query(
        'DELETE FROM webhook_consumers WHERE client_id = $1 AND id = $2',
        [clientId, consumerId],
      );
      return rowCount === 1;
    },

    rotateSecret: (clientId, consumerId, { secret, overlapMs }) =>
      inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(
          'SELECT FROM webhook_consumers WHERE client_id = $1 AND id = $2 FOR NO KEY UPDATE',
          [clientId, consumerId],
        );
        if (rowCount === 0) return 'notFound';
        await client.query('DELETE FROM webhook_secrets WHERE consumer_id = $1 AND expires_at <= now()', [
          consumerId,
        ]);
        const { rows } = await client.query<{ valid: number }>(
          'SELECT count(*)::int AS valid FROM webhook_secrets WHERE consumer_id = $1',
          [consumerId],
        );
        if ((rows[0]?.valid ?? 0) >= maximumValidSecrets) return 'tooMany';
        await client.query(
          `UPDATE webhook_secrets SET expires_at = now() + $2 * interval '1 ms' WHERE consumer_id = $1 AND expires_at IS NULL`,
          [consumerId, overlapMs],
        );
        await client.query(
          'INSERT INTO webhook_secrets (id, client_id, consumer_id, sealed) VALUES ($1, $2, $3, $4)',
          [secret.id, clientId, consumerId, secret.sealed],
        );
        return 'rotated';
      }),

    replaceIntegrationKey: async (clientId, keyHash) => {
      await pool.query(
        `INSERT INTO webhook_integration_keys (client_id, key_hash) VALUES ($1, $2)
         ON CONFLICT (client_id) DO UPDATE SET key_hash = excluded.key_hash, created_at = now()`,
        [clientId, keyHash],
      );
    },
  };
}

/** Whose Zapier key has this hash. */
export async function findIntegrationKeyOwner(
  pool: Pool,
  keyHash: Buffer,
): Promise<{ id: string; name: string } | undefined> {
  const { rows } = await pool.query<{ id: string; name: string }>(
    `SELECT client.id, client.name FROM webhook_integration_keys AS key JOIN clients AS client ON client.id = key.client_id
     WHERE key.key_hash = $1`,
    [keyHash],
  );
  return rows[0];
}
