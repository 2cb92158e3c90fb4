import type { ApplicationKeys, Connector, OAuth2Authorization } from '@tributary/connector-kit';
import type { ConnectionRef } from '@tributary/sync';
import { type LenderBrand, readBrand } from './branding.ts';
import { clientRedirect } from './client-redirect.ts';
import type { LinkDependencies } from './dependencies.ts';
import { type FailureContext, failureStatuses, LinkFailure, type LinkFailureCode } from './failure.ts';

/** A connection with everything that its pages show. */
export interface LinkContext {
  readonly connection: ConnectionRef & {
    readonly status: 'PendingAuth' | 'Linked' | 'Unlinked' | 'Deauthorized';
    readonly businessId: string | null;
    readonly businessName: string | null;
    readonly businessChoices: unknown;
    readonly linkedAt: Date | null;
  };
  readonly companyName: string;
  readonly lender: LenderBrand;
  /** The client's own redirect URL, with its placeholders. */
  readonly redirectUrl: string | null;
  readonly connector: Connector;
}

/** A platform that is ready to be authorised. */
export type ReadyPlatform = ReadyOAuth2 | { readonly authorization: 'credentials' };

export interface ReadyOAuth2 {
  readonly authorization: 'oauth2';
  readonly oauth2: OAuth2Authorization;
  readonly keys: ApplicationKeys;
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * Whether a text can be the id of anything; PostgreSQL would refuse others with an error. Ids are case-sensitive, and ours are in
 * lower case, which PostgreSQL would not mind.
 */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** @throws LinkFailure `unknownLink`, whatever part of the pair is wrong */
export async function loadLink(
  { store, connectors }: Pick<LinkDependencies, 'store' | 'connectors'>,
  ids: { companyId: string; connectionId: string },
): Promise<LinkContext> {
  if (!isUuid(ids.companyId) || !isUuid(ids.connectionId)) throw new LinkFailure('unknownLink');
  const row = await store.prisma.connection.findFirst({
    where: { id: ids.connectionId, companyId: ids.companyId },
    include: { company: { include: { client: true } } },
  });
  const connector = row === null ? undefined : connectors.get(row.platformKey);
  if (row === null || connector === undefined) throw new LinkFailure('unknownLink');
  const { company, ...connection } = row;
  return {
    connection,
    companyName: company.name,
    lender: await readBrand(store, company.client),
    redirectUrl: company.client.redirectUrl,
    connector,
  };
}

/** A failure of this connection's journey, with everything that its page can offer. */
export function linkFailure(
  code: LinkFailureCode,
  link: LinkContext,
  extra: FailureContext & { cause?: unknown } = {},
): LinkFailure {
  const { cause, ...context } = extra;
  const { id: connectionId, companyId } = link.connection;
  const backUrl =
    link.redirectUrl === null
      ? undefined
      : clientRedirect(link.redirectUrl, {
          companyId,
          connectionId,
          statusCode: failureStatuses[code],
          errorMessage: errorMessages[code],
        });
  return new LinkFailure(
    code,
    {
      companyId,
      connectionId,
      platformName: link.connector.manifest.name,
      lender: link.lender,
      ...(link.connection.businessName === null ? {} : { businessName: link.connection.businessName }),
      ...(backUrl === undefined ? {} : { backUrl }),
      ...context,
    },
    cause,
  );
}

/**
 * What the lender's systems read (`dataConnectionErrors`, the redirect URL): the same facts as the page, in a sentence for them.
 */
export const errorMessages: Readonly<Record<LinkFailureCode, string>> = {
  unknownLink: 'The link does not exist.',
  platformUnknown: 'The platform is not known.',
  platformNotEnabled: 'The integration is disabled.',
  noApplicationKeys: 'The integration has no application keys.',
  keysRejected: 'The platform rejected the application keys of the integration.',
  methodNotOffered: 'The platform cannot be linked by this link.',
  alreadyLinked: 'Another connection of the company is linked.',
  stateMissing: 'The platform sent the browser back without a state.',
  stateUnknown: 'The platform sent the browser back with an unknown state.',
  stateExpired: 'The authorisation took too long.',
  stateUsed: 'The authorisation was already used.',
  otherBrowser: 'The authorisation came back in another browser.',
  accessDenied: 'Access was denied at the platform.',
  platformRefused: 'The platform refused the authorisation.',
  codeRefused: 'The platform did not accept the authorisation code.',
  platformDown: 'The platform could not be reached while linking.',
  platformBusy: 'The platform limited the rate of requests while linking.',
  noBusiness: 'The authorising user has no business at the platform.',
  otherBusiness: 'Another business than before was authorised; the connection was left as it was.',
  choiceGone: 'The choice of a business came too late.',
  businessNotOffered: 'A business was chosen that the platform had not offered.',
  credentialsRefused: 'The platform did not accept the user name and password.',
  accessNotAllowed: 'The platform does not allow access from here.',
  tooManyAttempts: 'User name and password were tried too often.',
};

/**
 * What is needed to link: to send a browser to the platform and to take it back, or to ask for user name and password.
 * @throws LinkFailure when the connection cannot be linked at the moment
 */
export async function requireReadyPlatform(
  deps: LinkDependencies,
  link: LinkContext,
): Promise<ReadyPlatform> {
  const { connection, connector } = link;
  const { oauth2, credentials } = connector;
  if (oauth2 === undefined && credentials === undefined) throw linkFailure('methodNotOffered', link);
  const integration = await deps.store.prisma.clientIntegration.findUnique({
    where: { clientId_platformKey: { clientId: connection.clientId, platformKey: connection.platformKey } },
    select: { enabled: true },
  });
  if (integration?.enabled !== true) throw linkFailure('platformNotEnabled', link);
  const keys =
    oauth2 && (await deps.credentials.applicationKeys(connection.clientId, connection.platformKey));
  if (oauth2 !== undefined && keys === undefined) throw linkFailure('noApplicationKeys', link);
  const other = await deps.store.prisma.connection.findFirst({
    where: { companyId: connection.companyId, status: 'Linked', id: { not: connection.id } },
    select: { businessName: true },
  });
  if (other !== null) {
    throw linkFailure(
      'alreadyLinked',
      link,
      other.businessName === null ? {} : { businessName: other.businessName },
    );
  }
  return oauth2 === undefined || keys === undefined
    ? { authorization: 'credentials' }
    : { authorization: 'oauth2', oauth2, keys };
}
