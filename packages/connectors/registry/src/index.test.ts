import { expect, test } from 'vitest';
import { createConnectors, findPlatform } from './index.ts';

const configuration = {
  kashoo: {
    apiUrl: 'https://kashoo.example/api',
    trulySmallApiUrl: 'https://trulysmall.example/api',
    oauthUrl: 'https://kashoo.example/oauth2',
    authorizeUrl: 'https://kashoo.example/oauth2/authorize',
    requestsPerSecond: 3,
    requestsPerHour: 500,
  },
  kashflow: { soapUrl: 'https://kashflow.example/service.asmx', requestsPerSecond: 4 },
};

test.each(['ksho', 'KSHO', 'kashoo', ' Kashoo '])('%j names Kashoo', (name) => {
  const connector = findPlatform(createConnectors(configuration), name);
  expect(connector?.manifest.name).toBe('Kashoo');
  expect(connector?.limits).toEqual({ requestsPerSecond: 3, requestsPerHour: 500 });
});

test.each(['wvzu', 'KashFlow'])('%j names KashFlow', (name) => {
  const connector = findPlatform(createConnectors(configuration), name);
  expect(connector?.manifest.name).toBe('KashFlow');
  expect(connector?.limits).toEqual({ requestsPerSecond: 4, requestsPerHour: undefined });
});

test.each(['', 'kash', 'xero', '__proto__'])('%j names no platform', (name) => {
  expect(findPlatform(createConnectors(configuration), name)).toBeUndefined();
});

test('every platform has ids, a key and a word of its own', () => {
  const manifests = [...createConnectors(configuration).values()].map(({ manifest }) => manifest);
  for (const member of ['platformKey', 'word', 'integrationId', 'sourceId'] as const) {
    expect(new Set(manifests.map((manifest) => manifest[member])).size).toBe(manifests.length);
  }
  for (const [key, connector] of createConnectors(configuration))
    expect(connector.manifest.platformKey).toBe(key);
});
