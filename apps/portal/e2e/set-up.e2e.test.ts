/** The way of the set-up guide, to the letter, by somebody who has never been here. */
import { expect, test } from 'vitest';
import { setUpBrowserTests } from './harness/index.ts';

const tests = setUpBrowserTests();

test('from nothing to a linked company, with the tour beside', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  const { page, context, signIn, goto, inspect } = await tests.open();
  await signIn(await tenant.createUser('owner'));

  await page.getByRole('button', { name: 'Take the tour' }).click();
  const tour = page.getByRole('complementary', { name: 'Tour' });
  await tour.getByText('Step 1 of 4: Set up Kashoo').waitFor();
  await inspect('tour-1');

  // Integrations > Accounting > Kashoo > Manage.
  await page.getByRole('link', { name: 'Integrations', exact: true }).click();
  await page.getByRole('tab', { name: 'Accounting' }).waitFor();
  await page.getByRole('link', { name: 'Manage Kashoo' }).click();
  await page.getByRole('heading', { level: 1, name: 'Kashoo' }).waitFor();
  expect(await page.getByLabel('Redirect URI', { exact: true }).inputValue()).toBe(
    `${tests.stack.url}/link/callback/ksho`,
  );
  await page.getByRole('button', { name: 'Copy Redirect URI' }).click();
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(
    `${tests.stack.url}/link/callback/ksho`,
  );

  // Keys that are wrong are found out before a business meets them.
  await page.getByLabel('Client ID').fill('sandbox');
  await page.getByRole('textbox', { name: 'Client Secret' }).fill('a-wrong-secret');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('The keys for Kashoo are saved.').waitFor();
  await page.getByRole('button', { name: 'Test keys' }).click();
  await page.getByText('The keys do not work').waitFor();
  await inspect('set-up-wrong-keys');
  await page.getByRole('textbox', { name: 'Client Secret' }).fill(' sandbox-secret ');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Test keys' }).click();
  await page.getByText('The keys work').waitFor();
  await inspect('set-up-keys');
  // The secret does not come back.
  await page.reload();
  await page.getByLabel('Client ID').waitFor();
  expect(await page.getByRole('textbox', { name: 'Client Secret' }).inputValue()).toBe('');

  // Back to Integrations > Accounting, and from Disabled to Enabled.
  await page
    .getByRole('navigation', { name: 'Breadcrumbs' })
    .getByRole('link', { name: 'Integrations' })
    .click();
  const enabled = page.getByRole('switch', { name: /^Kashoo/ });
  expect(await enabled.isChecked()).toBe(false);
  await enabled.check({ force: true });
  await page.getByText('Kashoo is enabled', { exact: false }).waitFor();
  await inspect('set-up-enabled');

  await tour.getByText('Step 2 of 4: Create a test company').waitFor();
  await tour.getByRole('link', { name: 'Go to companies' }).click();
  await page.getByRole('button', { name: 'New company' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Corner Bakery');
  await inspect('company-new');
  // Somebody who presses twice gets one company.
  await dialog.getByRole('button', { name: 'Create company' }).dblclick();

  // View Link URL opens for a new company by itself.
  const linkDialog = page.getByRole('dialog', { name: 'Link URL' });
  const link = await linkDialog.getByLabel('Link URL', { exact: true }).inputValue();
  await linkDialog.getByRole('img', { name: 'QR code of the Link URL of Corner Bakery' }).waitFor();
  await linkDialog.getByRole('button', { name: 'Copy Link URL' }).click();
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(link);
  await inspect('company-link-url');
  const { results } = await tenant.call<{ results: { redirect: string }[] }>('GET', '/companies');
  expect(results.map(({ redirect }) => redirect)).toEqual([link]);
  await page.keyboard.press('Escape');

  // As the business would, in a browser of its own.
  await tour.getByText('Step 3 of 4', { exact: false }).waitFor();
  const business = await context.newPage();
  await business.goto(link);
  await business
    .getByRole('button', { name: /Kashoo/ })
    .or(business.getByRole('link', { name: /Kashoo/ }))
    .first()
    .click();
  await business.locator('[name=decision][value=allow]').click();
  await business.getByRole('heading').first().waitFor();
  await business.close();

  await tour.getByText('You have data').waitFor({ timeout: 60_000 });
  await goto('/portal/companies');
  const row = page.getByRole('row', { name: /Corner Bakery/ });
  await row.getByText('Linked').waitFor();
  await inspect('set-up-linked');
  await goto('/portal/');
  // The test itself has used its API key.
  await page.getByText('5 of 6 done').waitFor();
  await page.getByRole('link', { name: 'Corner Bakery' }).waitFor();
}, 180_000);
