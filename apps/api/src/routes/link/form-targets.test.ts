import { expect, test } from 'vitest';
import { redirectTargets } from './form-targets.ts';

test.each([
  ['none', null, []],
  ['http', 'http://lender.example:81/{companyId}', ['http://lender.example:81']],
  [
    'https, which may lead on to hosts that nobody told us',
    'https://lender.example/x?y={statusCode}',
    ['https:'],
  ],
  ['no address', 'javascript:alert(1)', []],
])('a form may end at the redirect URL: %s', (_kind, redirectUrl, targets) => {
  expect(redirectTargets(redirectUrl)).toEqual(targets);
});
