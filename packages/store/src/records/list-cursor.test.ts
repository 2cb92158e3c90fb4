import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CursorError,
  cursorBinding,
  decodeCursor,
  encodeCursor,
  MAX_CURSOR_VALUE_LENGTH,
} from './list-cursor.ts';

const binding = cursorBinding(['invoices', 'connection', '', '', 100, 2]);

describe('a cursor', () => {
  test('reads back as the position that it was made of', () => {
    const value = fc.option(fc.string({ unit: 'binary', maxLength: MAX_CURSOR_VALUE_LENGTH }));
    fc.assert(
      fc.property(fc.nat(), value, (number, text) => {
        const position = { seq: String(number), value: text };
        const wellFormed = { ...position, value: text?.toWellFormed() ?? null };
        expect(decodeCursor(encodeCursor(binding, wellFormed) ?? '', binding, true)).toEqual(wellFormed);
      }),
    );
    expect(decodeCursor(encodeCursor(binding, { seq: '7' }) ?? '', binding, false)).toEqual({ seq: '7' });
  });

  test('is refused for another list, another page and another kind of order', () => {
    const cursor = encodeCursor(binding, { seq: '7' }) ?? '';
    for (const parts of [
      ['bills', 'connection', '', '', 100, 2],
      ['invoices', 'other', '', '', 100, 2],
      ['invoices', 'connection', 'status="Paid"', '', 100, 2],
      ['invoices', 'connection', '', '', 99, 2],
      ['invoices', 'connection', '', '', 100, 3],
    ]) {
      expect(() => decodeCursor(cursor, cursorBinding(parts), false)).toThrow(CursorError);
    }
    expect(() => decodeCursor(cursor, binding, true)).toThrow(CursorError);
  });

  test('that is malformed raises CursorError and nothing else', () => {
    const members = fc.array(fc.oneof(fc.constant(binding), fc.string(), fc.integer(), fc.constant(null)), {
      maxLength: 4,
    });
    const forged = members.map((fields) => Buffer.from(JSON.stringify(fields)).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), forged), fc.boolean(), (cursor, hasValue) => {
        try {
          expect(decodeCursor(cursor, binding, hasValue).seq).toMatch(/^[0-9]+$/);
        } catch (error) {
          expect(error).toBeInstanceOf(CursorError);
        }
      }),
    );
  });

  test('is not made of a value that is too long for a link', () => {
    expect(
      encodeCursor(binding, { seq: '1', value: 'x'.repeat(MAX_CURSOR_VALUE_LENGTH + 1) }),
    ).toBeUndefined();
  });
});
