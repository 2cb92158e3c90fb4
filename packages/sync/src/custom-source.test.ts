import { expect, test } from 'vitest';
import { parseCustomSource } from './custom-source.ts';

test.each([
  ['records', '/records', {}],
  ['/records/invoices', '/records/invoices', {}],
  ['/businesses/{businessId}/items', '/businesses/{businessId}/items', {}],
  [
    'api/purchaseOrders?$filter=currencyCode eq NOK',
    '/api/purchaseOrders',
    { $filter: 'currencyCode eq NOK' },
  ],
])('%s is a path below the business', (text, path, query) => {
  expect(parseCustomSource(text)).toEqual({ path, query });
});

test.each([
  '',
  '/',
  '//evil.example.com/records',
  'https://evil.example.com/records',
  'evil.example.com:8080/x',
  '../records',
  'records/../../users/me',
  'records/./x',
  'records/%2e%2e/users',
  'records\\..\\users',
  'records//x',
  'records/',
  'records#x',
  'records?a=1#x',
  'records/{companyId}',
  'user@host/records',
  'rec ords',
  'records\n',
  'x'.repeat(3000),
])('%j is refused', (text) => {
  expect(parseCustomSource(text)).toBeUndefined();
});
