/**
 * What the request log may keep of a call. Nothing is taken out that looks like a secret or a person: that would miss what looks like
 * neither. What is known to be harmless is left in: structure, ids, dates, words of protocols.
 */
import { htmlElements, technicalCodes, technicalWords } from './redaction-words.ts';

const REDACTED = '[redacted]';
const GAP = '…';

const SECRET_PARAMETER =
  /(?:token|secret|password|passwd|signature|credential|authorization|api_?key|^code$|^key$)/i;
const PERSONAL_PARAMETER =
  /(?:phone|mobile|fax|mail|name|address|street|city|province|postal|postcode|zip|birth|ssn|iban|search|query|^q$|text|memo|note|description)/i;
/** Numbers, switches, days and instants, UUIDs. */
const PLAIN_VALUE =
  /^(?:-?\d{1,20}(?:\.\d{1,9})?|true|false|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;
/** Parameters whose values are words of the platform's own interface. */
const WORD_PARAMETER =
  /^(?:type|sortColumn|sortOrder|sort|order|orderBy|direction|status|expand|include|fields|format)$/i;
const INTERFACE_WORD = /^[A-Za-z][A-Za-z_,]{0,40}$/;
/** Ids and words of a route; what is longer may be a token. */
const PLAIN_SEGMENT = /^[\w.~-]{1,40}$/;

/** Path and query for the request log: values that could be a secret, or about somebody, taken out. Spaces part an operation's arguments. */
export function redactedPath(path: string): string {
  const at = path.indexOf('?');
  const route = (at < 0 ? path : path.slice(0, at))
    .split('/')
    .map((segment) => segment.split(' ').map(plainSegment).join(' '))
    .join('/');
  if (at < 0) return route;
  const parameters = path
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0) return isPlainParameter('', pair) ? pair : REDACTED;
      const name = pair.slice(0, equals);
      return isPlainParameter(decoded(name), decoded(pair.slice(equals + 1))) ? pair : `${name}=${REDACTED}`;
    });
  return `${route}?${parameters.join('&')}`;
}

function plainSegment(segment: string): string {
  return segment === '' || PLAIN_SEGMENT.test(segment) || PLAIN_VALUE.test(segment) ? segment : REDACTED;
}

function isPlainParameter(name: string, value: string): boolean {
  if (SECRET_PARAMETER.test(name) || PERSONAL_PARAMETER.test(name)) return false;
  return value === '' || PLAIN_VALUE.test(value) || (WORD_PARAMETER.test(name) && INTERFACE_WORD.test(value));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

const HTTP_STATUS = /^(?:20[0-6]|30[0-8]|4(?:[012]\d|31|51)|50\d|511)$/;
const MOST_PARSED = 256 * 1024;
const MOST_TEXT = 16 * 1024;
const MOST_ELEMENTS = 3;
const DEEPEST = 8;
/** Members whose numbers tell about the refusal, not about the books. */
const TELLING_NUMBER =
  /^(?:status|statusCode|httpStatus|code|errorCode|error_code|limit|remaining|retryAfter|retry_after|line|position)$/i;

/**
 * The beginning of an error's answer for the request log: of JSON its shape, of markup its elements, of texts those words that are
 * about the protocol. Gaps are shown as `…`.
 * @param length at most
 */
export function redactedExcerpt(text: string, length: number): string {
  return (shapeOf(text) ?? scrubbed(text.slice(0, MOST_TEXT))).slice(0, length).toWellFormed();
}

function shapeOf(text: string): string | undefined {
  if (text.length > MOST_PARSED) return undefined;
  try {
    return JSON.stringify(withoutValues(JSON.parse(text), '', 0));
  } catch {
    return undefined;
  }
}

function withoutValues(value: unknown, member: string, depth: number): unknown {
  if (typeof value === 'string') return scrubbed(value);
  if (typeof value === 'number')
    return TELLING_NUMBER.test(member) && Number.isInteger(value) && Math.abs(value) < 100_000 ? value : GAP;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return GAP;
  if (Array.isArray(value)) {
    const shown = value.slice(0, MOST_ELEMENTS).map((element) => withoutValues(element, member, depth + 1));
    return value.length > MOST_ELEMENTS ? [...shown, GAP] : shown;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner], index) => [
      isTechnical(name) ? name : `${GAP}${index + 1}`,
      withoutValues(inner, name, depth + 1),
    ]),
  );
}

/** A text's technical words, everything between them as one gap each. */
function scrubbed(text: string): string {
  const kept: string[] = [];
  // An element's name is structure, its attributes are not.
  const marked = text.replace(/<(\/?)(\w[\w:.-]*)([^<>]*)>/g, (_all, slash: string, name: string) =>
    isElement(name) ? ` <${slash}${name}> ` : ` ${GAP} `,
  );
  for (const part of marked.split(/\s+/)) {
    if (part === '') continue;
    const [, before = '', core = '', after = ''] = /^(["'([]*)(.*?)(["')\].,:;!?]*)$/s.exec(part) ?? [];
    const isKept = isMarkup(part) || isTechnical(core) || HTTP_STATUS.test(part);
    if (isKept) kept.push(before + core + after);
    else if (kept.at(-1) !== GAP) kept.push(GAP);
  }
  return kept.join(' ');
}

function isMarkup(part: string): boolean {
  const name = /^<\/?([\w:.-]+)>$/.exec(part)?.[1];
  return name !== undefined && isElement(name);
}

/** An element of HTML, or of XML with a technical name, with or without a prefix. */
function isElement(name: string): boolean {
  const local = name.slice(name.indexOf(':') + 1).toLowerCase();
  return htmlElements.has(local) || isTechnical(name.slice(name.indexOf(':') + 1));
}

/** One technical word, or several joined as in identifiers: `errorCode`, `invalid_token`. */
function isTechnical(text: string): boolean {
  if (technicalCodes.has(text.toLowerCase())) return true;
  if (!/^[A-Za-z][A-Za-z_-]{0,60}$/.test(text)) return false;
  const words = text.replace(/([a-z])([A-Z])/g, '$1_$2').split(/[_-]/);
  return words.every((word) => technicalWords.has(word.toLowerCase()));
}
