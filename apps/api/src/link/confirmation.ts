import { queryableOf } from '@tributary/store';
import { clientRedirect } from './client-redirect.ts';
import type { LinkDependencies } from './dependencies.ts';
import { LinkFailure } from './failure.ts';
import type { Cookies } from './journey.ts';
import { isUuid, type LinkContext, loadLink } from './link-context.ts';
import { openChoice } from './pending-choice.ts';
import { isUnderWay, readProgress, type TypeProgress } from './progress.ts';
import { type ConsentShown, consentOfBrowser } from './receipt.ts';

type Ids = { readonly companyId: string; readonly connectionId: string };

/** What the confirmation page shows to the browser that linked. */
export type ConfirmationView =
  | {
      readonly kind: 'choose';
      readonly link: LinkContext;
      readonly businesses: readonly { id: string; name: string }[];
    }
  | {
      readonly kind: 'linked';
      readonly link: LinkContext;
      readonly consent: ConsentShown;
      readonly progress: readonly TypeProgress[];
      readonly underWay: boolean;
      /** The lender's own page, if it has one. */
      readonly backUrl?: string;
    }
  | {
      readonly kind: 'ended';
      readonly link: LinkContext;
      readonly withdrawn: boolean;
      readonly backUrl?: string;
    };

/** A first sync that takes longer goes on, but the page stops looking by itself. */
const lookAgainForMs = 30 * 60_000;

/** @throws LinkFailure `unknownLink` for any browser but the one that linked, whether or not the connection exists */
export async function viewConfirmation(
  deps: LinkDependencies,
  ids: Ids,
  cookies: Cookies,
): Promise<ConfirmationView> {
  if (!isUuid(ids.connectionId)) throw new LinkFailure('unknownLink');
  const link = await loadLink(deps, ids);
  const choice = await openChoice(deps, link, cookies);
  if (choice !== undefined) {
    return { kind: 'choose', link, businesses: choice.businesses.map(({ id, name }) => ({ id, name })) };
  }
  const consent = await consentOfBrowser(deps, link.connection, cookies);
  if (consent === undefined) throw new LinkFailure('unknownLink');
  const backUrl = lendersPage(link);
  const back = backUrl === undefined ? {} : { backUrl };
  if (link.connection.status !== 'Linked' || consent.withdrawnAt !== null) {
    return { kind: 'ended', link, withdrawn: consent.withdrawnAt !== null, ...back };
  }
  const progress = await progressOf(deps, link);
  const linkedForMs = deps.clock() - (link.connection.linkedAt?.getTime() ?? 0);
  return {
    kind: 'linked',
    link,
    consent,
    progress,
    underWay: linkedForMs < lookAgainForMs && isUnderWay(progress),
    ...back,
  };
}

/** The client's redirect URL told that the connection is linked; undefined when the client has none. */
export function lendersPage({ redirectUrl, connection }: LinkContext): string | undefined {
  if (redirectUrl === null) return undefined;
  const result = {
    companyId: connection.companyId,
    connectionId: connection.id,
    statusCode: 200,
    errorMessage: '',
  };
  return clientRedirect(redirectUrl, result);
}

async function progressOf(
  deps: LinkDependencies,
  { connection, connector }: LinkContext,
): Promise<TypeProgress[]> {
  const dataTypes = [...connector.manifest.dataTypes.keys()];
  const progress = await readProgress(deps.store, connection, dataTypes);
  if (progress.length > 0) return progress;
  // No run at all: the request of the first sync was lost after the consent. Asking again is harmless.
  try {
    await deps.sync.connectionLinked(connection);
  } catch (error) {
    deps.logger.error({ err: error, connectionId: connection.id }, 'the first sync could not be requested');
  }
  return readProgress(deps.store, connection, dataTypes);
}

/**
 * The small business takes its consent back: tokens are dropped, nothing is read any more; what was read stays with the lender.
 * Tokens go first, so that an interruption never leaves access behind a page that says there is none.
 * @throws LinkFailure `unknownLink` for any browser but the one that consented
 */
export async function withdrawConsent(deps: LinkDependencies, ids: Ids, cookies: Cookies): Promise<void> {
  const link = await loadLink(deps, ids);
  const consent = await consentOfBrowser(deps, link.connection, cookies);
  if (consent === undefined) throw new LinkFailure('unknownLink');
  const { id, clientId, companyId } = link.connection;
  await deps.credentials.drop(id);
  await deps.store.prisma.$transaction(async (tx) => {
    const linked = await tx.connection.updateMany({
      where: { id, status: 'Linked' },
      data: { status: 'Unlinked' },
    });
    await tx.connection.updateMany({ where: { id, status: 'Deauthorized' }, data: { status: 'Unlinked' } });
    await tx.consent.updateMany({
      where: { connectionId: id, withdrawnAt: null },
      data: { withdrawnAt: new Date(deps.clock()) },
    });
    if (linked.count === 0) return;
    const scope = { clientId, companyId, connectionId: id };
    await deps.events.connectionChanged(queryableOf(tx), 'connection.disconnected', scope);
  });
  await deps.sync.connectionStopped(link.connection);
  deps.logger.info(
    { connectionId: id, clientId: link.connection.clientId },
    'the small business withdrew its consent',
  );
}
