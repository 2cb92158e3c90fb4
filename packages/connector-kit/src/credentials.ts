/**
 * User name and password in the place of tokens: a pair that never expires and has nothing to be refreshed with, so that they are
 * sealed, stored and dropped like tokens, and a platform that refuses them has revoked access.
 */
import type { Credentials, TokenSet } from './connector.ts';

/** The last day that every part of the house can store. */
const NEVER_MS = Date.UTC(9999, 0, 1);

export function tokensOfCredentials({ username, password }: Credentials): TokenSet {
  return { accessToken: JSON.stringify({ username, password }), expiresAtMs: NEVER_MS };
}

/** @throws TypeError when the token is none that {@link tokensOfCredentials} made */
export function credentialsOf(accessToken: string): Credentials {
  let read: unknown;
  try {
    read = JSON.parse(accessToken);
  } catch {
    read = undefined;
  }
  const { username, password } = (read ?? {}) as Partial<Credentials>;
  // The token itself must not be shown.
  if (typeof username !== 'string' || typeof password !== 'string')
    throw new TypeError('The stored authorisation is no user name and password');
  return { username, password };
}
