/** What happens when things go wrong: the server, the network, the session, impatient people. */
import { expect, test } from 'vitest';
import { setUpBrowserTests } from './harness/index.ts';

const tests = setUpBrowserTests();

test('too many wrong passwords are refused for a while, in words', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  const user = await tenant.createUser('operator');
  const { page, goto, inspect } = await tests.open();
  await goto('/portal/signIn');
  await page.getByLabel('E-mail').fill(user.email);
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
  const button = page.getByRole('button', { name: 'Sign in' });
  await button.click();
  await page.getByText('The e-mail address or the password is wrong.').waitFor();
  await inspect('sign-in-wrong');
  await expect
    .poll(
      async () => {
        await button.click();
        return page.getByText('Too many attempts', { exact: false }).isVisible();
      },
      { timeout: 20_000 },
    )
    .toBe(true);
  await inspect('sign-in-limited');
});

test('a session that ended asks to sign in, and comes back to the same page; another person sees nothing of the first', async () => {
  const [first, second] = [
    await tests.tenants.create('First Lender'),
    await tests.tenants.create('Second Lender'),
  ];
  await first.call('POST', '/companies', { name: 'Secret Bakery' });
  const { page, context, signIn, goto } = await tests.open();
  await signIn(await first.createUser('viewer'));
  await goto('/portal/companies?status=Blank');
  await page.getByRole('link', { name: 'Secret Bakery' }).waitFor();
  await context.clearCookies();
  await page.getByRole('link', { name: 'Integrations', exact: true }).click();
  await page.getByText('Your session has ended.', { exact: false }).waitFor();
  const user = await second.createUser('viewer');
  await page.getByLabel('E-mail').fill(user.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Integrations' }).waitFor();
  await page.getByRole('link', { name: 'Companies', exact: true }).click();
  await page.getByRole('heading', { name: 'No companies yet' }).waitFor();
  expect(await page.getByText('Secret Bakery').count()).toBe(0);
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('a server in trouble is told with its reference, tried again, and nothing that was typed is lost', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  const { page, signIn, goto, inspect, watch } = await tests.open();
  await signIn(await tenant.createUser('operator'));
  watch.allow(/status of 50\d|answer: 50\d|ERR_FAILED|ERR_INTERNET_DISCONNECTED|net::/);
  const correlationId = '0123456789abcdef0123456789abcdef';
  await page.route('**/companies?*', (route) =>
    route.fulfill({ status: 503, headers: { 'x-correlation-id': correlationId }, body: '<html>Busy</html>' }),
  );
  await goto('/portal/companies');
  await page.getByText('The server is in trouble (503).', { exact: false }).waitFor();
  await page.getByText(correlationId).waitFor();
  await inspect('trouble-503');
  await page.unroute('**/companies?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'No companies yet' }).waitFor();

  await page.getByRole('button', { name: 'New company' }).first().click();
  await page.getByRole('dialog').getByLabel('Name').fill('Corner Bakery');
  // The request takes effect, and its answer gets lost: the second attempt must not make a second company.
  await page.route('**/companies', async (route) => {
    await route.fetch();
    await route.abort('failed');
  });
  await page.getByRole('button', { name: 'Create company' }).click();
  await page.getByText('The server could not be reached.', { exact: false }).waitFor();
  await inspect('trouble-no-answer');
  expect(await page.getByRole('dialog').getByLabel('Name').inputValue()).toBe('Corner Bakery');
  await page.unroute('**/companies');
  await page.getByRole('button', { name: 'Create company' }).click();
  await page.getByRole('dialog', { name: 'Link URL' }).waitFor();
  const { results } = await tenant.call<{ results: { name: string }[] }>('GET', '/companies');
  expect(results.map(({ name }) => name)).toEqual(['Corner Bakery']);
});

test('on a slow network shapes stand where data will be, and the keyboard alone is enough', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  await tenant.call('POST', '/companies', { name: 'Corner Bakery' });
  const { page, signIn, inspect } = await tests.open();
  await signIn(await tenant.createUser('viewer'));
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  await page.route('**/companies?*', async (route) => {
    await new Promise((done) => setTimeout(done, 1500));
    await route.continue();
  });
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('content');
  const companies = page.getByRole('link', { name: 'Companies', exact: true });
  await companies.focus();
  await page.keyboard.press('Enter');
  // The heading has the focus, so that a screen reader says where one is.
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Companies');
  await page.getByRole('status').getByText('Loading').first().waitFor({ state: 'attached' });
  await page.getByRole('link', { name: 'Corner Bakery' }).waitFor();
  await inspect('companies-slow');
});

test('dates follow the language of the reader', async () => {
  const tenant = await tests.tenants.demo();
  const { page, signIn, goto } = await tests.open({ locale: 'de-DE' });
  await signIn(await tenant.createUser('viewer'));
  await goto('/portal/companies');
  await page
    .getByText(/^vor \d+ (Sekunden|Minute)|^jetzt$/)
    .first()
    .waitFor();
});

test('the password is changed, and the old one is no longer taken', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  const user = await tenant.createUser('viewer');
  const { page, signIn, goto, inspect } = await tests.open();
  await signIn(user);
  await goto('/portal/account');
  await page.getByRole('textbox', { name: 'Current password' }).fill('wrong password');
  await page.getByRole('textbox', { name: 'New password' }).fill('another long password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('alert').first().waitFor();
  await inspect('account-refused');
  await page.getByRole('textbox', { name: 'Current password' }).fill(user.password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Your password was changed.').waitFor();
  const other = await tests.open();
  await other.signIn({ ...user, password: 'another long password' });
});
