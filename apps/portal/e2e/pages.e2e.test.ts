import { expect, test } from 'vitest';
import { setUpBrowserTests } from './harness/index.ts';

const tests = setUpBrowserTests();

/** Every page of somebody who may see all of them, at its address. */
const pages: readonly (readonly [path: string, title: string])[] = [
  ['/portal/', 'Home'],
  ['/portal/companies', 'Companies'],
  ['/portal/integrations', 'Integrations'],
  ['/portal/integrations/ksho', 'Kashoo'],
  ['/portal/integrations/wvzu', 'KashFlow'],
  ['/portal/settings/apiKeys', 'API keys'],
  ['/portal/settings/link', 'Link'],
  ['/portal/settings/webhooks', 'Webhooks'],
  ['/portal/settings/sync', 'Sync'],
  ['/portal/settings/users', 'Users'],
  ['/portal/settings/audit', 'Audit log'],
  ['/portal/account', 'Your account'],
  ['/portal/nowhere', 'Page not found'],
];

test.each([
  ['new', 'a client that has nothing yet'],
  ['demo', 'the client of the demo company'],
])(
  '%s: every page is accessible in light, dark and on a phone, for %s',
  async (kind) => {
    const tenant = kind === 'demo' ? await tests.tenants.demo() : await tests.tenants.create('Maple Lending');
    const { page, signIn, goto, inspectEverywhere } = await tests.open();
    await signIn(await tenant.createUser('owner'));
    for (const [path, title] of pages) {
      await goto(path);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await expect.poll(() => page.title()).toBe(`${title} · Tributary`);
      await inspectEverywhere(`${kind}-${title.toLowerCase().replaceAll(' ', '-')}`);
    }
  },
  240_000,
);
