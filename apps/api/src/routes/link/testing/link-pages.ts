/** The Link pages in Chromium: a house around them, and visitors that hold what they see against what every page promises. */
import { join } from 'node:path';
import { audit, launchChromium, requireChromium, type Visit, visit } from '@tributary/testing-browser';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, type TestContext } from 'vitest';
import { startTestHouse } from './test-house.ts';

const artifacts = join(import.meta.dirname, '..', '..', '..', '..', '..', '..', 'artifacts', 'link');

/** A phone of the narrowest kind in use. */
export const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const;

export interface Visitor extends Visit {
  /** Holds the present page to what all promise: nothing that axe takes seriously, no scrolling sideways; and keeps a picture of it. */
  check(name: string): Promise<void>;
}

export async function startLinkPages() {
  const house = await startTestHouse();
  const chromium = await launchChromium();
  const visitors = new Set<Visit>();
  return {
    house,
    /** A browser of its own; the test is skipped where there is no Chromium. */
    async visitor(context: Pick<TestContext, 'skip'>, options: BrowserContextOptions = {}): Promise<Visitor> {
      requireChromium(context);
      if (chromium === undefined) throw new Error('Chromium did not start');
      const made = await visit(chromium, artifacts, options);
      made.page.setDefaultTimeout(15_000);
      visitors.add(made);
      return {
        ...made,
        async check(name) {
          // Scripts are needed to look, not for what is looked at.
          if (options.javaScriptEnabled !== false) {
            expect(await audit(made.page), name).toEqual([]);
            expect(await sidewaysPixels(made.page), `${name} scrolls sideways`).toBe(0);
          }
          await made.picture(name);
        },
      };
    },
    /** Ends the visits of a test, none of which may have met an error of the page or a breach of its policy. */
    async endVisits() {
      const complaints = [...visitors].flatMap((each) => each.complaints);
      for (const each of visitors) await each.close();
      visitors.clear();
      expect(complaints).toEqual([]);
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
