import { expect, test } from 'vitest';
import { customListings } from './custom-listings.ts';

test.each([
  ['/items', '/businesses/42/items'],
  ['/records/invoices', '/businesses/42/records/invoices'],
  ['/businesses/{businessId}/taxes', '/businesses/42/taxes'],
])('%s lies below the business of the connection', (source, path) => {
  expect(customListings.pathOf(source, '42')).toBe(path);
});

test.each([
  '/businesses',
  '/businesses/43/items',
  '/businesses/42/items',
  '/businesses/{businessId}',
  '/businesses/{businessId}/{businessId}',
  '/users/me/businesses',
])('%s names another business, or none', (source) => {
  expect(customListings.pathOf(source, '42')).toBeUndefined();
});

test('an id that is no path segment cannot lead elsewhere', () => {
  expect(customListings.pathOf('/items', '../43')).toBe('/businesses/..%2F43/items');
});
