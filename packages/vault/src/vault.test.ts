import { describe, expect, test } from 'vitest';
import { createVault, VaultError, type VaultKey } from './vault.ts';

const oldKey: VaultKey = { id: 'old', key: Buffer.alloc(32, 1) };
const newKey: VaultKey = { id: 'new', key: Buffer.alloc(32, 2) };
const binding = { table: 'credentials', row: '7', client: 'acme' };

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof VaultError) return error.code;
    throw error;
  }
  return 'opened';
}

describe('sealing', () => {
  test('the same text sealed twice looks different, and the text is nowhere in it', () => {
    const vault = createVault([newKey]);
    const first = vault.seal('refresh-token', binding);
    expect(first).not.toBe(vault.seal('refresh-token', binding));
    expect(first).not.toContain('refresh-token');
    expect(first).toMatch(/^v1\.new\.[\w-]+\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
  });

  test('the empty text is kept too', () => {
    const vault = createVault([newKey]);
    expect(vault.open(vault.seal('', binding), binding)).toBe('');
  });
});

describe('opening', () => {
  test.each([
    ['table', { ...binding, table: 'api_keys' }],
    ['row', { ...binding, row: '8' }],
    ['client', { ...binding, client: 'other' }],
  ])('a value moved to another %s does not open', (_part, elsewhere) => {
    const vault = createVault([newKey]);
    expect(codeOf(() => vault.open(vault.seal('secret', binding), elsewhere))).toBe('tampered');
  });

  test('the parts of a place cannot be shifted against each other', () => {
    const vault = createVault([newKey]);
    const sealed = vault.seal('secret', { table: 'ab', row: 'c', client: 'd' });
    expect(codeOf(() => vault.open(sealed, { table: 'a', row: 'bc', client: 'd' }))).toBe('tampered');
  });

  test('a key that is not configured is named', () => {
    const sealed = createVault([oldKey]).seal('secret', binding);
    const vault = createVault([newKey]);
    expect(codeOf(() => vault.open(sealed, binding))).toBe('unknownKey');
    expect(() => vault.open(sealed, binding)).toThrow('old');
  });

  test('another key under the same id is told apart from a changed value', () => {
    const sealed = createVault([oldKey]).seal('secret', binding);
    const vault = createVault([{ id: oldKey.id, key: newKey.key }]);
    expect(codeOf(() => vault.open(sealed, binding))).toBe('wrongKey');
  });

  test('a value relabelled with the id of another configured key does not open', () => {
    const vault = createVault([newKey, oldKey]);
    const relabelled = vault.seal('secret', binding).replace('v1.new.', 'v1.old.');
    expect(codeOf(() => vault.open(relabelled, binding))).toBe('wrongKey');
  });

  test.each(['', 'plain', 'v1.new', 'v2.new.a.b.c.d', 'v1.new.a.b.c.d', 'v1.new.a.b.c.d.e'])(
    '%j is refused as malformed',
    (text) => {
      expect(codeOf(() => createVault([newKey]).open(text, binding))).toBe('malformed');
    },
  );
});

describe('rotation', () => {
  test('what the old key sealed still opens, and asks to be sealed anew by the new one', () => {
    const sealed = createVault([oldKey]).seal('secret', binding);
    const rotated = createVault([newKey, oldKey]);
    expect(rotated.open(sealed, binding)).toBe('secret');
    expect(rotated.needsReseal(sealed)).toBe(true);
    expect(rotated.needsReseal(rotated.seal('secret', binding))).toBe(false);
  });
});

describe('key check', () => {
  test('passes with the key that made it, also after rotation', () => {
    const stored = createVault([oldKey]).makeKeyCheck();
    expect(codeOf(() => createVault([oldKey]).verifyKeyCheck(stored))).toBe('opened');
    expect(codeOf(() => createVault([newKey, oldKey]).verifyKeyCheck(stored))).toBe('opened');
  });

  test('fails at start when the key was lost or replaced', () => {
    const stored = createVault([oldKey]).makeKeyCheck();
    expect(codeOf(() => createVault([newKey]).verifyKeyCheck(stored))).toBe('unknownKey');
    const replaced = createVault([{ id: 'old', key: newKey.key }]);
    expect(codeOf(() => replaced.verifyKeyCheck(stored))).toBe('wrongKey');
  });
});

describe('construction', () => {
  test.each([
    ['no key', []],
    ['a short key', [{ id: 'main', key: Buffer.alloc(16) }]],
    ['an id twice', [oldKey, { ...newKey, id: oldKey.id }]],
    ['an id with a dot', [{ ...newKey, id: 'a.b' }]],
  ])('%s is refused', (_what, keys) => {
    expect(() => createVault(keys)).toThrow(TypeError);
  });
});
