/** Whatever a client writes into texts and numbers: the call stays one record, with those very values. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { childOf, parseXml, textOf, xmlText } from '../xml.ts';
import { NO_BOOKS, saleRequest } from './requests.fixture.ts';
import { lineMembers, validateSale } from './sale-members.ts';
import { lineElement, recordCall } from './wire-record.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '</Name><Code>X</Code>',
    ']]>',
    '<!-- -->',
    '&#x0;',
    '&amp;',
    "' OR 1=1",
    '\r\n\t',
    '\u0000',
    '\ud800',
    '💷',
  ),
);

test('a call holds each text as its member, and nothing else', () => {
  fc.assert(
    fc.property(text, text, (name, notes) => {
      const { body = '' } = recordCall('InsertCustomer', 'custr', 'Customer', { Notes: notes, Name: name });
      const record = childOf(parseXml(body), 'custr');
      expect(record?.elements.map((element) => element.name)).toEqual(['Name', 'Notes']);
      const [first, second] = record?.elements ?? [];
      expect([first && textOf(first), second && textOf(second)]).toEqual([xmlText(name), xmlText(notes)]);
    }),
  );
});

const anything = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(1e20, -1e20, 1e-20, Number.NaN, Number.POSITIVE_INFINITY),
  fc.object({ maxDepth: 1 }),
);

test('a record of anything is judged and never thrown at; what is valid becomes decimals that XML can carry', () => {
  fc.assert(
    fc.property(
      fc.record(
        {
          unitAmount: anything,
          quantity: anything,
          taxAmount: anything,
          description: anything,
          itemRef: anything,
          taxRateRef: anything,
        },
        { requiredKeys: [] },
      ),
      anything,
      (line, other) => {
        const request = saleRequest({
          lineItems: [line, other],
          issueDate: other,
          customerRef: other,
          currencyRate: other,
        });
        const { errors } = validateSale(request, {
          word: 'invoice',
          partyRef: 'customerRef',
          party: 'customer',
        });
        for (const { itemId, message } of errors)
          expect([itemId, message].every((part) => part !== '')).toBe(true);
        const { members } = lineMembers(request.record, NO_BOOKS, []);
        for (const member of members) {
          for (const name of ['Quantity', 'Rate', 'VatAmount'] as const)
            expect(member[name]).toMatch(/^-?\d+(?:\.\d+)?$/);
          parseXml(`<Lines xmlns:xsi="x">${lineElement(member)}</Lines>`);
        }
      },
    ),
  );
});
