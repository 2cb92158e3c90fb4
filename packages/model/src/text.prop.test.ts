import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText } from './index.ts';

const unit = fc.constantFrom('a', '\u0000', '\ud83d', '\ude00', '😀', 'é', '\uffff');
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(unit).map((units) => units.join('')),
);

test('takes out NUL and lone surrogates, keeps all else, and says whether it changed anything', () => {
  fc.assert(
    fc.property(text, (value) => {
      // Reference: a string's iterator yields a lone surrogate as a code point of its own.
      const kept = [...value].filter((character) => {
        const code = character.codePointAt(0) ?? 0;
        return code !== 0 && !(code >= 0xd800 && code <= 0xdfff);
      });
      expect(cleanText(value)).toEqual({ text: kept.join(''), changed: kept.join('') !== value });
    }),
  );
});
