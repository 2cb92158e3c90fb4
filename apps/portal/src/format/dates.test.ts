import { expect, test } from 'vitest';
import { formatAgo, formatDay, formatInstant } from './dates.ts';

test('a day is the same day everywhere', () => {
  expect(formatDay('2024-02-29', 'en-GB')).toBe('29 Feb 2024');
  expect(formatDay('2024-02-29T00:00:00', 'en-US')).toBe('Feb 29, 2024');
  expect(formatDay('no day')).toBe('no day');
  expect(formatDay('2024-13-45')).toBe('2024-13-45');
});

test('an instant without a zone is UTC, and is told in the zone of the reader', () => {
  for (const text of ['2024-07-01T12:00:00Z', '2024-07-01T12:00:00', '2024-07-01T14:00:00+02:00'])
    expect(formatInstant(text, 'en-GB', 'Europe/London')).toBe('1 Jul 2024, 13:00');
  expect(formatInstant('yesterday')).toBe('yesterday');
});

test.each([
  [0, 'now'],
  [59, 'now'],
  [60, '1 minute ago'],
  [3599, '59 minutes ago'],
  [7200, '2 hours ago'],
  [86_400, 'yesterday'],
  [40 * 86_400, 'last month'],
  [800 * 86_400, '2 years ago'],
  [-120, 'in 2 minutes'],
])('%d seconds before now is %s', (seconds, words) => {
  const now = Date.parse('2024-07-01T12:00:00Z');
  const at = new Date(now - seconds * 1000).toISOString();
  expect(formatAgo(at, now, 'en-GB')).toBe(words);
});
