/** Browser tests of the portal and of Link: one running service per run, one Chromium and one client per test file. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, inject, onTestFailed } from 'vitest';
import { accessibilityProblems, untilSettled } from './accessibility.ts';
import { launchChromium } from './chromium.ts';
import { undocumentedRequests } from './openapi.ts';
import type { Stack } from './stack.ts';
import { openTenants, type Tenants, type TestUser } from './tenants.ts';
import { type Watch, watchPage } from './watch.ts';

export type { Tenant } from './tenants.ts';

const artifacts = join(import.meta.dirname, '..', '..', 'artifacts');

interface OpenOptions {
  readonly scheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
  /** BCP 47; what the reader's browser is set to. */
  readonly locale?: string;
  readonly javaScript?: boolean;
}

/** A page in a browser profile of its own, whose troubles are collected. */
interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly watch: Watch;
  /** Goes to a path of the service and waits until its requests are answered. */
  goto(path: string): Promise<void>;
  /** Signs in by the portal's own page. */
  signIn(user: TestUser): Promise<void>;
  /** No serious accessibility violation in the page as it stands; a picture of it is kept. */
  inspect(name: string): Promise<void>;
  /** The same in light and dark, and on a phone. */
  inspectEverywhere(name: string): Promise<void>;
}

export interface BrowserTests {
  readonly stack: Stack;
  readonly tenants: Tenants;
  open(options?: OpenOptions): Promise<OpenedPage>;
}

const desktop = { width: 1280, height: 860 };
const phone = { width: 390, height: 844 };

/**
 * Call it at the top of a test file. Skips its tests, with the reason, where there is no Chromium. After each file, pages that had
 * console errors, uncaught errors, refusals of the Content-Security-Policy or answers of 5xx fail it, and so does a request that is
 * not in the OpenAPI document.
 */
export function setUpBrowserTests(): BrowserTests {
  const given = inject('stack');
  let browser: Browser | undefined;
  let tenants: Tenants | undefined;
  const opened: OpenedPage[] = [];

  beforeEach((context) => {
    if (given === null) context.skip('chromium is not installed');
  });
  beforeAll(async () => {
    if (given === null) return;
    mkdirSync(artifacts, { recursive: true });
    browser = await launchChromium(given.chromium);
    tenants = openTenants(given);
  });
  afterAll(async () => {
    const troubles = opened.flatMap(({ watch }) => watch.troubles);
    const requests = opened.flatMap(({ watch }) => watch.requests);
    await browser?.close();
    await tenants?.close();
    if (given === null) return;
    expect(troubles).toEqual([]);
    expect(await undocumentedRequests(given.url, requests)).toEqual([]);
  });

  function required<Value>(value: Value | null | undefined): Value {
    if (value === null || value === undefined) throw new Error('chromium is not installed');
    return value;
  }

  return {
    get stack() {
      return required(given);
    },
    get tenants() {
      return required(tenants);
    },
    async open(options = {}) {
      const { url } = required(given);
      const context = await required(browser).newContext({
        baseURL: url,
        colorScheme: options.scheme ?? 'light',
        viewport: options.viewport ?? desktop,
        locale: options.locale ?? 'en-GB',
        timezoneId: 'Europe/London',
        javaScriptEnabled: options.javaScript ?? true,
        reducedMotion: 'reduce',
      });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
      const result = openedPage(context, await context.newPage(), url);
      opened.push(result);
      onTestFailed(async () => {
        await result.page.screenshot({ path: join(artifacts, `failed-${opened.length}.png`) });
      });
      return result;
    },
  };
}

function openedPage(context: BrowserContext, page: Page, origin: string): OpenedPage {
  page.setDefaultTimeout(15_000);
  const watch = watchPage(page, origin);
  const picture = async (name: string) => {
    await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true });
  };
  const inspect = async (name: string) => {
    await untilSettled(page);
    await picture(name);
    expect.soft(await accessibilityProblems(page), `accessibility of ${name}`).toEqual([]);
  };
  return {
    page,
    context,
    watch,
    inspect,
    async goto(path) {
      await page.goto(path);
      await page.waitForLoadState('networkidle');
    },
    async signIn({ email, password }) {
      await page.goto('/portal/signIn');
      await page.getByLabel('E-mail').fill(email);
      await page.getByRole('textbox', { name: 'Password' }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('navigation', { name: 'Main' }).waitFor();
    },
    async inspectEverywhere(name) {
      await inspect(`${name}-light`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await inspect(`${name}-dark`);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(phone);
      await inspect(`${name}-phone`);
      // What is wider than a phone scrolls within itself, never the page.
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect.soft(width, `width of ${name} on a phone`).toBeLessThanOrEqual(phone.width);
      await page.setViewportSize(desktop);
    },
  };
}
