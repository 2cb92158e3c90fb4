import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keptSecret, makeEncryptionKeys } from './secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a secret is made once and stays the same', () => {
  expect(keptSecret(folder, 'api-key', () => 'first')).toBe('first');
  expect(keptSecret(folder, 'api-key', () => 'second')).toBe('first');
  expect(readdirSync(folder)).toEqual(['api-key']);
});

test('only its owner can read it, also after somebody loosened that', () => {
  keptSecret(folder, 'api-key', () => 'first');
  chmodSync(join(folder, 'api-key'), 0o644);
  keptSecret(folder, 'api-key', () => 'second');
  expect(statSync(join(folder, 'api-key')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'api-key'), 'utf8')).toBe('first\n');
});

test('a new encryption key is 32 random bytes', () => {
  const [id, encoded = ''] = makeEncryptionKeys().split(':');
  expect(id).toBe('main');
  expect(Buffer.from(encoded, 'base64')).toHaveLength(32);
  expect(makeEncryptionKeys()).not.toBe(makeEncryptionKeys());
});
