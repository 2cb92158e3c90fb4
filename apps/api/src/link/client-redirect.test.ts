import { expect, test } from 'vitest';
import { clientRedirect } from './client-redirect.ts';

const linked = { companyId: 'c1', connectionId: 'n1', statusCode: 200, errorMessage: '' };
const failed = { ...linked, statusCode: 400, errorMessage: 'denied & gone?' };

test.each([
  [
    'no placeholders',
    'https://l.example/done',
    linked,
    'https://l.example/done?companyId=c1&connectionId=n1&statusCode=200',
  ],
  [
    'own parameters and a fragment',
    'https://l.example/?a=1#x',
    linked,
    'https://l.example/?a=1&companyId=c1&connectionId=n1&statusCode=200#x',
  ],
  [
    'placeholders in path and query',
    'https://l.example/{companyId}?s={statusCode}',
    linked,
    'https://l.example/c1?s=200&connectionId=n1',
  ],
  [
    'an error',
    'https://l.example/?e={errorMessage}',
    failed,
    'https://l.example/?e=denied%20%26%20gone%3F&companyId=c1&connectionId=n1&statusCode=400',
  ],
  [
    'parameters of the same name',
    'https://l.example/?companyId=own',
    linked,
    'https://l.example/?companyId=own&connectionId=n1&statusCode=200',
  ],
])('the result reaches a redirect URL with %s', (_kind, template, result, expected) => {
  expect(clientRedirect(template, result)).toBe(expected);
});

test.each(['javascript:alert(1)', 'data:text/html,x', '/relative', 'not a url'])(
  '%s is never redirected to',
  (template) => {
    expect(clientRedirect(template, linked)).toBeUndefined();
  },
);
