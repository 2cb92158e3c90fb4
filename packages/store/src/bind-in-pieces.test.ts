import fc from 'fast-check';
import { serialize } from 'pg-protocol';
import { expect, it } from 'vitest';
import { bindInPieces, hasLargeValue } from './bind-in-pieces.ts';

const valueMapper = (value: unknown) => value as string | Buffer | null;
const largeBytes = fc.integer({ min: 65_536, max: 70_000 }).map((length) => Buffer.alloc(length, 'ü'));
const value = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'grapheme' }).map((text) => text.toWellFormed()),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  largeBytes,
);

it('is the message that the driver would send', () => {
  const name = fc.string({ unit: 'grapheme-ascii' }).map((text) => text.replaceAll('\0', ''));
  fc.assert(
    fc.property(
      fc.record({ portal: name, statement: name, values: fc.array(value), binary: fc.boolean() }),
      (config) => {
        const pieces = bindInPieces({ ...config, valueMapper });
        expect(Buffer.concat(pieces).equals(serialize.bind(config))).toBe(true);
      },
    ),
  );
});

it('holds large parameters themselves, and is meant for them', () => {
  const large = Buffer.alloc(65_536);
  const config = { values: ['a', large, Buffer.from('b'), large], valueMapper };
  expect(bindInPieces(config).filter((piece) => piece === large)).toHaveLength(2);
  expect(hasLargeValue(config)).toBe(true);
  expect(hasLargeValue({ values: ['x'.repeat(100_000), Buffer.alloc(65_535)], valueMapper })).toBe(false);
});
