/** Requests that are sent twice take effect once: the first answer is kept for a day, encrypted, and given again. */
import { createHash } from 'node:crypto';
import { createIdempotencyRepository, idempotentAnswerBinding } from '@tributary/store';
import { z } from 'zod';
import type { AppDependencies } from '../dependencies.ts';
import { ApiError, conflict, refused } from '../errors.ts';

/** What a request is, as far as being the same goes. */
interface RepeatableRequest {
  readonly clientId: string;
  /** The header, as received. */
  readonly key: string;
  /** Who asks (beyond the client), method and path: a key means something within these only. */
  readonly scope: readonly string[];
  /** Query and body. */
  readonly content: readonly string[];
}

const answer = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  /** Absent: none. */
  body: z.string().optional(),
});

/** An answer as it is kept. */
export type KeptAnswer = z.output<typeof answer>;

/** The claim of a request on its key; whichever of the two comes of it. */
export interface HeldKey {
  keep(answer: KeptAnswer): Promise<void>;
  /** The request came to nothing that lasts: the next one with the key starts anew. */
  letGo(): Promise<void>;
}

export interface Idempotency {
  /**
   * @returns the key, held for this request, or the answer that the same request got before
   * @throws ApiError 400 for a key that is none, 409 while the first request runs, 422 for another request with the key
   */
  begin(request: RepeatableRequest): Promise<HeldKey | KeptAnswer>;
}

const keepMs = 86_400_000;
/** A request that has not ended after so long is taken for dead; answers come much sooner. */
const holdMs = 60_000;
const keyForm = /^[\x20-\x7e]{1,255}$/;

export function createIdempotency({
  store,
  vault,
  newId,
  logger,
}: Pick<AppDependencies, 'store' | 'vault' | 'newId' | 'logger'>): Idempotency {
  const keys = createIdempotencyRepository(store);

  return {
    async begin({ clientId, key, scope, content }) {
      if (!keyForm.test(key) || key.trim() === '')
        throw refused('headers.idempotency-key', 'must be 1 to 255 printable characters', 'IdempotencyKey');
      const request = { id: hashOf([...scope, key]), requestHash: hashOf(content), holder: newId() };
      const binding = idempotentAnswerBinding(clientId, request.id);
      const claim = await keys.claim(clientId, request, holdMs);
      if (claim.state !== 'claimed' && !claim.isSame) throw anotherRequest();
      if (claim.state === 'running') throw stillRunning();
      if (claim.state === 'answered')
        return answer.parse(JSON.parse(vault.open(claim.sealedAnswer, binding)));
      return {
        async keep(kept) {
          const sealed = vault.seal(JSON.stringify(kept), binding);
          const isKept = await keys.saveAnswer(clientId, request, { sealed, keepMs });
          if (!isKept) logger.warn('an answer came after its idempotency key had been given away');
        },
        letGo: () => keys.release(clientId, request),
      };
    },
  };
}

/** The parts stay apart whatever they hold. */
function hashOf(parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

function anotherRequest(): ApiError {
  const message = 'The idempotency key was used for another request; send this one with a key of its own.';
  const place = 'headers.idempotency-key';
  return new ApiError(422, message, {
    errors: [{ itemId: place, message, validatorName: 'IdempotencyKey' }],
  });
}

function stillRunning(): ApiError {
  return conflict('The first request with this idempotency key is still running.', { canBeRetried: 'True' });
}
