import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonMemberText, splitJsonArray, splitJsonElements } from './json-text.ts';

const element = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.record({ id: fc.integer(), text: fc.string() }),
);

test('an array that was joined from any JSON comes apart into the same texts, whatever blanks stand between', () => {
  fc.assert(
    fc.property(fc.array(element), fc.constantFrom('', ' ', '\n\t '), (values, blank) => {
      const texts = values.map((value) => JSON.stringify(value));
      expect(splitJsonArray(`${blank}[${blank}${texts.join(`${blank},${blank}`)}${blank}]${blank}`)).toEqual(
        texts,
      );
    }),
  );
});

test('a member found in the text is the member that parsing finds', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), element), element, (members, value) => {
      const object = JSON.stringify({ ...members, wanted: value });
      expect(jsonMemberText(object, 'wanted')).toBe(JSON.stringify(value));
    }),
  );
});

test('taken apart with a member of each element, an array gives what the two steps give', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('id', 'i', 'idd', '"id"', 'id":1,"x'));
  const object = fc.dictionary(
    name,
    fc.oneof(element, fc.constantFrom('id', 'id:', { id: 1 }, ['id', { id: 2 }])),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(object, element)), fc.constantFrom(undefined, 2), (values, space) => {
      const text = JSON.stringify(values, null, space);
      expect(
        splitJsonElements(text, 'id').map(({ bytes, member }) => ({ raw: bytes.toString(), member })),
      ).toEqual(splitJsonArray(text).map((raw) => ({ raw, member: jsonMemberText(raw, 'id') })));
    }),
  );
});

test('neither ever loops or fails in another way, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'[]{}",:\\ a1') }), (text) => {
      jsonMemberText(text, 'a');
      try {
        splitJsonArray(text);
        splitJsonElements(text, 'a');
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    }),
    { numRuns: 1000 },
  );
});
