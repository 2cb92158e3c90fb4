/** The Link pages in Chromium: a house around them, and visitors that hold what they see against what every page promises. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect, type TestContext } from 'vitest';
import { accessibilityProblems } from '../../../../../portal/e2e/harness/accessibility.ts';
import { findChromium, launchChromium } from '../../../../../portal/e2e/harness/chromium.ts';
import { type Watch, watchPage } from '../../../../../portal/e2e/harness/watch.ts';
import { startTestHouse } from './test-house.ts';

const artifacts = join(import.meta.dirname, '..', '..', '..', '..', 'artifacts', 'link');

/** A phone of the narrowest kind in use. */
export const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const;

/** Somebody with a browser of their own. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly watch: Watch;
  /**
   * Holds the present page to what all promise: nothing that axe takes seriously, no scrolling sideways; and keeps a picture of it.
   */
  check(name: string): Promise<void>;
}

export async function startLinkPages() {
  const house = await startTestHouse();
  const executable = findChromium();
  const chromium = executable === undefined ? undefined : await launchChromium(executable);
  mkdirSync(artifacts, { recursive: true });
  let visitors: Visitor[] = [];
  return {
    house,
    /** The test is skipped where there is no Chromium. */
    async visitor(test: Pick<TestContext, 'skip'>, options: BrowserContextOptions = {}): Promise<Visitor> {
      if (chromium === undefined) return test.skip('chromium is not installed');
      const context = await chromium.newContext({ locale: 'en-GB', ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      const visitor: Visitor = {
        page,
        context,
        watch: watchPage(page, house.publicUrl),
        async check(name) {
          await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true });
          // Scripts are needed to look, not for what is looked at.
          if (options.javaScriptEnabled === false) return;
          expect(await accessibilityProblems(page), name).toEqual([]);
          expect(await sidewaysPixels(page), `${name} scrolls sideways`).toBe(0);
        },
      };
      visitors.push(visitor);
      return visitor;
    },
    /** Ends the visits of a test, none of which may have met an error of the page or a breach of its policy. */
    async endVisits() {
      const troubles = visitors.flatMap(({ watch }) => watch.troubles);
      for (const { context } of visitors) await context.close();
      visitors = [];
      expect(troubles).toEqual([]);
    },
    async close() {
      await chromium?.close();
      await house.close();
    },
  };
}

export type LinkPages = Awaited<ReturnType<typeof startLinkPages>>;

function sidewaysPixels(page: Page): Promise<number> {
  return page.evaluate<number>(
    'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)',
  );
}

/** Goes through the sandbox's consent page. */
export async function consent(page: Page, user: string, decision: 'Allow' | 'Deny' = 'Allow'): Promise<void> {
  await page.locator(`input[name="user"][value="${user}"]`).check();
  await page.getByRole('button', { name: decision, exact: true }).click();
}

/** Enters user name and password, and sends them. */
export async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.locator('input[name="username"]').fill(username);
  await page.locator('input[name="password"]').fill(password);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
}
