import { STATUS_CODES } from 'node:http';
import { queryableOf } from '@tributary/store';
import type { LinkDependencies } from './dependencies.ts';
import type { LinkFailure, LinkFailureCode } from './failure.ts';
import { errorMessages, type LinkContext } from './link-context.ts';

/**
 * Status under which the public API shows a failure in `dataConnectionErrors`. A failure that is not here is no property of the
 * connection (an unknown state) or is plain from elsewhere (a disabled integration).
 */
const apiStatuses: Partial<Record<LinkFailureCode, number>> = {
  noApplicationKeys: 409,
  keysRejected: 401,
  accessDenied: 403,
  platformRefused: 400,
  codeRefused: 401,
  platformDown: 502,
  platformBusy: 429,
  noBusiness: 404,
  otherBusiness: 409,
  credentialsRefused: 401,
  accessNotAllowed: 403,
  tooManyAttempts: 429,
};

/** These matter to an operator even while the connection works; the others say nothing about one that is Linked. */
const toldWhileLinked: ReadonlySet<LinkFailureCode> = new Set(['keysRejected', 'otherBusiness']);

/** Writes down why linking stopped, where the lender and the operator look. The same reason again moves the first one's time. */
export async function recordFailure(
  { store, newId, clock, logger, events }: LinkDependencies,
  link: LinkContext,
  failure: LinkFailure,
): Promise<void> {
  const { id: connectionId, clientId, companyId, platformKey, status } = link.connection;
  logger.warn(
    { connectionId, clientId, platformKey, reason: failure.code, err: failure.cause },
    'linking stopped',
  );
  const errorMessage = failure.context.reason ?? errorMessages[failure.code];
  if (failure.code === 'keysRejected') {
    await store.prisma.clientIntegration.updateMany({
      where: { clientId, platformKey },
      data: { alert: errorMessage },
    });
  }
  const apiStatus = apiStatuses[failure.code];
  if (apiStatus === undefined || (status === 'Linked' && !toldWhileLinked.has(failure.code))) return;
  const erroredAt = new Date(clock());
  const same = { connectionId, errorMessage, resolvedAt: null };
  await store.prisma.$transaction(async (tx) => {
    const { count } = await tx.connectionError.updateMany({ where: same, data: { erroredAt } });
    if (count === 0) {
      await tx.connectionError.create({
        data: {
          id: newId(),
          connectionId,
          statusCode: String(apiStatus),
          statusText: STATUS_CODES[apiStatus] ?? '',
          errorMessage,
          erroredAt,
        },
      });
    }
    // Somebody tried to link and could not; a connection that is linked goes on as before.
    if (status === 'Linked') return;
    const scope = { clientId, companyId, connectionId };
    await events.connectionChanged(queryableOf(tx), 'connection.failed', scope);
  });
}
