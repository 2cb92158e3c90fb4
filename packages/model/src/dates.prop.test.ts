import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant, localDate } from './index.ts';

const moment = fc.date({
  min: new Date('0001-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

describe('localDate', () => {
  test('takes every day of the calendar and adds midnight without zone', () => {
    fc.assert(
      fc.property(moment, (date) => {
        const day = date.toISOString().slice(0, 10);
        expect(localDate(day)).toBe(`${day}T00:00:00`);
      }),
    );
  });

  test.each(['2024-02-29', '2000-02-29', '0004-02-29', '9999-12-31'])('takes %s', (day) => {
    expect(localDate(day)).toBe(`${day}T00:00:00`);
  });

  test('takes exactly the days that the calendar has', () => {
    const part = (max: number) =>
      fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, '0'));
    const year = fc.integer({ min: 1, max: 9999 }).map((number) => String(number).padStart(4, '0'));
    fc.assert(
      fc.property(year, part(13), part(32), (y, m, d) => {
        const day = `${y}-${m}-${d}`;
        const time = Date.parse(`${day}T00:00:00Z`);
        const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
        if (exists) expect(localDate(day)).toBe(`${day}T00:00:00`);
        else expect(() => localDate(day)).toThrow(RangeError);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '',
    '2023-02-29',
    '1900-02-29',
    '2024-2-9',
    '2024-02-29T00:00:00',
    ' 2024-02-29',
    '0000-01-01',
    '2024/02/29',
    '20240229',
  ])('refuses %j', (text) => expect(() => localDate(text)).toThrow(/calendar date/));
});

describe('instant', () => {
  test('gives the same moment from milliseconds, Date and ISO text, ending in Z', () => {
    fc.assert(
      fc.property(moment, (date) => {
        const iso = date.toISOString();
        expect(instant(date.getTime())).toBe(iso);
        expect(instant(date)).toBe(iso);
        expect(instant(iso)).toBe(iso);
      }),
    );
  });

  test.each([
    ['2024-02-29T12:00:00+05:30', '2024-02-29T06:30:00.000Z'],
    ['2024-02-29T12:00:00-0500', '2024-02-29T17:00:00.000Z'],
    ['2024-02-29T12:00Z', '2024-02-29T12:00:00.000Z'],
    ['2024-02-29T12:00:00.123456Z', '2024-02-29T12:00:00.123Z'],
  ])('reads %s as %s', (text, iso) => expect(instant(text)).toBe(iso));

  test.each([
    '',
    'yesterday',
    '2024-02-29',
    '2024-02-29T12:00:00',
    '2023-02-29T12:00:00Z',
    '2024-02-29T25:00:00Z',
    '2024-02-29T12:00:00+99:00',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    8.64e15,
    new Date(Number.NaN),
  ])('refuses %s, which names no instant', (value) => expect(() => instant(value)).toThrow(/Not an instant/));
});
