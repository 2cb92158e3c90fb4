/**
 * XML, read as elements and written as text. What SOAP does not allow is refused before it can do harm: document types (and with them
 * entities of the document's own, inner and outer), processing instructions, depth and length without measure.
 */
import { SaxesParser } from 'saxes';

/** The text is not XML that this house reads. The message quotes nothing of it: it may hold personal data. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  /** `xsi:nil`. */
  readonly isNil: boolean;
  /** Text of an element without elements below it, as it was written. */
  readonly text: string;
  readonly elements: readonly XmlElement[];
}

interface OpenElement {
  name: string;
  isNil: boolean;
  text: string;
  elements: OpenElement[];
}

export interface XmlLimits {
  /** UTF-16 code units; a byte of the answer is never more than one. */
  readonly length: number;
  readonly depth: number;
}

const DEFAULT_LIMITS: XmlLimits = { length: 50 * 1024 * 1024, depth: 32 };

/**
 * Stands for a character that XML does not allow, which the platform wrote all the same (as `&#x0;`, or as it is): a code point that
 * Unicode keeps for a program's own use. {@link textOf} makes a NUL of it, which mappings take out with a warning.
 */
const FORBIDDEN_MARK = '\ufdd0';
const CHARACTER_REFERENCE = /&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids (section 2.2, Char)
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** @throws XmlError */
export function parseXml(text: string, limits: XmlLimits = DEFAULT_LIMITS): XmlElement {
  if (text.length > limits.length) throw new XmlError(`is longer than ${limits.length} characters`);
  const parser = new SaxesParser({ position: false });
  let root: OpenElement | undefined;
  const open: OpenElement[] = [];
  const refuse = (what: string) => () => {
    throw new XmlError(what);
  };
  parser.on('error', refuse('is not well-formed XML'));
  parser.on('doctype', refuse('has a document type, which SOAP does not allow'));
  parser.on('processinginstruction', refuse('has a processing instruction, which SOAP does not allow'));
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length >= limits.depth) throw new XmlError(`is nested deeper than ${limits.depth} elements`);
    const element: OpenElement = { name: localName(name), isNil: isNil(attributes), text: '', elements: [] };
    open.at(-1)?.elements.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  const append = (piece: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.write(withMarks(text)).close();
  if (root === undefined) throw new XmlError('has no element');
  return root;
}

function withMarks(text: string): string {
  const marked = text.replace(FORBIDDEN, FORBIDDEN_MARK);
  if (!marked.includes('&#')) return marked;
  return marked.replace(CHARACTER_REFERENCE, (reference, hex?: string, decimal?: string) =>
    isAllowed(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)) ? reference : FORBIDDEN_MARK,
  );
}

/** XML 1.0, section 2.2, Char. */
function isAllowed(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function isNil(attributes: Readonly<Record<string, unknown>>): boolean {
  for (const name in attributes) {
    const value = attributes[name];
    if (localName(name) === 'nil') return value === 'true' || value === '1';
  }
  return false;
}

/** The element's text; a character that XML does not allow is a NUL in it. */
export function textOf(element: XmlElement): string {
  return element.text.replaceAll(FORBIDDEN_MARK, '\u0000');
}

/** The first element of that name below, if there is one. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.elements.find((child) => child.name === name);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // As they are they would arrive as line feeds.
  '\r': '&#xD;',
};

/** Text without the characters that XML cannot carry. */
export function xmlText(text: string): string {
  return text.toWellFormed().replace(FORBIDDEN, '');
}

/** Text as the content of an element or an attribute. Characters that XML cannot carry are left out. */
export function escapeXml(text: string): string {
  return xmlText(text).replace(/[&<>"'\r]/g, (character) => ESCAPES[character] ?? '');
}
