import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** A browser of somebody's own, with one page. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What pages have complained about so far: console errors, uncaught exceptions, what a policy forbade. */
  readonly complaints: readonly string[];
  /** Keeps a picture of the whole page in `artifacts/`, which is not part of the project. */
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Pages that are refused on purpose: the browser reports each as an error of its own. */
const expectedComplaint = /^Failed to load resource: the server responded with a status of [45]\d\d/;

/** @param artifacts folder for pictures, made when the first is taken */
export async function visit(
  browser: Browser,
  artifacts: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const complaints: string[] = [];
  context.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !expectedComplaint.test(text)) complaints.push(text);
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  const page = await context.newPage();
  return {
    page,
    context,
    complaints,
    async picture(name) {
      mkdirSync(artifacts, { recursive: true });
      await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true });
    },
    close: () => context.close(),
  };
}
