import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError } from '@tributary/connector-kit';
import type { LinkFailure } from './failure.ts';
import { type LinkContext, linkFailure } from './link-context.ts';

/** A person waits in front of a browser: what the platform does not say in this time it may say at the next attempt. */
const patienceMs = 25_000;
const defaultRetrySeconds = 30;

/** Gives up on work that takes longer than somebody waits. The work itself has time limits of its own and ends unheard. */
export async function withinPatience<T>(work: () => Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const tooLong = delay(patienceMs, undefined, { signal: waiting.signal, ref: false }).then(() => {
    throw new PlatformError('unavailable', `The platform did not answer within ${patienceMs / 1000} seconds`);
  });
  tooLong.catch(() => undefined);
  try {
    return await Promise.race([work(), tooLong]);
  } finally {
    waiting.abort();
  }
}

/** What a platform's error means to somebody who links. Anything but a {@link PlatformError} is returned as it is. */
export function platformFailure(link: LinkContext, error: unknown, nowMs: number): LinkFailure | unknown {
  if (!(error instanceof PlatformError)) return error;
  switch (error.code) {
    case 'accessRevoked':
      return linkFailure('codeRefused', link, { cause: error });
    case 'applicationKeysRejected':
      return linkFailure('keysRejected', link, { cause: error });
    case 'forbidden':
      return linkFailure('platformRefused', link, { cause: error });
    case 'rateLimited': {
      const waitMs = (error.retryAtMs ?? nowMs) - nowMs;
      const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
      return linkFailure('platformBusy', link, { retryAfterSeconds, cause: error });
    }
    case 'unavailable':
    case 'refreshLost':
    case 'notFound':
    case 'unexpected':
      return linkFailure('platformDown', link, { retryAfterSeconds: defaultRetrySeconds, cause: error });
  }
}
