import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../testing/api.fixture.ts';

const script = `console.log(${JSON.stringify('portal '.repeat(500))});\n`;
let folder: string;
let api: TestApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-portal-'));
  api = await startTestApi({ portalFolder: join(folder, 'dist') });
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const get = (url: string, encoding?: string) =>
  api.app.inject({ method: 'GET', url, ...(encoding && { headers: { 'accept-encoding': encoding } }) });

test('while it is not built, its page says what to run', async () => {
  const page = await get('/portal');
  expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.body).toContain('node apps/portal/build.ts');
  expect((await get('/portal/assets/index.js')).statusCode).toBe(404);
});

describe('the built portal', () => {
  beforeAll(async () => {
    await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
    await writeFile(join(folder, 'secret.js'), 'outside');
    await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><title>Portal</title>');
    await writeFile(join(folder, 'dist', 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await writeFile(join(folder, 'dist', '.build-stamp'), 'stamp');
    await writeFile(join(folder, 'dist', 'assets', 'index-1a2b.js'), script);
    await writeFile(join(folder, 'dist', 'assets', 'font.woff2'), Buffer.alloc(100, 1));
  });

  test.each([
    '/portal',
    '/portal/',
    '/portal/companies/1/data',
    '/portal/invitations/a-b_c',
    '/portal/index.html',
  ])('%s is its page, under a policy that runs nothing but its own scripts', async (url) => {
    const page = await get(url);
    expect([page.statusCode, page.body]).toEqual([200, '<!doctype html><title>Portal</title>']);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const policy = String(page.headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "connect-src 'self'",
      ]),
    );
  });

  test('its files are kept for ever by browsers, compressed as they like it', async () => {
    const plain = await get('/portal/assets/index-1a2b.js');
    expect([plain.statusCode, plain.body, plain.headers['content-encoding']]).toEqual([
      200,
      script,
      undefined,
    ]);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(plain.headers['vary']).toContain('accept-encoding');
    const br = await get('/portal/assets/index-1a2b.js', 'gzip, deflate, br');
    expect(br.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(br.rawPayload).toString()).toBe(script);
    const gz = await get('/portal/assets/index-1a2b.js', 'br;q=0, gzip');
    expect(gz.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gz.rawPayload).toString()).toBe(script);
    expect(gz.rawPayload.length).toBeLessThan(script.length / 10);
    const font = await get('/portal/assets/font.woff2', 'br');
    expect([font.headers['content-type'], font.headers['content-encoding']]).toEqual([
      'font/woff2',
      undefined,
    ]);
    expect((await get('/portal/favicon.svg')).headers['content-type']).toBe('image/svg+xml');
  });

  test('a new build is served without a restart', async () => {
    const path = join(folder, 'dist', 'assets', 'changing.js');
    await writeFile(path, 'first');
    expect((await get('/portal/assets/changing.js')).body).toBe('first');
    await writeFile(path, 'second one');
    expect((await get('/portal/assets/changing.js')).body).toBe('second one');
    await rm(path);
    expect((await get('/portal/assets/changing.js')).statusCode).toBe(404);
  });

  test.each([
    '/portal/assets/gone-1234.js',
    '/portal/assets/',
    '/portal/assets/../../secret.js',
    '/portal/assets/..%2f..%2fsecret.js',
    '/portal/assets/%2e%2e/%2e%2e/secret.js',
    '/portal/assets/..%5c..%5csecret.js',
    '/portal/assets/index-1a2b.js%00.svg',
    '/portal/api/unicorns',
    '/portal/API/unicorns',
    '/portal/api',
  ])('%s is not there, and no page', async (url) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      404,
      'application/json; charset=utf-8',
    ]);
  });

  test.each([
    '/portal/../secret.js',
    '/portal/..%2fsecret.js',
    '/portal/.build-stamp',
    '/portal/%2e%2e/secret.js',
  ])('%s tells nothing of the machine', async (url) => {
    const answer = await get(url);
    expect(answer.body).not.toMatch(/outside|stamp/);
  });
});
