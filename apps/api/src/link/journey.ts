/**
 * A journey: one browser on its way to a platform and back. Two secrets make it up. `state` travels through the platform; its hash
 * is the id of the journey's row. The browser's secret stays in a cookie; its hash is in the row. A journey ends when its state
 * comes back, once, to the browser that holds the cookie.
 */
import { hash, timingSafeEqual } from 'node:crypto';

/** Cookies of a request, by name. */
export type Cookies = Readonly<Record<string, string | undefined>>;

/** How long the small business has to consent at the platform, and then to choose a business. */
export const journeyMinutes = 15;
export const journeyMs = journeyMinutes * 60_000;
const secretBytes = 32;

export interface JourneySecrets {
  /** 32 random bytes, base64url. */
  readonly state: string;
  readonly browserSecret: string;
}

export function newJourneySecrets(randomBytes: (size: number) => Buffer): JourneySecrets {
  const secret = (): string => randomBytes(secretBytes).toString('base64url');
  return { state: secret(), browserSecret: secret() };
}

/** What is stored of a secret. SHA-256 is enough: 256 random bits cannot be guessed, so nothing has to be slow. */
export function secretHash(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash('sha256', secret, 'buffer'));
}

/** One cookie per journey, so that several tabs do not end each other's. @param journeyId hash of the state */
export function journeyCookieName(journeyId: Uint8Array): string {
  return `tributary_link_${Buffer.from(journeyId).toString('base64url').slice(0, 12)}`;
}

/** Whether the browser that holds `cookie` began the journey. */
export function isSameBrowser(cookie: string | undefined, browserHash: Uint8Array): boolean {
  if (cookie === undefined) return false;
  const found = secretHash(cookie);
  return found.length === browserHash.length && timingSafeEqual(found, browserHash);
}
