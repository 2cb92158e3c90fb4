import { expect, test } from 'vitest';
import { setUpBrowserTests } from './harness/index.ts';

const tests = setUpBrowserTests();

test('somebody who is not signed in signs in, and comes to where they wanted to go', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  const user = await tenant.createUser('owner');
  const { page, goto, inspectEverywhere } = await tests.open();
  await goto('/portal/companies');
  await expect.poll(() => page.title()).toBe('Sign in · Tributary');
  await inspectEverywhere('sign-in');
  await page.getByLabel('E-mail').fill(user.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/portal/companies');
});
