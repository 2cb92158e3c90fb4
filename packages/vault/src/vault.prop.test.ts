import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVault, type VaultBinding, VaultError } from './vault.ts';

const key = { id: 'main', key: randomBytes(32) };
const vault = createVault([key]);

const anyText = fc.string({ unit: 'grapheme' });
const anyBinding: fc.Arbitrary<VaultBinding> = fc.record({ table: anyText, row: anyText, client: anyText });

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof VaultError ? error.code : String(error);
  }
  return 'opened';
}

test('whatever text is sealed comes back exactly, in its own place', () => {
  fc.assert(
    fc.property(anyText, anyBinding, (text, binding) => {
      expect(vault.open(vault.seal(text, binding), binding)).toBe(text);
    }),
  );
});

test('a value opens in no other place', () => {
  fc.assert(
    fc.property(anyText, anyBinding, anyBinding, (text, binding, other) => {
      fc.pre(JSON.stringify(binding) !== JSON.stringify(other));
      expect(codeOf(() => vault.open(vault.seal(text, binding), other))).toBe('tampered');
    }),
  );
});

test('no single changed byte of nonce, ciphertext or tag goes unnoticed', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      anyBinding,
      fc.integer({ min: 3, max: 5 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (text, binding, part, position, difference) => {
        const parts = vault.seal(text, binding).split('.');
        const bytes = Buffer.from(parts[part] ?? '', 'base64url');
        const index = position % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(index) ^ difference, index);
        parts[part] = bytes.toString('base64url');
        expect(codeOf(() => vault.open(parts.join('.'), binding))).toBe('tampered');
      },
    ),
  );
});

test('text that no vault made is refused as such, never with another error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        anyText.map((text) => `v1.main.${text}`),
      ),
      anyBinding,
      (text, binding) => {
        expect(['malformed', 'wrongKey', 'unknownKey']).toContain(codeOf(() => vault.open(text, binding)));
      },
    ),
  );
});
