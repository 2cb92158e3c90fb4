import { expect, test } from 'vitest';
import { setUpBrowserTests, type Tenant } from './harness/index.ts';

const tests = setUpBrowserTests();

/** Many companies at once, without their routes. */
async function insertCompanies(tenant: Tenant, count: number): Promise<void> {
  await tests.tenants.store.pool.query(
    `INSERT INTO companies (id, client_id, name, created_at)
     SELECT gen_random_uuid(), $1, 'Business ' || lpad(n::text, 5, '0'), now() - n * interval '1 minute'
     FROM generate_series(1, $2::int) n`,
    [tenant.clientId, count],
  );
}

test('a company is renamed, and deleted once its name was typed', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  await tenant.call('POST', '/companies', { name: 'Bäckerei “Zum Löwen” & Sons' });
  const { page, signIn, goto, inspect } = await tests.open();
  await signIn(await tenant.createUser('admin'));
  await goto('/portal/companies');
  await page.getByRole('button', { name: /^More about/ }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('  Löwen Bakery  ');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('link', { name: 'Löwen Bakery' }).waitFor();

  await page.getByRole('button', { name: 'More about Löwen Bakery' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete company' });
  const confirm = dialog.getByRole('button', { name: 'Delete for good' });
  await dialog.getByLabel(/To confirm, type/).fill('Lowen Bakery');
  expect(await confirm.isDisabled()).toBe(true);
  await inspect('company-delete');
  await dialog.getByLabel(/To confirm, type/).fill('Löwen Bakery');
  await confirm.click();
  await page.getByRole('heading', { name: 'No companies yet' }).waitFor();
  const { results } = await tenant.call<{ results: unknown[] }>('GET', '/companies');
  expect(results).toEqual([]);
});

test('ten thousand companies are searched, filtered, ordered and paged, and the address keeps it', async () => {
  const tenant = await tests.tenants.create('Big Lender');
  await insertCompanies(tenant, 10_000);
  await tenant.call('POST', '/companies', { name: 'A "quoted" && {odd} name || = ~' });
  const { page, signIn, goto, inspectEverywhere } = await tests.open();
  await signIn(await tenant.createUser('viewer'));
  await goto('/portal/companies');
  await page.getByText('1–25 of 10,001').waitFor();
  await page.getByRole('button', { name: 'Page 401' }).click();
  await page.getByText('10,001–10,001 of 10,001').waitFor();
  await inspectEverywhere('companies-many');
  await page.getByLabel('Search by name').fill('business 0999');
  await page.getByText('1–10 of 10').waitFor();
  expect(new URL(page.url()).searchParams.get('name')).toBe('business 0999');
  await page.reload();
  await page.getByText('1–10 of 10').waitFor();
  await page.getByLabel('Search by name').fill('"quoted" && {odd} name || = ~');
  await page.getByRole('link', { name: 'A "quoted" && {odd} name || = ~' }).waitFor();
  await page.getByLabel('Search by name').fill('nobody');
  await page.getByRole('heading', { name: 'No company matches' }).waitFor();
  await page.getByRole('button', { name: 'Show all companies' }).click();
  await page.getByText('1–25 of 10,001').waitFor();
});

test('names that are long, from right to left, or look like markup do no harm', async () => {
  const tenant = await tests.tenants.create('<b>Lender</b> & مقرض');
  const names = ['W'.repeat(200), 'شركة المخبز الصغير ٢٠٢٤', '<img src=x onerror=alert(1)>', '🥐'.repeat(40)];
  for (const name of names) await tenant.call('POST', '/companies', { name, description: `${name} ${name}` });
  const { page, signIn, goto, inspectEverywhere } = await tests.open();
  await signIn(await tenant.createUser('owner', 'أوليفيا'.repeat(12)));
  await goto('/portal/companies');
  for (const name of names) await page.getByRole('link', { name, exact: true }).waitFor();
  await inspectEverywhere('companies-odd-names');
  await page.getByRole('button', { name: `View Link URL of ${names[0]}` }).click();
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  await inspectEverywhere('company-odd-link');
});

test('a viewer sees why what they may not do is not offered', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  await tenant.call('POST', '/companies', { name: 'Bakery' });
  const { page, signIn, goto, inspect } = await tests.open();
  await signIn(await tenant.createUser('viewer'));
  await goto('/portal/companies');
  const create = page.getByRole('button', { name: 'New company' });
  expect(await create.getAttribute('aria-disabled')).toBe('true');
  await create.click({ force: true });
  expect(await page.getByRole('dialog').count()).toBe(0);
  await create.focus();
  await page.getByRole('tooltip').getByText('Your role (viewer) may look here.', { exact: false }).waitFor();
  await inspect('companies-viewer');
  await goto('/portal/settings/apiKeys');
  expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
});
