import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonOf } from './raw-records.ts';
import { childOf, escapeXml, parseXml, textOf, XmlError } from './xml.ts';

const textIn = (xml: string): string => textOf(parseXml(xml));

describe('XML', () => {
  test.each([
    ['a document type', '<!DOCTYPE a><a/>'],
    ['an inner entity', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an outer entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['entities that grow', '<!DOCTYPE a [<!ENTITY b "xx"><!ENTITY c "&b;&b;">]><a>&c;</a>'],
    ['an entity that nobody defined', '<a>&b;</a>'],
    ['a processing instruction', '<?xml version="1.0"?><?php x?><a/>'],
    ['an open element', '<a><b></a>'],
    ['two roots', '<a/><b/>'],
    ['text alone', 'hello'],
    ['nothing', ''],
    ['an attribute twice', '<a b="1" b="2"/>'],
  ])('with %s is refused, and nothing of it is quoted', (_what, xml) => {
    expect(() => parseXml(xml)).toThrow(XmlError);
    try {
      parseXml(xml);
    } catch (error) {
      expect(String(error)).not.toMatch(/passwd|hello|php/);
    }
  });

  test('is refused beyond a length and a depth', () => {
    const limits = { length: 100, depth: 4 };
    expect(parseXml('<a><b><c><d>x</d></c></b></a>', limits).name).toBe('a');
    expect(() => parseXml('<a><b><c><d><e/></d></c></b></a>', limits)).toThrow('deeper than 4');
    expect(() => parseXml(`<a>${'x'.repeat(100)}</a>`, limits)).toThrow('longer than 100');
    expect(() => parseXml('<a>'.repeat(100_000))).toThrow(XmlError);
  });

  test('is read by local names; nil, empty and text are told apart', () => {
    const root = parseXml(
      '<s:a xmlns:s="urn:s" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:b>1 &lt; 2 &#x20AC;</s:b><c xsi:nil="true"/><d/><e><![CDATA[<x>]]></e></s:a>',
    );
    expect(jsonOf(root)).toEqual({ b: '1 < 2 €', c: null, d: '', e: '<x>' });
    expect(childOf(root, 'none')).toBeUndefined();
  });

  test('what XML does not allow, written as it is or as a reference, becomes a NUL for mappings to take out', () => {
    expect(textIn('<a>x&#x0;y&#0;z&#xD800;&#xFFFF;\u0001</a>')).toBe('x\u0000y\u0000z\u0000\u0000\u0000');
    expect(textIn('<a>&#9;&#10;&#x1F600;</a>')).toBe('\t\n😀');
  });

  test('no element’s name means anything to the reader', () => {
    const json = jsonOf(parseXml('<a><__proto__>1</__proto__><constructor>2</constructor></a>'));
    expect(JSON.stringify(json)).toBe('{"__proto__":"1","constructor":"2"}');
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });

  test('a list is a list whether it has no element, one or several, and a number keeps its digits', () => {
    expect(jsonOf(parseXml('<a><Lines/></a>'))).toEqual({ Lines: [] });
    expect(jsonOf(parseXml('<a><Lines><anyType><Rate>8.3300</Rate></anyType></Lines></a>'))).toEqual({
      Lines: [{ Rate: '8.3300' }],
    });
  });

  test('text survives being written and read, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot carry is left out
        const kept = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
        // A code point for a program's own use stands for what was forbidden.
        expect(textIn(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`)).toBe(
          kept.replaceAll('\ufdd0', '\u0000'),
        );
      }),
    );
  });
});
