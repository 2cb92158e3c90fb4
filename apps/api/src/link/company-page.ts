import type { Connector } from '@tributary/connector-kit';
import { queryableOf } from '@tributary/store';
import { type LenderBrand, readBrand } from './branding.ts';
import type { LinkDependencies } from './dependencies.ts';
import { LinkFailure } from './failure.ts';
import { isUuid } from './link-context.ts';

/** A connection of the company, as its page names it. */
export interface KnownConnection {
  readonly connectionId: string;
  readonly businessName: string | null;
  readonly platformKey: string;
  readonly platformName: string;
}

/** What the hosted Link page of a company shows. */
export interface CompanyView {
  readonly companyId: string;
  readonly companyName: string;
  readonly lender: LenderBrand;
  /** Enabled for this client, in the registry's order. */
  readonly platforms: readonly Connector[];
  /** The connection that is Linked, if one is. */
  readonly linked?: KnownConnection;
  /** None is Linked: the one that was last, and whose access has ended since. */
  readonly ended?: KnownConnection;
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
      connections: {
        where: { status: { not: 'PendingAuth' } },
        orderBy: { linkedAt: { sort: 'desc', nulls: 'last' } },
      },
    },
  });
  if (company === null) throw new LinkFailure('unknownLink');
  const known = ({
    id,
    businessName,
    platformKey,
  }: (typeof company.connections)[number]): KnownConnection => ({
    connectionId: id,
    businessName,
    platformKey,
    platformName: connectors.get(platformKey)?.manifest.name ?? platformKey,
  });
  const enabled = new Set(company.client.integrations.map(({ platformKey }) => platformKey));
  const linked = company.connections.find(({ status }) => status === 'Linked');
  const [last] = company.connections;
  return {
    companyId,
    companyName: company.name,
    lender: await readBrand(store, company.client),
    platforms: [...connectors.values()].filter(({ manifest }) => enabled.has(manifest.platformKey)),
    ...(linked !== undefined && { linked: known(linked) }),
    ...(linked === undefined && last !== undefined && { ended: known(last) }),
  };
}

/** Letters and digits only, without case and accents: what somebody types is compared by these. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]/gu, '');

/** Whether a platform is meant by what was typed into the search; anything is, by nothing. */
export function isMeant({ manifest }: Connector, typed: string): boolean {
  return plain(`${manifest.name} ${manifest.word}`).includes(plain(typed));
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
  const { lender } = view;
  const platform = platformKey === undefined ? undefined : deps.connectors.get(platformKey)?.manifest;
  if (platform === undefined) throw new LinkFailure('platformUnknown', { companyId, lender });
  const names = { companyId, lender, platformName: platform.name };
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
