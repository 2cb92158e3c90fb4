import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactedExcerpt, redactedPath } from './redaction.ts';

/** What must never get into the request log, as platforms put it into errors. */
const people = [
  'Juliette Beaulieu',
  'juliette.beaulieu@example.com',
  '+1 (416) 555-0187',
  '4165550187',
  '221 Baker Street',
  'M5V 2T6',
  'GB29NWBK60161331926819',
  'Müller & Söhne GmbH',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
  '1987-03-14',
  'Juliette',
] as const;
/** Parts of them by which each would be recognised. */
const traces = /Juliette|Beaulieu|example|416|0187|Baker|221|M5V|2T6|GB29|ller|hne|GmbH|eyJ|1987|03-14/;

const ways: readonly ((person: string) => string)[] = [
  (person) => JSON.stringify({ error: 'invalid_request', message: `Contact ${person} not found` }),
  (person) => JSON.stringify({ errors: [{ field: 'name', value: person, code: person }] }),
  (person) => JSON.stringify({ [person]: { status: 400 } }),
  (person) => JSON.stringify([person, [person], { deep: { deeper: [{ address: person }] } }]),
  (person) => JSON.stringify({ phone: Number(person.replaceAll(/\D/g, '')) }),
  (person) =>
    `<html><head><title>${person}</title></head><body class="${person}"><p>${person}</p></body></html>`,
  (person) => `<error code="${person}">${person}</error>`,
  (person) => `Error: could not parse "${person}" at position 17`,
  (person) => `{"message": "cut in the middle of ${person}`,
  (person) => person,
  (person) => `Contact <${person}> and <b>${person}</b> or </${person}>`,
  (person) => `${'x'.repeat(300_000)} ${person}`,
  (person) => `${person} ${'x'.repeat(300_000)}`,
];

describe('an excerpt of an error', () => {
  test.each(people)('never shows %s, wherever it stands', (person) => {
    for (const way of ways) expect(redactedExcerpt(way(person), 2048)).not.toMatch(traces);
  });

  test('never shows a generated text either, unless all its words are technical', () => {
    // A letter that no technical word has next to it makes the text recognisable.
    const name = fc.stringMatching(/^[A-Z][a-z]{0,8}zq[a-z]{0,8}( [A-Z][a-z]{0,8}zq)?$/);
    fc.assert(
      fc.property(name, fc.nat(ways.length - 1), (person, way) => {
        expect(redactedExcerpt(ways[way]?.(person) ?? '', 2048)).not.toMatch(/zq/i);
      }),
    );
  });

  test.each([
    [
      '{"error":"invalid_grant","error_description":"Token of Ann Lee expired"}',
      '{"error":"invalid_grant","error_description":"Token of … expired"}',
    ],
    [
      '{"statusCode":429,"message":"Too many requests","limit":500,"amount":1250}',
      '{"statusCode":429,"message":"Too many requests","limit":500,"amount":"…"}',
    ],
    [
      '{"errors":[{"field":"dueDate","reason":"must be a valid date"}],"ok":false,"data":null}',
      '{"errors":[{"field":"dueDate","reason":"must be a valid date"}],"…2":false,"data":null}',
    ],
    ['[1,2,3,4,5]', '["…","…","…","…"]'],
    [
      '<!doctype html><html lang="en"><title>503 Service Unavailable</title><p>Back soon, Ann</p></html>',
      '… <html> <title> 503 Service Unavailable </title> <p> Back soon, … </p> </html>',
    ],
    ['', ''],
  ])('tells what went wrong: %s', (text, excerpt) => {
    expect(redactedExcerpt(text, 2048)).toBe(excerpt);
  });

  test('is no longer than it may be, and of any text well-formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(50), (text, length) => {
        const excerpt = redactedExcerpt(text, length);
        expect(excerpt.length).toBeLessThanOrEqual(length);
        expect(excerpt.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('a path', () => {
  test.each([
    '/businesses/123456789/records/invoices?offset=500&limit=500&modifiedSince=1764000000000&includeRemoved=true',
    '/businesses/123456789/records?type=ADJUSTMENT&sortColumn=date&sortOrder=ASC',
    '/accounts/11000000006/balances?date=2026-01-31&primary=true',
    '/users/me/businesses?contactId=42',
  ])('of ids, dates, numbers and words of the interface stays as it is: %s', (path) => {
    expect(redactedPath(path)).toBe(path);
  });

  test.each(people)('never shows %s', (person) => {
    const text = encodeURIComponent(person);
    expect(redactedPath(`/contacts?search=${text}&name=${text}&phone=${text}&q=${text}`)).not.toMatch(traces);
    // As a segment a number or a day is an id; a text with anything else in it is not.
    if (/[^\w.~-]/.test(person))
      expect(redactedPath(`/contacts/${text}/notes`)).toBe('/contacts/[redacted]/notes');
  });

  test.each([
    ['/x?access_token=abc', '/x?access_token=[redacted]'],
    ['/x?code=123', '/x?code=[redacted]'],
    ['/x?apiKey=123&offset=1', '/x?apiKey=[redacted]&offset=1'],
    ['/x?note=hello', '/x?note=[redacted]'],
    ['/x?juliette%40example.com', '/x?[redacted]'],
    ['/x?other=free+text', '/x?other=[redacted]'],
    ['/x?broken=%E0%A4%A', '/x?broken=[redacted]'],
    [`/share/${'a1'.repeat(30)}`, '/share/[redacted]'],
  ])('loses secrets and free text: %s', (path, redacted) => {
    expect(redactedPath(path)).toBe(redacted);
  });
});
