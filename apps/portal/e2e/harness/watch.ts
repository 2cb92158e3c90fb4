import type { Page } from 'playwright-core';

/** What went wrong in a page without anybody having asked for it. */
export interface Watch {
  /** Console errors, uncaught errors, refusals of the Content-Security-Policy and answers of 5xx, oldest first. */
  readonly troubles: readonly string[];
  /** Every request to the service, as `GET /companies`. */
  readonly requests: readonly string[];
  /** Lets the page have troubles that match, for tests that cause them. */
  allow(pattern: RegExp): void;
}

/** Chromium's own line about an answer that is no success. Pages handle these; what they must not be is 5xx. */
const refusedAnswer = /^Failed to load resource: the server responded with a status of 4\d\d/;

/** @param origin of the service; what other sites are asked for is theirs */
export function watchPage(page: Page, origin: string): Watch {
  const found: string[] = [];
  const requests: string[] = [];
  const allowed: RegExp[] = [];
  page.on('console', (message) => {
    const isRefusal = /content security policy/i.test(message.text());
    if (message.type() !== 'error' && !isRefusal) return;
    if (!refusedAnswer.test(message.text())) found.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => found.push(`uncaught: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin === origin) requests.push(`${request.method()} ${url.pathname}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500 && response.url().startsWith(origin))
      found.push(`answer: ${response.status()} ${response.url()}`);
  });
  return {
    get troubles() {
      return found.filter((trouble) => !allowed.some((pattern) => pattern.test(trouble)));
    },
    requests,
    allow: (pattern) => void allowed.push(pattern),
  };
}
