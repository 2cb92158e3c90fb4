import type { Connector } from '@tributary/connector-kit';

/**
 * Browsers hold a form's whole chain of redirects against `form-action`. From an authorisation address over https the platform's
 * sign-in may lead on to hosts that only the platform knows, so every https address is allowed then; over http (a sandbox) just
 * that origin.
 */
function targetOf(address: string): string {
  const { protocol, origin } = new URL(address);
  return protocol === 'https:' ? 'https:' : origin;
}

/** Where the form of the hosted page may end: at the public origin, then at the platforms that it lists. */
export function authorizeTargets(platforms: readonly Connector[], publicUrl: string): string[] {
  const targets = platforms.flatMap(({ oauth2 }) =>
    oauth2 === undefined
      ? []
      : [targetOf(oauth2.authorizeUrl({ clientId: 'none', redirectUri: publicUrl, state: 'none' }))],
  );
  return [...new Set([publicUrl, ...targets])];
}

/** Where the business chooser may end: at the client's own redirect URL, if it has one. */
export function redirectTargets(redirectUrl: string | null): string[] {
  // The placeholders of a redirect URL are no part of its origin.
  const plain = redirectUrl?.replaceAll(/[{}]/g, '');
  return plain !== undefined && URL.canParse(plain) && /^https?:/i.test(plain) ? [targetOf(plain)] : [];
}
