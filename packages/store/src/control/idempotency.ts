import type { Pool } from 'pg';
import type { SealedRow } from '../credentials.ts';

/** Binding of a stored answer in the vault. */
export function idempotentAnswerBinding(clientId: string, id: Buffer) {
  return { table: 'idempotency_keys', row: id.toString('hex'), client: clientId };
}

/** A request that carries an `Idempotency-Key`. */
export interface IdempotentRequest {
  /** Hash of who asks what with which key. */
  readonly id: Buffer;
  /** Hash of the rest of the request. */
  readonly requestHash: Buffer;
  /** A UUID that names this very request. */
  readonly holder: string;
}

/**
 * What came of claiming a key: this request is the first and may go on; another with the same key runs; or one has been answered.
 * Of the latter two `isSame` tells whether that request was the same.
 */
export type IdempotencyClaim =
  | { readonly state: 'claimed' }
  | { readonly state: 'running'; readonly isSame: boolean }
  | { readonly state: 'answered'; readonly isSame: boolean; readonly sealedAnswer: string };

export interface IdempotencyRepository {
  /** A key whose request has not been heard of for `holdMs` is given to the next one: a process that died does not block it. */
  claim(clientId: string, request: IdempotentRequest, holdMs: number): Promise<IdempotencyClaim>;
  /** @returns whether it was stored: the key may have gone to another request meanwhile */
  saveAnswer(
    clientId: string,
    request: IdempotentRequest,
    answer: { sealed: string; keepMs: number },
  ): Promise<boolean>;
  /** The request came to nothing: the next one with the key starts anew. */
  release(clientId: string, request: IdempotentRequest): Promise<void>;
}

interface Row {
  readonly isSame: boolean;
  readonly answer: string | null;
}

export function createIdempotencyRepository({ pool }: { readonly pool: Pool }): IdempotencyRepository {
  async function tryToClaim(
    clientId: string,
    { id, requestHash, holder }: IdempotentRequest,
    holdMs: number,
  ) {
    const { rowCount } = await pool.query({
      name: 'claim-idempotency-key',
      text: `INSERT INTO idempotency_keys AS stored (client_id, id, request_hash, holder, held_until, expires_at)
             VALUES ($1, $2, $3, $4, now() + $5 * interval '1 ms', now() + interval '1 day')
             ON CONFLICT (client_id, id) DO UPDATE
             SET request_hash = excluded.request_hash, holder = excluded.holder, held_until = excluded.held_until,
                 expires_at = excluded.expires_at, answer = NULL
             WHERE stored.expires_at < now() OR (stored.answer IS NULL AND stored.held_until < now())`,
      values: [clientId, id, requestHash, holder, holdMs],
    });
    return rowCount === 1;
  }

  return {
    async claim(clientId, request, holdMs) {
      // The loop: what stood in the way may be released before it is looked at.
      for (let attempt = 0; attempt < 5; attempt += 1) {
        if (await tryToClaim(clientId, request, holdMs)) return { state: 'claimed' };
        const { rows } = await pool.query<Row>(
          `SELECT request_hash = $3 AS "isSame", answer
           FROM idempotency_keys WHERE client_id = $1 AND id = $2`,
          [clientId, request.id, request.requestHash],
        );
        const [row] = rows;
        if (row?.answer != null) return { state: 'answered', isSame: row.isSame, sealedAnswer: row.answer };
        if (row !== undefined) return { state: 'running', isSame: row.isSame };
      }
      return { state: 'running', isSame: true };
    },

    async saveAnswer(clientId, { id, holder }, { sealed, keepMs }) {
      const { rowCount } = await pool.query(
        `UPDATE idempotency_keys SET answer = $4, expires_at = now() + $5 * interval '1 ms'
         WHERE client_id = $1 AND id = $2 AND holder = $3 AND answer IS NULL`,
        [clientId, id, holder, sealed, keepMs],
      );
      return rowCount === 1;
    },

    async release(clientId, { id, holder }) {
      await pool.query(
        'DELETE FROM idempotency_keys WHERE client_id = $1 AND id = $2 AND holder = $3 AND answer IS NULL',
        [clientId, id, holder],
      );
    },
  };
}

/** Sealed answers, in batches; `after` is the last row of the batch before: `<client>/<id in hex>`. */
export async function sealedAnswers(
  pool: Pool,
  after: string | undefined,
  limit: number,
): Promise<SealedRow[]> {
  const { rows } = await pool.query<SealedRow>(
    `SELECT client_id || '/' || encode(id, 'hex') AS row, client_id AS "clientId", answer AS sealed
     FROM idempotency_keys
     WHERE answer IS NOT NULL AND ($1::text IS NULL OR (client_id, id) > (split_part($1, '/', 1)::uuid, decode(split_part($1, '/', 2), 'hex')))
     ORDER BY client_id, id LIMIT $2`,
    [after ?? null, limit],
  );
  return rows;
}

/** Replaces a sealed answer unless it changed meanwhile. @returns whether it was replaced */
export async function resealAnswer(
  pool: Pool,
  clientId: string,
  id: Buffer,
  from: string,
  to: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'UPDATE idempotency_keys SET answer = $4 WHERE client_id = $1 AND id = $2 AND answer = $3',
    [clientId, id, from, to],
  );
  return rowCount === 1;
}
