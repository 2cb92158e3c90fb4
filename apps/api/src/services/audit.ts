/** What of a request goes into the log of changes. Pure. */
import type { AuditTarget } from '@tributary/store';

/** A request as its route sees it. */
interface AuditedRequest {
  /** The route's own: `/companies/:companyId`. */
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** Members of the body whose values may be read by whoever reads the log. */
  readonly shown: readonly string[];
}

/** What path parameters name. */
const namedByParameter: Readonly<Record<string, string>> = {
  companyId: 'company',
  connectionId: 'connection',
  webhookId: 'webhook',
  deliveryId: 'webhookDelivery',
  apiKeyId: 'apiKey',
  platformKey: 'integration',
  datasetId: 'pullOperation',
  pushOperationKey: 'pushOperation',
  userId: 'portalUser',
  invitationId: 'portalInvitation',
};

/** What is made below a path that ends so; the answer tells its id. */
const madeBelow: Readonly<Record<string, string>> = {
  companies: 'company',
  connections: 'connection',
  webhooks: 'webhook',
  apiKeys: 'apiKey',
  invitations: 'portalInvitation',
};

const mostMembers = 50;
const longestText = 300;

/** What is changed, as far as the request tells: the last thing that the path names, or the place that it ends in. */
export function targetOf({ path, params }: Pick<AuditedRequest, 'path' | 'params'>): AuditTarget {
  const name = Object.keys(params).findLast((parameter) => parameter in namedByParameter);
  if (name !== undefined) return { type: namedByParameter[name] ?? name, id: shortText(params[name]) };
  return { type: lastPart(path) };
}

/** What was made, as the answer tells it; undefined when nothing was. */
export function madeTarget(path: string, answer: unknown): AuditTarget | undefined {
  const type = madeBelow[lastPart(path)];
  if (type === undefined || typeof answer !== 'object' || answer === null || !('id' in answer))
    return undefined;
  return { type, id: shortText(answer.id) };
}

/** Where it was changed, which members were sent, and the values of those that may be shown. */
export function detailOf({ params, body, shown }: AuditedRequest): Record<string, unknown> | undefined {
  const members = typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {};
  const names = Object.keys(members).slice(0, mostMembers).map(shortText);
  const values = Object.entries(members).filter(([name, value]) => shown.includes(name) && isPlain(value));
  const detail = {
    ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shortText(value)])),
    ...(names.length > 0 && { members: names }),
    ...(values.length > 0 && {
      values: Object.fromEntries(values.map(([name, value]) => [name, shortened(value)])),
    }),
  };
  return Object.keys(detail).length === 0 ? undefined : detail;
}

function lastPart(path: string): string {
  return path.split('/').findLast((part) => part !== '' && !part.startsWith(':')) ?? '';
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function shortened(value: unknown): unknown {
  return typeof value === 'string' ? shortText(value) : value;
}

/** Text that PostgreSQL stores, of bounded length. */
function shortText(value: unknown): string {
  return String(value).slice(0, longestText).toWellFormed().replaceAll('\u0000', '');
}
