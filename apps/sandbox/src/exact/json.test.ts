import { expect, it } from 'vitest';
import { Decimal } from './decimal.ts';
import { parseJson, writeJson } from './json.ts';

it('carries integers above 2^53 and decimals through both ways, digit by digit', () => {
  const text =
    '{"id":9007199254740993,"cents":-9999999999999999,"rate":5.0,"list":[1,null,true,"é\\"\\u0000"]}';
  expect(parseJson(text)).toMatchObject({ id: 9_007_199_254_740_993n, rate: new Decimal(50n, 1) });
  expect(writeJson(parseJson(text))).toBe(text);
});

it('leaves out absent members and keeps null ones', () => {
  expect(writeJson({ contact: undefined, contactName: null, lines: [] })).toBe(
    '{"contactName":null,"lines":[]}',
  );
});

it('refuses malformed text', () => {
  expect(() => parseJson('{"a":01}')).toThrow(SyntaxError);
});
