import type { CredentialsForm } from './credentials.ts';
import type { LinkDependencies } from './dependencies.ts';
import { journeyCookieName, journeyMs, newJourneySecrets, secretHash } from './journey.ts';
import { loadLink, requireReadyPlatform } from './link-context.ts';

/** A cookie to set; how it is set (path, flags) is the routes' business. */
export interface BrowserCookie {
  readonly name: string;
  readonly value: string;
  readonly maxAgeSeconds: number;
}

/** Expired journeys are kept this long, so that a late browser is told that it is late. */
const remembranceMs = 24 * 60 * 60 * 1000;
const sweepBatch = 500;

/** Where a journey begins: at the platform, or at the form for user name and password. */
export type JourneyStart =
  | { readonly redirectTo: string; readonly cookie: BrowserCookie }
  | { readonly form: CredentialsForm; readonly cookie: BrowserCookie };

/**
 * Begins a journey: stores its hashes and says where the browser goes. The connection's status stays as it is; a Linked one keeps
 * its tokens in use until the same business has consented anew.
 * @throws LinkFailure when the link is unknown or cannot be followed at the moment
 */
export async function startJourney(
  deps: LinkDependencies,
  ids: { companyId: string; connectionId: string },
): Promise<JourneyStart> {
  const link = await loadLink(deps, ids);
  const platform = await requireReadyPlatform(deps, link);
  await sweepJourneys(deps);
  const { state, browserSecret } = newJourneySecrets(deps.randomBytes);
  const id = secretHash(state);
  const redirectUri = `${deps.publicUrl}/link/callback/${link.connection.platformKey}`;
  const nowMs = deps.clock();
  await deps.store.prisma.linkState.create({
    data: {
      id,
      connectionId: link.connection.id,
      browserHash: secretHash(browserSecret),
      redirectUri,
      createdAt: new Date(nowMs),
      expiresAt: new Date(nowMs + journeyMs),
    },
  });
  const cookie = { name: journeyCookieName(id), value: browserSecret, maxAgeSeconds: journeyMs / 1000 };
  if (platform.authorization === 'credentials') return { form: { link, state }, cookie };
  const { oauth2, keys } = platform;
  return { redirectTo: oauth2.authorizeUrl({ clientId: keys.clientId, redirectUri, state }), cookie };
}

/** Forgets journeys that led nowhere, with the tokens that wait beside an abandoned chooser. */
async function sweepJourneys({ store, clock }: Pick<LinkDependencies, 'store' | 'clock'>): Promise<void> {
  const now = new Date(clock());
  await store.pool.query(
    `UPDATE connections c SET business_choices = NULL FROM link_states s
     WHERE s.expires_at < $1 AND s.connection_id = c.id AND c.business_choices ->> 'journey' = encode(s.id, 'hex')`,
    [now],
  );
  await store.pool.query(
    'DELETE FROM link_states WHERE id IN (SELECT id FROM link_states WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)',
    [new Date(now.getTime() - remembranceMs), sweepBatch],
  );
}
