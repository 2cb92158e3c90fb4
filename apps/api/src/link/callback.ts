import type { Business, TokenSet } from '@tributary/connector-kit';
import type { CompleteLink } from './completion.ts';
import { recordFailure } from './connection-errors.ts';
import type { LinkDependencies } from './dependencies.ts';
import { LinkFailure } from './failure.ts';
import { type Cookies, isSameBrowser, journeyCookieName, secretHash } from './journey.ts';
import {
  type LinkContext,
  linkFailure,
  loadLink,
  type ReadyOAuth2,
  requireReadyPlatform,
} from './link-context.ts';
import { rememberChoice } from './pending-choice.ts';
import { platformFailure, withinPatience } from './platform-failure.ts';

export interface CallbackRequest {
  readonly platformKey: string;
  readonly state: string | undefined;
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly cookies: Cookies;
  /** Names the request in logs; the first sync carries it on. */
  readonly traceId: string;
}

/** `consentId` is absent while the browser still has to choose among several businesses. */
export interface CallbackOutcome {
  readonly link: LinkContext;
  /** The cookie that bound the journey. */
  readonly journeyCookie: string;
  readonly consentId?: string;
}

/**
 * The way back from the platform. The journey is used up before anything else happens, so that of two identical requests one wins;
 * from then on whatever fails is written down, and offers to start again.
 * @throws LinkFailure
 */
export async function finishJourney(
  deps: LinkDependencies,
  completeLink: CompleteLink,
  request: CallbackRequest,
): Promise<CallbackOutcome> {
  const { link, journeyId, redirectUri } = await claimJourney(deps, request);
  const journeyCookie = journeyCookieName(journeyId);
  try {
    const code = authorisationCode(link, request);
    const platform = await requireReadyPlatform(deps, link);
    if (platform.authorization !== 'oauth2') throw linkFailure('methodNotOffered', link);
    const granted = await readGrant(deps, link, platform, { code, redirectUri });
    const business = decideBusiness(link, granted.businesses);
    if (business === undefined) {
      await rememberChoice(deps, link.connection, journeyId, granted);
      return { link, journeyCookie };
    }
    const { traceId } = request;
    const { consentId } = await completeLink({ link, tokens: granted.tokens, business, traceId });
    return { link, journeyCookie, consentId };
  } catch (error) {
    if (error instanceof LinkFailure) await recordFailure(deps, link, error);
    throw error;
  }
}

interface ClaimedJourney {
  readonly link: LinkContext;
  readonly journeyId: Uint8Array<ArrayBuffer>;
  readonly redirectUri: string;
}

/** Finds the journey that a state belongs to and uses it up. */
async function claimJourney(deps: LinkDependencies, request: CallbackRequest): Promise<ClaimedJourney> {
  if (request.state === undefined) throw new LinkFailure('stateMissing');
  const journeyId = secretHash(request.state);
  const { linkState } = deps.store.prisma;
  const row = await linkState.findUnique({
    where: { id: journeyId },
    include: { connection: { select: { companyId: true, platformKey: true } } },
  });
  if (row === null || row.connection.platformKey !== request.platformKey)
    throw new LinkFailure('stateUnknown');
  const link = await loadLink(deps, { companyId: row.connection.companyId, connectionId: row.connectionId });
  const now = new Date(deps.clock());
  // The cookie goes when the journey expires: a late browser must not be taken for another one.
  if (row.expiresAt <= now) throw linkFailure('stateExpired', link);
  if (!isSameBrowser(request.cookies[journeyCookieName(journeyId)], row.browserHash)) {
    throw linkFailure('otherBrowser', link);
  }
  const { count } = await linkState.updateMany({
    where: { id: journeyId, usedAt: null },
    data: { usedAt: now },
  });
  // A refusal that is looked at again (the back button, a reload) is still that refusal; there is nothing to use twice.
  if (count === 0) throw refusalOf(link, request) ?? linkFailure('stateUsed', link);
  return { link, journeyId, redirectUri: row.redirectUri };
}

/** Error codes of RFC 6749, 4.1.2.1, that say that the platform has a problem of its own. */
const platformTroubles: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);

function authorisationCode(link: LinkContext, request: CallbackRequest): string {
  const refusal = refusalOf(link, request);
  if (refusal !== undefined) throw refusal;
  if (request.code === undefined) throw linkFailure('platformRefused', link);
  return request.code;
}

/** What the platform sent back in place of a code; undefined when it is no error. */
function refusalOf(link: LinkContext, { error }: CallbackRequest): LinkFailure | undefined {
  if (error === undefined) return undefined;
  if (error === 'access_denied') return linkFailure('accessDenied', link);
  return linkFailure(platformTroubles.has(error) ? 'platformDown' : 'platformRefused', link);
}

async function readGrant(
  deps: LinkDependencies,
  link: LinkContext,
  { oauth2, keys }: ReadyOAuth2,
  grant: { code: string; redirectUri: string },
): Promise<{ tokens: TokenSet; businesses: readonly Business[] }> {
  try {
    return await withinPatience(async () => {
      const tokens = await oauth2.exchangeCode({ keys, ...grant });
      const session = deps.credentials.openUnsavedSession(link.connection, tokens, keys);
      return { tokens, businesses: await link.connector.listBusinesses(session) };
    });
  } catch (error) {
    throw platformFailure(link, error, deps.clock());
  }
}

/**
 * Which business the connection is for; undefined when the small business has to say so. A connection that was linked before
 * comes back to the same business or not at all.
 */
export function decideBusiness(link: LinkContext, businesses: readonly Business[]): Business | undefined {
  const [first] = businesses;
  if (first === undefined) throw linkFailure('noBusiness', link);
  const { businessId } = link.connection;
  if (businessId === null) return businesses.length === 1 ? first : undefined;
  const same = businesses.find(({ id }) => id === businessId);
  if (same !== undefined) return same;
  throw linkFailure('otherBusiness', link, businesses.length === 1 ? { offeredName: first.name } : {});
}
