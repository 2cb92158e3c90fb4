import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setUpBrowserTests } from './harness/index.ts';

const tests = setUpBrowserTests();

/** A lender's system that is told of events; it fails while it is asked to. */
let status = 500;
const bodies: string[] = [];
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    bodies.push(body);
    response.writeHead(status).end('from the lender');
  });
});
beforeAll(() => new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done)));
afterAll(() => receiver.close());

test('an API key is shown once, works, and is deleted', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  const { page, signIn, goto, inspect } = await tests.open();
  await signIn(await tenant.createUser('admin'));
  await goto('/portal/settings/apiKeys');
  await page.getByRole('button', { name: 'New API key' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('loan desk');
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your new API key' });
  const key = await dialog.getByLabel('API key', { exact: true }).inputValue();
  await page.keyboard.press('Escape');
  expect(await dialog.isVisible()).toBe(true);
  await inspect('settings-api-key-once');
  const ask = () =>
    fetch(`${tests.stack.url}/companies`, {
      headers: { authorization: `Basic ${Buffer.from(key).toString('base64')}` },
    });
  expect((await ask()).status).toBe(200);
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  expect(await page.content()).not.toContain(key);
  await page.getByRole('button', { name: 'Delete API key loan desk' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete key' }).click();
  await page.getByText('The API key was deleted.').waitFor();
  expect((await ask()).status).toBe(401);
});

test('branding and the redirect URL are saved, previewed and refused where they are wrong', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  const { page, signIn, goto, inspectEverywhere } = await tests.open();
  await signIn(await tenant.createUser('admin'));
  await goto('/portal/settings/link');
  await page.getByLabel('Name').fill('Maple & Söhne');
  await page.getByRole('textbox', { name: 'Colour' }).fill('#ffd700');
  await page.getByLabel('Contact e-mail').fill('help@maple.example');
  const logo = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const choose = page.locator('input[type=file]');
  await choose.setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
  await page.getByText('The logo has to be a PNG, JPEG or WebP image.').waitFor();
  await choose.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: logo });
  await page.getByRole('img', { name: 'Logo of Maple & Söhne' }).waitFor();
  await page.getByRole('button', { name: 'Save branding' }).click();
  await page.getByText('Your branding is saved.', { exact: false }).waitFor();
  await inspectEverywhere('settings-branding');
  await page.getByRole('textbox', { name: 'Redirect URL' }).fill('javascript:alert(1)');
  await page.getByRole('button', { name: 'Save redirect URL' }).click();
  await page.getByText(/^The URL /).waitFor();
  await page
    .getByRole('textbox', { name: 'Redirect URL' })
    .fill('https://maple.example/linked?company={companyId}');
  await page.getByRole('button', { name: 'Save redirect URL' }).click();
  await page.getByText('The redirect URL is saved.').waitFor();
  await page.reload();
  await page.getByLabel('Contact e-mail').waitFor();
  expect(await page.getByLabel('Contact e-mail').inputValue()).toBe('help@maple.example');
  expect(await tenant.call('GET', '/profile')).toMatchObject({
    redirectUrl: 'https://maple.example/linked?company={companyId}',
  });
});

test('a webhook is made, its deliveries are seen and replayed, its secret rotated, and it is deleted', async () => {
  status = 500;
  bodies.length = 0;
  const tenant = await tests.tenants.create('Maple Lending');
  const { page, signIn, goto, inspectEverywhere } = await tests.open();
  await signIn(await tenant.createUser('admin'));
  await goto('/portal/settings/webhooks');
  await page.getByRole('button', { name: 'New webhook' }).first().click();
  const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`;
  await page.getByRole('dialog').getByLabel('Address').fill(address);
  await page.getByRole('button', { name: 'Create webhook' }).click();
  const secret = page.getByRole('dialog', { name: 'Signing secret' });
  expect(await secret.getByLabel('Signing secret', { exact: true }).inputValue()).toMatch(/^whsec_/);
  await secret.getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('link', { name: address }).click();
  await page.getByRole('heading', { name: 'Nothing was sent yet' }).waitFor();

  await tenant.call('POST', '/companies', { name: 'Corner Bakery' });
  const refresh = page.getByRole('button', { name: 'Refresh' });
  const attempts = page.getByRole('button', { name: '1 attempts of company.created' });
  await expect
    .poll(
      async () => {
        await refresh.click();
        return attempts.isVisible();
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  await attempts.click();
  await page.getByText('answered 500', { exact: false }).waitFor();
  await page.getByText('from the lender').waitFor();
  await inspectEverywhere('settings-webhook');
  status = 200;
  await page.getByRole('button', { name: 'Replay company.created' }).click();
  await page.getByText('The event is on its way again.').waitFor();
  await expect
    .poll(
      async () => {
        await refresh.click();
        return page.getByText('Succeeded', { exact: true }).isVisible();
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  expect(new Set(bodies).size).toBe(1);

  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await page.getByRole('button', { name: 'Make a new secret' }).click();
  const renewed = page.getByRole('dialog', { name: 'New signing secret' });
  expect(await renewed.getByLabel('Signing secret', { exact: true }).inputValue()).toMatch(/^whsec_/);
  await renewed.getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Delete webhook' }).click();
  await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
}, 120_000);

test('sync defaults are changed for one data type', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  const { page, signIn, goto } = await tests.open();
  await signIn(await tenant.createUser('admin'));
  await goto('/portal/settings/sync');
  await page.getByRole('combobox', { name: 'Schedule of Invoices' }).click();
  await page.getByRole('option', { name: 'Every 6 hours' }).click();
  await page
    .getByRole('spinbutton', { name: 'Months that Invoices reads back' })
    .or(page.getByLabel('Months that Invoices reads back'))
    .first()
    .fill('24');
  await page.getByText('Changed, not saved: 1').waitFor();
  await page.getByRole('button', { name: 'Save defaults' }).click();
  await page.getByText('The schedule is saved.').waitFor();
  const { settings } = await tenant.call<{ settings: { dataType: string }[] }>(
    'GET',
    '/profile/syncSettings',
  );
  expect(settings.find(({ dataType }) => dataType === 'invoices')).toMatchObject({
    syncSchedule: 6,
    syncFromWindow: 24,
  });
});

test('somebody is invited, joins by the link, and what they did stands in the audit log', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  const { page, signIn, goto, inspect, inspectEverywhere } = await tests.open();
  await signIn(await tenant.createUser('owner'));
  await goto('/portal/settings/users');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  const email = `new-${tenant.clientId}@example.com`;
  await page.getByRole('dialog').getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Make invitation' }).click();
  const made = page.getByRole('dialog', { name: 'Invitation link' });
  const link = await made.getByLabel('Invitation link', { exact: true }).inputValue();
  await made.getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('button', { name: `Withdraw the invitation of ${email}` }).waitFor();

  const invited = await tests.open();
  await invited.page.goto(link);
  await invited.page.getByRole('heading', { name: 'Join Maple Lending' }).waitFor();
  await invited.inspectEverywhere('invitation');
  await invited.page.getByLabel('Your name').fill('Noor');
  await invited.page.getByRole('textbox', { name: 'Password' }).fill('too short');
  await invited.page.getByRole('button', { name: 'Accept invitation' }).click();
  await invited.page.getByText('Use at least 12 characters.').waitFor();
  await invited.page.getByRole('textbox', { name: 'Password' }).fill('a long enough password');
  await invited.page.getByRole('button', { name: 'Accept invitation' }).click();
  await invited.page.getByText('Welcome, Noor.').waitFor();
  await invited.goto('/portal/companies');
  await invited.page.getByRole('button', { name: 'New company' }).first().click();
  await invited.page.getByRole('dialog').getByLabel('Name').fill('Corner Bakery');
  await invited.page.getByRole('button', { name: 'Create company' }).click();
  await invited.page.getByRole('dialog', { name: 'Link URL' }).waitFor();

  const again = await tests.open();
  await again.page.goto(link);
  await again.page.getByRole('heading', { name: 'This invitation cannot be used' }).waitFor();
  await again.inspect('invitation-used');

  await goto('/portal/settings/users');
  await page.getByRole('combobox', { name: 'Role of Noor' }).click();
  await page.getByRole('option', { name: 'Viewer' }).click();
  await page.getByText('Noor has another role now.').waitFor();
  await inspectEverywhere('settings-users-two');
  await goto('/portal/settings/audit');
  await page.getByRole('row', { name: /Noor.*Create company/ }).waitFor();
  await inspectEverywhere('settings-audit-entries');
  await goto('/portal/settings/users');
  await page.getByRole('button', { name: 'Remove Noor' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove user' }).click();
  await page.getByText('The user was removed.').waitFor();
  await inspect('settings-users-one');
  await invited.page.reload();
  await invited.page.getByRole('heading', { name: 'Sign in' }).waitFor();
}, 180_000);
