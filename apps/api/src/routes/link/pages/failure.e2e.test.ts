/** Every failure's page as a browser shows it, with all that it may know and with nothing. */

import { createSystemClock } from '@tributary/connector-kit';
import { createConnectors } from '@tributary/connectors';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityProblems } from '../../../../../portal/e2e/harness/accessibility.ts';
import { findChromium, launchChromium } from '../../../../../portal/e2e/harness/chromium.ts';
import { watchPage } from '../../../../../portal/e2e/harness/watch.ts';
import {
  type FailureContext,
  failureStatuses,
  LinkFailure,
  type LinkFailureCode,
} from '../../../link/failure.ts';
import { loadAssets, serveAssets } from '../assets.ts';
import { sendTrouble } from '../errors.ts';

const all: FailureContext = {
  companyId: '00000000-0000-4000-8000-000000000001',
  connectionId: '00000000-0000-4000-8000-000000000002',
  platformName: 'Kashoo',
  lender: { name: 'Maple Lending', contactEmail: 'help@maple.example', colour: '#0b7a75' },
  businessName: 'Corner Shop',
  offeredName: 'Another Shop',
  backUrl: 'https://maple.example/back',
  retryAfterSeconds: 170,
};
const codes = Object.keys(failureStatuses) as LinkFailureCode[];

let app: FastifyInstance;
let address: string;
let chromium: Browser | undefined;
beforeAll(async () => {
  const unused = 'http://127.0.0.1:1';
  const connectors = createConnectors({
    kashoo: {
      apiUrl: unused,
      trulySmallApiUrl: unused,
      oauthUrl: unused,
      authorizeUrl: unused,
      requestsPerSecond: 1,
      requestsPerHour: undefined,
    },
    kashflow: { soapUrl: unused, requestsPerSecond: 1 },
    clock: createSystemClock(),
  });
  app = Fastify();
  const assets = loadAssets(connectors);
  serveAssets(app, assets);
  app.get<{ Params: { code: string }; Querystring: { bare?: string } }>(
    '/failures/:code',
    async (request, reply) => {
      const { code } = request.params;
      const status = Number(code);
      const failure = Number.isNaN(status)
        ? new LinkFailure(code as LinkFailureCode, request.query.bare === undefined ? all : {})
        : Object.assign(new Error('trouble'), { statusCode: status });
      return sendTrouble(assets, failure, request, reply);
    },
  );
  address = await app.listen({ port: 0, host: '127.0.0.1' });
  const executable = findChromium();
  chromium = executable === undefined ? undefined : await launchChromium(executable);
});
afterAll(async () => {
  await chromium?.close();
  await app.close();
});

describe('on a phone, by day and by night', () => {
  test.for([...codes, '500', '413', '415'])('%s', async (code, context) => {
    if (chromium === undefined) return context.skip('chromium is not installed');
    const page = await chromium.newPage({ viewport: { width: 360, height: 740 } });
    const watch = watchPage(page, 'none');
    // The pages are of one cast: each is held against axe once, every other one as it looks by night.
    const colorScheme = codes.indexOf(code as LinkFailureCode) % 2 === 0 ? 'light' : 'dark';
    await page.emulateMedia({ colorScheme });
    for (const query of ['', '?bare=1']) {
      const answer = await page.goto(`${address}/failures/${code}${query}`);
      expect(answer?.status()).toBe(failureStatuses[code as LinkFailureCode] ?? Number(code));
      if (query === '') expect(await accessibilityProblems(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      // What happened, what to do, and whom to ask.
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      expect(await page.locator('main p').count()).toBeGreaterThan(1);
      expect(await page.locator('footer').textContent()).toMatch(/Help/);
      expect(await page.locator('body').textContent()).not.toMatch(/undefined|null|\[object|NaN/);
    }
    // A refused page is told by Chromium as an error of loading; nothing else may be.
    expect(watch.troubles.filter((trouble) => !/status of 50\d/.test(trouble))).toEqual([]);
    await page.close();
  });
});
