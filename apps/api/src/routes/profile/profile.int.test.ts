import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';

let api: TestApi;
let client: TestClient;

beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient('Maple Lending');
});
afterAll(() => api.close());

test('a profile is read, replaced, and leaves out what has no value', async () => {
  expect((await client.get('/profile')).body).toEqual({
    name: 'Maple Lending',
    redirectUrl: '',
    whiteListUrls: [],
  });
  const profile = {
    name: 'Maple & Co',
    logoUrl: 'https://maple.example.com/logo.png',
    iconUrl: 'https://maple.example.com/icon.png',
    redirectUrl:
      'https://maple.example.com/done/{companyId}?connection={connectionId}&status={statusCode}&error={errorMessage}',
    whiteListUrls: ['https://maple.example.com'],
  };
  const replaced = await client.send('PUT', '/profile', {
    ...profile,
    apiKey: 'ignored',
    confirmCompanyName: true,
  });
  expect([replaced.status, replaced.body]).toEqual([200, profile]);
  expect((await client.get('/profile')).body).toEqual(profile);
  await client.send('PUT', '/profile', { name: 'Maple Lending', redirectUrl: '' });
  expect((await client.get('/profile')).body).toEqual({
    name: 'Maple Lending',
    redirectUrl: '',
    whiteListUrls: [],
  });
});

test.each([
  'javascript:alert(1)',
  'ftp://maple.example.com/',
  'maple.example.com/done',
  'https://{companyId}.example.com/',
  'https://maple.example.com{companyId}/',
  'https://maple.example.com:{statusCode}/',
  'https://maple.example.com/?x={secret}',
  'https://maple.example.com/?x={',
  'https://user:password@maple.example.com/',
  'http://localhost/done',
  'http://127.0.0.1:8080/done',
  'http://0x7f.1/done',
  'http://[::1]/done',
  'http://[::ffff:127.0.0.1]/done',
  'http://10.1.2.3/done',
  'http://169.254.169.254/done',
])('the redirect URL %s is refused with a reason', async (redirectUrl) => {
  const answer = await client.send('PUT', '/profile', { name: 'Maple Lending', redirectUrl });
  expect([answer.status, answer.body.error]).toEqual([400, expect.stringContaining('body.redirectUrl')]);
  expect((await client.get('/profile')).body.redirectUrl).toBe('');
});
