import type { Business, TokenSet } from '@tributary/connector-kit';
import { queryableOf } from '@tributary/store';
import { type ConnectionRef, effectiveSettings } from '@tributary/sync';
import { consentPageVersion } from './data-descriptions.ts';
import type { LinkDependencies } from './dependencies.ts';
import { type LinkContext, linkFailure } from './link-context.ts';
import { journeyOfChoice } from './pending-choice.ts';

/** Accepts a business for a connection. */
export type CompleteLink = (request: {
  readonly link: LinkContext;
  readonly tokens: TokenSet;
  readonly business: Business;
  /** The chooser that the business was chosen in; it must still be open. */
  readonly choiceOf?: string;
  /** Names the request in logs; the first sync carries it on. */
  readonly traceId: string;
}) => Promise<{ consentId: string }>;

/** A first sync that could not be requested becomes due by itself after this long. */
const firstSyncFallbackMs = 60_000;

const transactionLimits = { maxWait: 5_000, timeout: 15_000 };

/**
 * The last step of linking: tokens, status, business and consent become true together, under a lock on the company, because two
 * journeys may end at once. One business per connection for ever, and one Linked connection per company, are decided here.
 *
 * The tokens are saved while the transaction is open, on a connection of their own to the database, so that a refused business
 * never replaces tokens in use; the queue of one in front of it keeps many callbacks from holding every database connection while
 * each waits for a second.
 */
export function createLinkCompletion(deps: LinkDependencies): CompleteLink {
  let last: Promise<unknown> = Promise.resolve();
  return async (request) => {
    const done = last.then(() => complete(deps, request));
    last = done.catch(() => undefined);
    const result = await done;
    await startFirstSync(deps, request.link.connection, request.traceId);
    return result;
  };
}

async function complete(
  deps: LinkDependencies,
  { link, tokens, business, choiceOf }: Parameters<CompleteLink>[0],
): Promise<{ consentId: string }> {
  const { id, clientId, companyId } = link.connection;
  const dataTypes = [...link.connector.manifest.dataTypes.keys()];
  const settings = await effectiveSettings(deps.store, link.connection, dataTypes);
  const fetched = settings.filter((setting) => setting.fetchOnFirstLink).map((setting) => setting.dataType);
  return deps.store.prisma.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM companies WHERE id = ${companyId}::uuid FOR NO KEY UPDATE`;
    // Before the connection, as everybody locks them (see datasets.ts of the store).
    await tx.$queryRaw`SELECT 1 FROM datasets WHERE company_id = ${companyId}::uuid AND connection_id = ${id}::uuid
      ORDER BY data_type FOR UPDATE`;
    const current = await tx.connection.findUnique({ where: { id } });
    if (current === null) throw linkFailure('unknownLink', link);
    if (choiceOf !== undefined && journeyOfChoice(current.businessChoices) !== choiceOf) {
      throw linkFailure('choiceGone', link);
    }
    if (current.businessId !== null && current.businessId !== business.id) {
      throw linkFailure('otherBusiness', link, { offeredName: business.name });
    }
    const other = await tx.connection.findFirst({ where: { companyId, status: 'Linked', id: { not: id } } });
    if (other !== null) throw linkFailure('alreadyLinked', link, nameOf(other));

    await deps.credentials.save(link.connection, tokens);
    const now = new Date(deps.clock());
    await tx.connection.update({
      where: { id },
      data: {
        status: 'Linked',
        businessId: business.id,
        businessName: business.name,
        connectionInfo: { ...business.info },
        linkedAt: now,
        ...(current.linkedAt === null && { awaitedTypes: fetched }),
      },
    });
    await tx.$executeRaw`UPDATE connections SET business_choices = NULL WHERE id = ${id}::uuid`;
    await tx.connectionError.updateMany({
      where: { connectionId: id, resolvedAt: null },
      data: { resolvedAt: now },
    });
    const consent = await tx.consent.create({
      data: {
        id: deps.newId(),
        clientId,
        companyId,
        connectionId: id,
        pageVersion: consentPageVersion,
        dataTypes,
        agreedAt: now,
      },
    });
    // Due soon from the moment the link is true: should the request below never be made, the schedule makes up for it.
    const nextRunAt = new Date(now.getTime() + firstSyncFallbackMs);
    await tx.dataset.createMany({
      data: dataTypes.map((dataType) => ({ clientId, companyId, connectionId: id, dataType })),
      skipDuplicates: true,
    });
    await tx.dataset.updateMany({
      where: { connectionId: id, dataType: { in: fetched } },
      data: { nextRunAt },
    });
    if (current.status !== 'Linked') {
      const eventType = current.linkedAt === null ? 'connection.connected' : 'connection.reconnected';
      const scope = { clientId, companyId, connectionId: id };
      await deps.events.connectionChanged(queryableOf(tx), eventType, scope);
    }
    return { consentId: consent.id };
  }, transactionLimits);
}

function nameOf({ businessName }: { businessName: string | null }): { businessName?: string } {
  return businessName === null ? {} : { businessName };
}

/** The link stands whether or not this succeeds: the data types are due within a minute all the same. */
async function startFirstSync(
  deps: LinkDependencies,
  connection: ConnectionRef,
  traceId: string,
): Promise<void> {
  try {
    await deps.sync.connectionLinked(connection, traceId);
  } catch (error) {
    deps.logger.error({ err: error, connectionId: connection.id }, 'the first sync could not be requested');
  }
}
