import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** A key of the vault: `id` is written beside what it sealed, `key` is 32 bytes (AES-256). */
export interface VaultKey {
  id: string;
  key: Buffer;
}

/**
 * Where a sealed value lives. It is authenticated with the value, so that a value copied to another row, table
 * or client does not open there.
 */
export interface VaultBinding {
  table: string;
  row: string;
  /** The client (tenant) that the value belongs to. */
  client: string;
}

/**
 * Why a value did not open.
 * - `malformed`: it was not made by a vault.
 * - `unknownKey`: it was sealed by a key whose id is not configured.
 * - `wrongKey`: a key of that id is configured, yet it is another key.
 * - `tampered`: it was changed, or it belongs to another table, row or client.
 */
export type VaultErrorCode = 'malformed' | 'unknownKey' | 'wrongKey' | 'tampered';

/** A sealed value could not be opened. The message holds key ids and places only, no secret. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Seals and opens secrets with AES-256-GCM. */
export interface Vault {
  /** Encrypts with the first key. The result is ASCII: `v1.keyId.commitment.nonce.ciphertext.tag`, base64url. */
  seal(plaintext: string, binding: VaultBinding): string;
  /** @throws {VaultError} */
  open(sealed: string, binding: VaultBinding): string;
  /** Whether a value was sealed by another key than the first, and should be sealed anew. */
  needsReseal(sealed: string): boolean;
  /** A value to store once; {@link verifyKeyCheck} opens it at every start, so that a wrong key is noticed then. */
  makeKeyCheck(): string;
  /** @throws {VaultError} `unknownKey` or `wrongKey` when the stored data cannot be read with the keys given. */
  verifyKeyCheck(stored: string): void;
}

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const commitmentBytes = 8;
const keyCheckText = 'tributary key check';
const keyCheckBinding: VaultBinding = { table: 'key-check', row: 'key-check', client: 'none' };

interface Sealed {
  keyId: string;
  commitment: string;
  nonce: Buffer;
  ciphertext: Buffer;
  tag: Buffer;
}

/**
 * A short public mark of a key. GCM alone cannot tell a wrong key from a changed value (and one value can open
 * under two keys); with the mark, replacing a key under its old id is reported as what it is.
 */
function commitmentOf(key: Buffer): string {
  const mark = createHmac('sha256', key).update('tributary vault key commitment').digest();
  return mark.subarray(0, commitmentBytes).toString('base64url');
}

/** JSON of an array keeps the parts apart whatever characters they hold. */
function associatedData(keyId: string, binding: VaultBinding): Buffer {
  return Buffer.from(JSON.stringify([version, keyId, binding.table, binding.row, binding.client]));
}

function parse(sealed: string): Sealed {
  const [foundVersion, keyId, commitment, nonce, ciphertext, tag, ...rest] = sealed.split('.');
  const complete = keyId && commitment && nonce && ciphertext !== undefined && tag && rest.length === 0;
  if (foundVersion !== version || !complete) throw malformed();
  const parts = {
    keyId,
    commitment,
    nonce: Buffer.from(nonce, 'base64url'),
    ciphertext: Buffer.from(ciphertext, 'base64url'),
    tag: Buffer.from(tag, 'base64url'),
  };
  if (parts.nonce.length !== nonceBytes || parts.tag.length !== tagBytes) throw malformed();
  return parts;
}

function malformed(): VaultError {
  return new VaultError('malformed', 'The value was not sealed by this vault.');
}

function checkKeys(keys: readonly VaultKey[]): void {
  for (const { id, key } of keys) {
    if (!/^[\w-]+$/.test(id)) throw new TypeError('A key id has letters, digits, _ and - only.');
    if (key.length !== keyBytes) throw new TypeError(`The key ${id} is not ${keyBytes} bytes long.`);
  }
  if (new Set(keys.map(({ id }) => id)).size !== keys.length) throw new TypeError('A key id stands twice.');
}

/**
 * Makes a vault from its keys: the first seals, all open.
 * @param randomNonce source of 12 random bytes; given in tests only, for a repeated nonce breaks GCM.
 * @throws {TypeError} when there is no key, or one is not 32 bytes, or an id stands twice.
 */
export function createVault(
  keys: readonly VaultKey[],
  randomNonce: () => Buffer = () => randomBytes(nonceBytes),
): Vault {
  const first = keys[0];
  if (!first) throw new TypeError('A vault needs at least one key.');
  checkKeys(keys);
  const keyring = new Map(
    keys.map((entry) => [entry.id, { key: entry.key, commitment: commitmentOf(entry.key) }]),
  );

  const { id, key } = first;

  function seal(plaintext: string, binding: VaultBinding): string {
    const nonce = randomNonce();
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(associatedData(id, binding));
    const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    const encoded = [nonce, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
    return [version, id, commitmentOf(key), ...encoded].join('.');
  }

  function open(sealed: string, binding: VaultBinding): string {
    const { keyId, commitment, nonce, ciphertext, tag } = parse(sealed);
    const entry = keyring.get(keyId);
    if (!entry) throw new VaultError('unknownKey', `The encryption key ${keyId} is not configured.`);
    if (entry.commitment !== commitment) {
      throw new VaultError('wrongKey', `The encryption key ${keyId} is not the one that sealed this value.`);
    }
    const decipher = createDecipheriv('aes-256-gcm', entry.key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(associatedData(keyId, binding));
    decipher.setAuthTag(tag);
    try {
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
    } catch {
      throw new VaultError('tampered', `A sealed value of ${binding.table} was changed or moved.`);
    }
  }

  return {
    seal,
    open,
    needsReseal: (sealed) => parse(sealed).keyId !== id,
    makeKeyCheck: () => seal(keyCheckText, keyCheckBinding),
    verifyKeyCheck: (stored) => {
      open(stored, keyCheckBinding);
    },
  };
}
