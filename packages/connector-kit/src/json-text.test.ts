import { describe, expect, test } from 'vitest';
import { jsonMemberText, splitJsonArray } from './json-text.ts';

describe('the elements of an array', () => {
  test.each([
    ['[]', []],
    [' [ ] ', []],
    ['\ufeff[1]', ['1']],
    ['[1, 2.50 ,"a",null,true]', ['1', '2.50', '"a"', 'null', 'true']],
    ['[{"a":[1,{"b":"],}"}]} , [2,[3]]]', ['{"a":[1,{"b":"],}"}]}', '[2,[3]]']],
    [String.raw`["\"", "\\", "\\\"]"]`, [String.raw`"\""`, String.raw`"\\"`, String.raw`"\\\"]"`]],
    ['[99999999999999999999,1.10]', ['99999999999999999999', '1.10']],
    ['[{"id": 1, "id": nonsense}]', ['{"id": 1, "id": nonsense}']],
  ])('of %j keep their text', (text, elements) => {
    expect(splitJsonArray(text)).toEqual(elements);
  });

  test.each([
    '',
    '{}',
    'null',
    '[',
    '[1',
    '[1,',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[{]',
    '["a]',
    '[1]x',
    '[[1]',
    '<html>',
  ])('of %j are refused', (text) => {
    expect(() => splitJsonArray(text)).toThrow(SyntaxError);
  });
});

describe('a member', () => {
  test.each([
    ['{"id":11568679628}', '11568679628'],
    [' { "a" : {"id":1} , "id" : 9007199254740993 } ', '9007199254740993'],
    ['{"x":"\\"id\\":5","id":"text"}', '"text"'],
    ['{"a":[{"id":1}],"id":{"b":[1]}}', '{"b":[1]}'],
    ['{"id":1,"id":2}', '2'],
    ['{"identifier":1}', undefined],
    ['{}', undefined],
    ['[{"id":1}]', undefined],
    ['"id"', undefined],
    ['7', undefined],
    ['{"id" 1}', undefined],
    ['{"a":"no end', undefined],
  ])('id of %j is %j', (object, expected) => {
    expect(jsonMemberText(object, 'id')).toBe(expected);
  });
});
