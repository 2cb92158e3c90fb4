/** Linking a platform with user name and password: the form on our page, and what becomes of what was entered there. */
import { type Credentials, PlatformError, tokensOfCredentials } from '@tributary/connector-kit';
import { countAttempt } from './attempts.ts';
import { type CallbackOutcome, decideBusiness } from './callback.ts';
import type { CompleteLink } from './completion.ts';
import { recordFailure } from './connection-errors.ts';
import type { LinkDependencies } from './dependencies.ts';
import { LinkFailure } from './failure.ts';
import { type Cookies, isSameBrowser, journeyCookieName, secretHash } from './journey.ts';
import { type LinkContext, linkFailure, loadLink, requireReadyPlatform } from './link-context.ts';
import { rememberChoice } from './pending-choice.ts';
import { platformFailure, withinPatience } from './platform-failure.ts';

/** What the form shows. */
export interface CredentialsForm {
  readonly link: LinkContext;
  /** Sent along by the form: it has to come back from the browser that got it. */
  readonly state: string;
  /** What was entered before; the password is never shown again. */
  readonly username?: string;
  /** Why it was not accepted, in words that the small business can act on. */
  readonly problem?: string;
}

export interface CredentialsRequest {
  readonly state: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly cookies: Cookies;
  /** Names the request in logs; the first sync carries it on. */
  readonly traceId: string;
}

/** Nobody's user name or password is longer. */
const longestEntry = 200;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what nobody can type
const untypable = /[\u0000-\u001f\u007f]/;

/**
 * Tries what was entered at the platform, and links when it opens books. What the platform refuses comes back as the form with the
 * reason; nothing is stored of it then.
 * @throws LinkFailure for everything that another attempt at the form does not mend
 */
export async function submitCredentials(
  deps: LinkDependencies,
  completeLink: CompleteLink,
  ids: { companyId: string; connectionId: string },
  request: CredentialsRequest,
): Promise<CallbackOutcome | CredentialsForm> {
  const link = await loadLink(deps, ids);
  const { state, journeyId } = await findJourney(deps, link, request);
  const journeyCookie = journeyCookieName(journeyId);
  try {
    await requireReadyPlatform(deps, link);
    const username = (request.username ?? '').trim();
    const entered = { username, password: request.password ?? '' };
    const problem = entryProblem(entered);
    if (problem !== undefined) return { link, state, username: shown(username), problem };
    await countAttempt(deps, link);
    const tokens = tokensOfCredentials(entered);
    const businesses = await readBusinesses(deps, link, entered);
    if (typeof businesses === 'string') return { link, state, username, problem: businesses };
    const business = decideBusiness(link, businesses);
    await useUp(deps, link, journeyId);
    if (business === undefined) {
      await rememberChoice(deps, link.connection, journeyId, { tokens, businesses });
      return { link, journeyCookie };
    }
    const { consentId } = await completeLink({ link, tokens, business, traceId: request.traceId });
    return { link, journeyCookie, consentId };
  } catch (error) {
    if (error instanceof LinkFailure) await recordFailure(deps, link, error);
    throw error;
  }
}

/** The journey that the form began, still open: it is used up only by credentials that were accepted. */
async function findJourney(
  deps: LinkDependencies,
  link: LinkContext,
  { state, cookies }: CredentialsRequest,
): Promise<{ state: string; journeyId: Uint8Array<ArrayBuffer> }> {
  if (state === undefined) throw linkFailure('stateMissing', link);
  const journeyId = secretHash(state);
  const row = await deps.store.prisma.linkState.findUnique({ where: { id: journeyId } });
  if (row === null || row.connectionId !== link.connection.id) throw linkFailure('stateUnknown', link);
  if (row.expiresAt.getTime() <= deps.clock()) throw linkFailure('stateExpired', link);
  // The cookie went when it was used: the browser that used it must not be taken for another one.
  if (row.usedAt !== null) throw linkFailure('stateUsed', link);
  if (!isSameBrowser(cookies[journeyCookieName(journeyId)], row.browserHash))
    throw linkFailure('otherBrowser', link);
  return { state, journeyId };
}

/** Of two forms that are sent at once, one goes on. */
async function useUp(
  { store, clock }: LinkDependencies,
  link: LinkContext,
  id: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { count } = await store.prisma.linkState.updateMany({
    where: { id, usedAt: null },
    data: { usedAt: new Date(clock()) },
  });
  if (count === 0) throw linkFailure('stateUsed', link);
}

function entryProblem({ username, password }: Credentials): string | undefined {
  if (username === '' || password === '') return 'Please enter both.';
  if ([username, password].some((text) => text.length > longestEntry || untypable.test(text)))
    return 'What you entered is too long, or holds characters that cannot be typed.';
  return undefined;
}

const shown = (username: string): string =>
  username.length > longestEntry || untypable.test(username) ? '' : username;

/** The businesses that the credentials open, or what the platform has against them. */
async function readBusinesses(deps: LinkDependencies, link: LinkContext, entered: Credentials) {
  const session = deps.credentials.openUnsavedSession(
    link.connection,
    tokensOfCredentials(entered),
    undefined,
  );
  try {
    return await withinPatience(() => link.connector.listBusinesses(session, entered.username));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const failure = platformFailure(link, error, deps.clock());
    if (error.code !== 'accessRevoked' && error.code !== 'forbidden') throw failure;
    const reason =
      error.advice ?? `${link.connector.manifest.name} did not accept this user name and password.`;
    const code = error.code === 'forbidden' ? 'accessNotAllowed' : 'credentialsRefused';
    await recordFailure(deps, link, linkFailure(code, link, { reason, cause: error }));
    return reason;
  }
}
