/** What stands in a log line in place of a secret. */
export const redacted = '[redacted]';

/** Names of members that hold secrets, compared without case, `-` and `_`. */
const secretNames = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'apikey',
  'xapikey',
  'bootstrapapikey',
  'secret',
  'clientsecret',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'password',
  'currentpassword',
  'newpassword',
  'csrftoken',
  'xcsrftoken',
  'bootstrapportaluser',
  'credentials',
  'encryptionkeys',
  'privatekey',
  'databaseurl',
  'redisurl',
  'state',
  'code',
]);

/** `code` and `state` are secrets in a query string only: as members they are error codes and run states. */
const queryOnlyNames = new Set(['code', 'state']);

const deepestLevel = 8;

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}

function isSecretMember(name: string): boolean {
  const plain = plainName(name);
  return secretNames.has(plain) && !queryOnlyNames.has(plain);
}

const schemeThenCredential = /\b(Bearer|Basic)\s+[\w+/=.~-]{6,}/gi;
const urlPassword = /\b([a-z][a-z\d+.-]*:\/\/[^\s:/?#@]*):[^\s/?#@]+@/gi;
/** Links to invitations carry their secret in the path. */
const invitation = /(\/portal\/invitations\/)[\w%-]{16,}/gi;
const queryParameter = /([?&])([^=&#\s]+)=([^&#\s"']+)/g;

/** Takes credentials out of free text: `Bearer …`, `Basic …`, passwords in URLs, secret query parameters, tokens of invitations. */
export function redactText(text: string): string {
  return text
    .replaceAll(schemeThenCredential, `$1 ${redacted}`)
    .replaceAll(invitation, `$1${redacted}`)
    .replaceAll(urlPassword, `$1:${redacted}@`)
    .replaceAll(queryParameter, (whole, mark: string, name: string) =>
      secretNames.has(plainName(name)) ? `${mark}${name}=${redacted}` : whole,
    );
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * A copy of `value` without secrets, at any depth. Of an instance of a class only the class is told, for nobody
 * knows what it holds: a database error, for one, carries the whole connection. Dates and URLs are texts.
 */
export function redact(value: unknown, level = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (level > deepestLevel) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redact(item, level + 1));
  if (isPlainObject(value)) return redactMembers(value as Record<string, unknown>, level);
  if (value instanceof Date) return value;
  if (value instanceof URL) return redactText(value.href);
  return value instanceof Error ? redactText(value.message) : `[${value.constructor.name}]`;
}

/** {@link redact} for the members of one object. */
export function redactMembers(members: Record<string, unknown>, level = 0): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    const hide = value !== undefined && value !== null && isSecretMember(name);
    result[name] = hide ? redacted : redact(value, level + 1);
  }
  return result;
}
