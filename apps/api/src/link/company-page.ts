import type { Connector } from '@tributary/connector-kit';
import { queryableOf } from '@tributary/store';
import type { LinkDependencies } from './dependencies.ts';
import { LinkFailure } from './failure.ts';
import { isUuid } from './link-context.ts';

/** What the hosted Link page of a company shows. */
export interface CompanyView {
  readonly companyId: string;
  readonly companyName: string;
  readonly lenderName: string;
  /** Enabled for this client, in the registry's order. */
  readonly platforms: readonly Connector[];
  /** The connection that is Linked, if one is. */
  readonly linked?: {
    readonly connectionId: string;
    readonly businessName: string | null;
    readonly platformName: string;
  };
}

/** @throws LinkFailure `unknownLink` */
export async function viewCompany(
  { store, connectors }: Pick<LinkDependencies, 'store' | 'connectors'>,
  companyId: string,
): Promise<CompanyView> {
  if (!isUuid(companyId)) throw new LinkFailure('unknownLink');
  const company = await store.prisma.company.findUnique({
    where: { id: companyId },
    include: {
      client: { include: { integrations: { where: { enabled: true }, select: { platformKey: true } } } },
      connections: { where: { status: 'Linked' }, orderBy: { linkedAt: 'asc' }, take: 1 },
    },
  });
  if (company === null) throw new LinkFailure('unknownLink');
  const enabled = new Set(company.client.integrations.map(({ platformKey }) => platformKey));
  const [linked] = company.connections;
  return {
    companyId,
    companyName: company.name,
    lenderName: company.client.name,
    platforms: [...connectors.values()].filter(({ manifest }) => enabled.has(manifest.platformKey)),
    ...(linked === undefined
      ? {}
      : {
          linked: {
            connectionId: linked.id,
            businessName: linked.businessName,
            platformName: connectors.get(linked.platformKey)?.manifest.name ?? linked.platformKey,
          },
        }),
  };
}

/**
 * The connection of a company to the platform that the small business picked: the one it has already (so that its data and its
 * business stay with it), else a new one, which makes the company `PendingAuth`.
 * @throws LinkFailure
 */
export async function choosePlatform(
  deps: LinkDependencies,
  companyId: string,
  platformKey: string | undefined,
): Promise<{ connectionId: string }> {
  const view = await viewCompany(deps, companyId);
  const { lenderName } = view;
  const platform = platformKey === undefined ? undefined : deps.connectors.get(platformKey)?.manifest;
  if (platform === undefined) throw new LinkFailure('platformUnknown', { companyId, lenderName });
  const names = { companyId, lenderName, platformName: platform.name };
  if (!view.platforms.some(({ manifest }) => manifest === platform))
    throw new LinkFailure('platformNotEnabled', names);
  return deps.store.prisma.$transaction(async (tx) => {
    // A form that is sent twice must not make two connections.
    const [company] = await tx.$queryRaw<{ client_id: string }[]>`
      SELECT client_id FROM companies WHERE id = ${companyId}::uuid FOR NO KEY UPDATE`;
    if (company === undefined) throw new LinkFailure('unknownLink');
    const connections = await tx.connection.findMany({
      where: { companyId },
      orderBy: [{ linkedAt: { sort: 'desc', nulls: 'last' } }, { createdAt: 'asc' }],
    });
    const linked = connections.find(({ status }) => status === 'Linked');
    if (linked !== undefined) {
      const { businessName } = linked;
      throw new LinkFailure('alreadyLinked', {
        ...names,
        ...(businessName === null ? {} : { businessName }),
      });
    }
    const known = connections.find((connection) => connection.platformKey === platform.platformKey);
    if (known !== undefined) return { connectionId: known.id };
    const created = await tx.connection.create({
      data: {
        id: deps.newId(),
        clientId: company.client_id,
        companyId,
        platformKey: platform.platformKey,
        createdAt: new Date(deps.clock()),
      },
    });
    const scope = { clientId: company.client_id, companyId, connectionId: created.id };
    await deps.events.connectionChanged(queryableOf(tx), 'connection.created', scope);
    return { connectionId: created.id };
  });
}
