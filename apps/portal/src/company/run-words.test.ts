import { datasetStatuses } from '@tributary/model';
import { expect, test } from 'vitest';
import { hasFailed, isRunning, scheduleWords, wordsOf } from './run-words.ts';

test('every status of the API has words, and every failure a next step', () => {
  for (const status of datasetStatuses) {
    const { label, advice } = wordsOf(status);
    // Words, not a name in one piece.
    expect(label, status).toMatch(/^[A-Z][a-z ]+$/);
    expect(!hasFailed(status) || advice !== undefined, status).toBe(true);
    expect(isRunning(status) && hasFailed(status), status).toBe(false);
  }
  expect(datasetStatuses.filter(isRunning)).toHaveLength(8);
});

test('schedules are read as people say them', () => {
  expect([0, 1, 6, 24, 48, 168].map(scheduleWords)).toEqual([
    'Off',
    'Hourly',
    'Every 6 hours',
    'Daily',
    'Every 2 days',
    'Weekly',
  ]);
});
