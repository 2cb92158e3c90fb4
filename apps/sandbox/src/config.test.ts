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

it('takes fault switches as a JSON list', () => {
  const switches = [{ match: 'invoices', kind: 'rateLimited', retryAfterSeconds: 2, times: null }];
  expect(readConfig({ SANDBOX_FAULTS: JSON.stringify(switches) })).toMatchObject({ faults: switches });
  expect(readConfig({})).toMatchObject({ faults: [] });
});

it.each([
  ['text that is no JSON', '[{', /^SANDBOX_FAULTS=\[\{: expected a JSON list/],
  ['one switch without a list', '{"match":".","kind":"html"}', /expected a JSON list of fault switches$/],
  [
    'an unknown kind',
    '[{"match":".","kind":"meteor"}]',
    /: switch 1: kind\. expected one of status, rateLimited/,
  ],
  ['a missing match', '[{"kind":"html"}]', /: switch 1: match\. /],
  [
    'a parameter out of range',
    '[{"match":".","kind":"html"},{"match":".","kind":"cut","atPercent":100}]',
    /: switch 2: atPercent\. /,
  ],
  [
    'a parameter that the kind does not have',
    '[{"match":".","kind":"drip","pause":3}]',
    /: switch 1: .*"pause"/,
  ],
  ['a switch that is no object', '["html"]', /: switch 1: /],
])('refuses %s in the fault switches, and says which', (_case, value, expected) => {
  const result = readConfig({ SANDBOX_FAULTS: value });
  expect('problems' in result ? result.problems : []).toEqual([expect.stringMatching(expected)]);
});
