import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

it('an empty variable counts as unset', () => {
  expect(readConfig({ SANDBOX_PORT: '', SANDBOX_DATASET: '' })).toMatchObject({
    port: 3100,
    size: 2000,
    seed: 1,
    dataset: undefined,
    live: false,
  });
});

it('lists everything that is wrong at once, by name', () => {
  const result = readConfig({
    SANDBOX_PORT: '70000',
    SANDBOX_SIZE: '49',
    SANDBOX_LIVE: 'yes',
    LOG_LEVEL: 'loud',
    SANDBOX_SEED: '1.5',
  });
  expect('problems' in result ? result.problems.map((problem) => problem.split('=')[0]) : []).toEqual([
    'SANDBOX_PORT',
    'SANDBOX_SEED',
    'SANDBOX_SIZE',
    'SANDBOX_LIVE',
    'LOG_LEVEL',
  ]);
});
