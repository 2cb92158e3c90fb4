import type { Connector } from '@tributary/connector-kit';
import { instant } from '@tributary/model';
import type { ConnectionFacts } from '@tributary/store';

/** Where a small business starts to authorise one connection. */
export function connectionLinkUrl(
  publicUrl: string,
  connection: { readonly id: string; readonly companyId: string },
): string {
  return `${publicUrl}/link/companies/${connection.companyId}/connections/${connection.id}/start`;
}

/** A connection as the public API and its events show it. */
export function connectionView(
  row: ConnectionFacts,
  context: { publicUrl: string; connectors: ReadonlyMap<string, Connector> },
) {
  const manifest = context.connectors.get(row.platformKey)?.manifest;
  if (manifest === undefined)
    throw new Error(`connection ${row.id} is of a platform that is not built in: ${row.platformKey}`);
  const info = textsOf(row.connectionInfo);
  return {
    id: row.id,
    integrationId: manifest.integrationId,
    integrationKey: manifest.platformKey,
    sourceId: manifest.sourceId,
    sourceType: manifest.sourceType,
    platformName: manifest.name,
    linkUrl: connectionLinkUrl(context.publicUrl, row),
    status: row.status,
    created: instant(row.createdAt),
    ...(row.lastSyncAt !== null && { lastSync: instant(row.lastSyncAt) }),
    ...(row.errors.length > 0 && { dataConnectionErrors: row.errors.map(problemView) }),
    ...(Object.keys(info).length > 0 && { connectionInfo: info }),
  };
}

function problemView(problem: ConnectionFacts['errors'][number]) {
  const { statusCode, statusText, errorMessage, erroredAt, resolvedAt } = problem;
  return {
    statusCode,
    statusText,
    errorMessage,
    erroredOnUtc: instant(erroredAt),
    status: resolvedAt === null ? ('Active' as const) : ('Resolved' as const),
    ...(resolvedAt !== null && { resolvedOnUtc: instant(resolvedAt) }),
  };
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}
