import { z } from 'zod';

/** How one variable is read: `parse` returns the value, or a `Wrong` with what is the matter. */
interface VariableRule<Value> {
  parse(raw: string): Value | Wrong;
  /** What the operator should write instead; ends the error line. */
  put: string;
  /** A secret's value never appears in an error line. */
  secret?: boolean;
}

class Wrong {
  readonly what: string;
  constructor(what: string) {
    this.what = what;
  }
}

const longestShownValue = 60;

function shown(raw: string): string {
  return JSON.stringify(raw.length > longestShownValue ? `${raw.slice(0, longestShownValue)}…` : raw);
}

function variable<Value>(rule: VariableRule<Value>) {
  return z.string({ error: `is not set; put ${rule.put}` }).transform((raw, context) => {
    const value = rule.parse(raw.trim());
    if (!(value instanceof Wrong)) return value;
    const subject = rule.secret ? 'its value' : shown(raw);
    context.addIssue({ code: 'custom', message: `${subject} ${value.what}; put ${rule.put}` });
    return z.NEVER;
  });
}

/** A number within bounds, both allowed; `whole` refuses fractions. */
export function number(options: { minimum: number; maximum: number; whole?: boolean }) {
  const { minimum, maximum, whole = false } = options;
  return variable({
    put: `a ${whole ? 'whole number' : 'number'} from ${minimum} to ${maximum}`,
    parse: (raw) => {
      if (!/^-?\d+(\.\d+)?$/.test(raw)) return new Wrong('is not a number');
      const value = Number(raw);
      if (whole && !Number.isSafeInteger(value)) return new Wrong('is not a whole number');
      if (value < minimum || value > maximum) return new Wrong('is out of range');
      return value;
    },
  });
}

/** A TCP port. */
export function port() {
  return number({ minimum: 1, maximum: 65_535, whole: true });
}

/** `true` or `false`. */
export function flag() {
  return variable({
    put: 'true or false',
    parse: (raw) => {
      const word = raw.toLowerCase();
      if (word === 'true' || word === '1') return true;
      if (word === 'false' || word === '0') return false;
      return new Wrong('is neither true nor false');
    },
  });
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]) {
  return variable({
    put: `one of ${words.join(', ')}`,
    parse: (raw) => words.find((word) => word === raw.toLowerCase()) ?? new Wrong('is not a known value'),
  });
}

/** Text as it stands, without the spaces around it. */
export function text(put: string) {
  return variable({ put, parse: (raw) => raw });
}

/** Text that never appears in an error line. */
export function secret(put: string) {
  return variable({ put, secret: true, parse: (raw) => raw });
}

function parseUrl(raw: string, protocols: readonly string[]): URL | Wrong {
  const url = URL.parse(raw);
  if (!url) return new Wrong('is not a URL');
  if (!protocols.includes(url.protocol))
    return new Wrong(`does not start with ${protocols.join('// or ')}//`);
  if (url.hostname === '' && url.searchParams.get('host') === null) return new Wrong('names no host');
  return url;
}

/** An http(s) base URL, without its trailing slash. */
export function webUrl(example: string) {
  return variable({
    put: `an http or https URL, such as ${example}`,
    parse: (raw) => {
      const url = parseUrl(raw, ['http:', 'https:']);
      if (url instanceof Wrong) return url;
      if (url.username || url.password) return new Wrong('holds a user name or password');
      if (url.search || url.hash) return new Wrong('has a query or a fragment');
      return raw.replace(/\/+$/, '');
    },
    // A refused URL can be one with a password in it.
    secret: true,
  });
}

/** An http(s) origin: scheme, host and port, no path. */
export function origin(example: string) {
  return variable({
    put: `scheme, host and port alone, such as ${example}`,
    parse: (raw) => {
      const url = parseUrl(raw, ['http:', 'https:']);
      if (url instanceof Wrong) return url;
      const rest = `${url.username}${url.password}${url.pathname}${url.search}${url.hash}`;
      return rest === '/' ? url.origin : new Wrong('is more than an origin');
    },
    secret: true,
  });
}

/** A connection string; as it can hold a password it never appears in an error line. */
export function connectionUrl(protocols: readonly string[], example: string) {
  return variable({
    put: `a connection string, such as ${example}`,
    secret: true,
    parse: (raw) => {
      const url = parseUrl(raw, protocols);
      return url instanceof Wrong ? url : raw;
    },
  });
}

/** A key of the vault. `id` is stored beside what it encrypted; `key` is 32 bytes for AES-256. */
export interface EncryptionKey {
  id: string;
  key: Buffer;
}

const encryptionKeyBytes = 32;

function parseEncryptionKey(entry: string): EncryptionKey | Wrong {
  const separator = entry.indexOf(':');
  if (separator < 1) return new Wrong('has an entry without keyId:');
  const id = entry.slice(0, separator).trim();
  if (!/^[\w-]{1,64}$/.test(id)) return new Wrong('has a key id with other than letters, digits, _ and -');
  const encoded = entry.slice(separator + 1).trim();
  const key = Buffer.from(encoded, 'base64');
  const canonical = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded);
  if (!canonical || key.length !== encryptionKeyBytes)
    return new Wrong(`has a key (${id}) that is not 32 bytes`);
  return { id, key };
}

/** Encryption keys, separated by commas, each an id and 32 bytes in base64. New values are sealed with the one in front. */
export function encryptionKeys() {
  return variable<EncryptionKey[]>({
    put: 'keyId:base64 of 32 random bytes, such as main:$(openssl rand -base64 32)',
    secret: true,
    parse: (raw) => {
      const keys: EncryptionKey[] = [];
      for (const entry of raw.split(',')) {
        const key = parseEncryptionKey(entry.trim());
        if (key instanceof Wrong) return key;
        if (keys.some((other) => other.id === key.id)) return new Wrong(`has the key id ${key.id} twice`);
        keys.push(key);
      }
      return keys;
    },
  });
}

/** An API key chosen by the operator. It travels in `Authorization: Basic`, where a colon would end it. */
export function apiKey() {
  return variable({
    put: '16 or more random letters and digits',
    secret: true,
    parse: (raw) => {
      if (!/^[!-9;-~]+$/.test(raw)) return new Wrong('has spaces, colons or letters beyond ASCII');
      return raw.length < 8 ? new Wrong('is shorter than 8 characters') : raw;
    },
  });
}

/** `email:password` of a person. */
export function emailAndPassword() {
  return variable({
    put: 'email:password, such as owner@example.com:a-long-password',
    secret: true,
    parse: (raw) => {
      const match = /^([^\s:@]+@[^\s:@]+):(.+)$/.exec(raw);
      const [, email, password] = match ?? [];
      return email && password ? { email, password } : new Wrong('is not email:password');
    },
  });
}
