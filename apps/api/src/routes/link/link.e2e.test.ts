/** What a small business goes through, in Chromium: the platform of its choice, its sign-in, the confirmation. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { consent, type LinkPages, phone, signIn, startLinkPages } from './testing/link-pages.ts';
import { users } from './testing/test-house.ts';

const right = { username: 'sandbox', password: 'sandbox-secret' };
const business = 'Harbour & Pine Outfitters Ltd.';

let pages: LinkPages;
beforeAll(async () => {
  pages = await startLinkPages();
  await pages.house.startWorker();
});
afterEach(() => pages.endVisits());
afterAll(() => pages.close());

const bothPlatforms = { alsoPlatformKey: 'wvzu' } as const;

test('OAuth: from the list of platforms to a confirmation that follows the first sync by itself, and back out', async (context) => {
  const { page, check } = await pages.visitor(context);
  const { companyUrl } = await pages.house.createCompany(bothPlatforms);
  await page.goto(companyUrl);
  expect(await page.title()).toBe('Connect your accounting software – Maple Lending');
  await check('choose');
  await page.getByRole('button', { name: /^Kashoo/ }).click();
  await consent(page, users.one);

  await page.getByRole('heading', { level: 1, name: `${business} is connected` }).waitFor();
  await page.evaluate('window.sameDocument = true');
  await check('reading');
  await page.getByText('Everything has been read.').first().waitFor();
  expect(await page.evaluate('window.sameDocument')).toBe(true);
  expect(await page.getByRole('status').textContent()).toBe('Everything has been read.');
  expect(await page.locator('[data-state="read"]').count()).toBeGreaterThan(10);
  expect(await page.locator('time').textContent()).toMatch(/ at \d\d:\d\d$/);
  await check('connected');

  await page.goto(companyUrl);
  await page.getByRole('heading', { name: `${business} is already connected` }).waitFor();
  await check('already-connected');
  await page.goBack();
  await page.getByRole('button', { name: 'Withdraw consent' }).click();
  await page.getByRole('heading', { level: 1, name: 'You have withdrawn your consent' }).waitFor();
  await check('withdrawn');
  await page.getByRole('link', { name: 'Connect again' }).click();
  await consent(page, users.one);
  await page.getByRole('heading', { level: 1, name: `${business} is connected` }).waitFor();
});

test('password: a refusal takes the focus and says what to do; what was entered can be looked at', async (context) => {
  const { page, check } = await pages.visitor(context);
  const { companyUrl } = await pages.house.createCompany(bothPlatforms);
  await page.goto(companyUrl);
  await page.getByRole('button', { name: /^KashFlow/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Connect KashFlow' }).waitFor();
  await check('credentials');
  await signIn(page, right.username, 'wrong');
  await page.getByRole('alert').waitFor();
  expect(await page.title()).toMatch(/^Error: /);
  expect(await page.evaluate('document.activeElement?.getAttribute("role")')).toBe('alert');
  expect(await page.locator('input[name="username"]').getAttribute('aria-invalid')).toBe('true');
  expect(await page.locator('input[name="username"]').inputValue()).toBe(right.username);
  await check('credentials-refused');

  const password = page.locator('input[name="password"]');
  await password.fill(right.password);
  await page.getByRole('button', { name: 'Show password' }).click();
  expect(await password.getAttribute('type')).toBe('text');
  await page.getByRole('button', { name: 'Hide password' }).click();
  expect(await password.getAttribute('type')).toBe('password');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: `${business} is connected` }).waitFor();
});

test('too many passwords are answered with a page that says when to try again', async (context) => {
  const { page, check } = await pages.visitor(context);
  const link = await pages.house.createLink({ platformKey: 'wvzu' });
  await page.goto(link.startUrl);
  await expect
    .poll(
      async () => {
        await signIn(page, right.username, 'wrong');
        await page.waitForLoadState();
        return page.getByRole('heading', { level: 1 }).textContent();
      },
      { timeout: 50_000, interval: 50 },
    )
    .toBe('Too many attempts');
  await check('too-many-attempts');
});

test('the search finds while it is typed into, and says so when there is nothing', async (context) => {
  const { page, check } = await pages.visitor(context);
  const { companyUrl } = await pages.house.createCompany(bothPlatforms);
  await page.goto(`${companyUrl}?utm_source=mail&q=Flow`);
  const platforms = page.locator('button.platform:visible');
  expect(await platforms.count()).toBe(1);
  const field = page.getByRole('searchbox', { name: 'Find your software' });
  await field.fill('K');
  expect(await platforms.count()).toBe(2);
  await field.fill('kásh öo');
  expect(await platforms.allTextContents()).toEqual([expect.stringContaining('Kashoo')]);
  await field.fill('<b>"xero');
  expect(await platforms.count()).toBe(0);
  await page.getByText('None of the software that Maple Lending can read is called that.').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/[?&]q=.*xero/);
  expect(await field.inputValue()).toBe('<b>"xero');
  await check('search-without-result');
  await page.getByRole('link', { name: 'Show all' }).click();
  expect(await platforms.count()).toBe(2);
});

test('several businesses: one is chosen', async (context) => {
  const { page, check } = await pages.visitor(context);
  const link = await pages.house.createLink();
  await page.goto(link.startUrl);
  await consent(page, users.three);
  await page.getByRole('heading', { level: 1, name: 'Which business?' }).waitFor();
  await check('which-business');
  await page.getByLabel('Okafor Consulting').check();
  await page.getByRole('button', { name: 'Connect this business' }).click();
  await page.getByRole('heading', { level: 1, name: 'Okafor Consulting is connected' }).waitFor();
});

test('access that was revoked is given again through the same link', async (context) => {
  const { page, check } = await pages.visitor(context);
  const company = await pages.house.createCompany(bothPlatforms);
  const { connectionId, startUrl } = await pages.house.addConnection(company);
  await page.goto(startUrl);
  await consent(page, users.one);
  await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
  await pages.house.store.prisma.connection.update({
    where: { id: connectionId },
    data: { status: 'Deauthorized' },
  });
  await pages.house.credentials.drop(connectionId);

  await page.goto(company.companyUrl);
  await page.getByText('Please connect again.').waitFor();
  await check('connect-again');
  await page.getByRole('button', { name: 'Kashoo Connect again' }).click();
  await consent(page, users.another);
  await page.getByRole('heading', { level: 1, name: 'That is another business' }).waitFor();
  await page.getByRole('link', { name: 'Try again' }).click();
  await consent(page, users.one);
  await page.getByRole('heading', { level: 1, name: `${business} is connected` }).waitFor();
  expect((await pages.house.connection(connectionId)).status).toBe('Linked');
});

test('access that is denied: what happened, and two ways on', async (context) => {
  const { page, check } = await pages.visitor(context);
  const link = await pages.house.createLink(bothPlatforms);
  await page.goto(link.startUrl);
  await consent(page, users.one, 'Deny');
  await page.getByRole('heading', { level: 1, name: 'You did not give access' }).waitFor();
  await check('denied');
  await page.getByRole('link', { name: 'Choose other software' }).click();
  await page.waitForURL(link.companyUrl);
  await page.goBack();
  await page.getByRole('link', { name: 'Try again' }).click();
  await consent(page, users.one);
  await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
});

describe('in every way in which pages are looked at', () => {
  test('without scripts', async (context) => {
    const { page, check } = await pages.visitor(context, { javaScriptEnabled: false });
    const { companyUrl } = await pages.house.createCompany(bothPlatforms);
    await page.goto(companyUrl);
    await page.getByLabel('Find your software').fill('flow');
    await page.getByRole('button', { name: 'Search' }).click();
    expect(await page.locator('button.platform:visible').count()).toBe(1);
    await page.getByRole('button', { name: /^KashFlow/ }).click();
    await signIn(page, right.username, 'wrong');
    await page.getByText('did not accept this user name').waitFor();
    await check('no-script-refused');
    await signIn(page, right.username, right.password);
    await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
    await check('no-script-reading');
    // The page loads itself anew.
    await page.getByText('Everything has been read.').first().waitFor({ timeout: 45_000 });

    const oauth = await pages.house.createCompany();
    await page.goto(oauth.companyUrl);
    await page.getByRole('button', { name: /^Kashoo/ }).click();
    await consent(page, users.one);
    await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
    await page.getByRole('link', { name: 'Stop that' }).click();
    expect(await page.locator('meta[http-equiv="refresh"]').count()).toBe(0);
    await page.getByRole('button', { name: 'Withdraw consent' }).click();
    await page.getByRole('heading', { name: 'You have withdrawn your consent' }).waitFor();
  });

  test('with the keyboard alone', async (context) => {
    const { page } = await pages.visitor(context);
    /** Presses Tab until something of that name has the focus, and sees to it that the focus shows. */
    const tabTo = async (name: RegExp) => {
      for (let step = 0; step < 30; step += 1) {
        await page.keyboard.press('Tab');
        const label = await page.evaluate<string>(
          '((it) => it?.labels?.[0]?.textContent ?? it?.getAttribute("aria-label") ?? it?.textContent ?? "")(document.activeElement)',
        );
        if (name.test(label.trim())) return;
      }
      throw new Error(`no way by Tab to ${name}`);
    };
    const { companyUrl } = await pages.house.createCompany(bothPlatforms);
    await page.goto(companyUrl);
    await tabTo(/^KashFlow/);
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connect KashFlow' }).waitFor();
    await tabTo(/user ?name/i);
    await page.keyboard.type(right.username);
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.locator(':focus').getAttribute('id')).toBe('username');
    await page.keyboard.press('Tab');
    await page.keyboard.type(right.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
    await tabTo(/^Withdraw consent$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You have withdrawn your consent' }).waitFor();
    await tabTo(/^Connect again$/);
    const other = await pages.house.createCompany();
    await page.goto(other.companyUrl);
    await tabTo(/^Kashoo/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    await tabTo(/^Allow$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
  });

  test.for([
    ['phone', phone],
    ['dark', { colorScheme: 'dark' }],
    ['dark-phone', { ...phone, colorScheme: 'dark', reducedMotion: 'reduce' }],
  ] as const)('%s', async ([name, options], context) => {
    const { page, check } = await pages.visitor(context, options);
    const { companyUrl } = await pages.house.createCompany(bothPlatforms);
    await page.goto(companyUrl);
    await check(`${name}-choose`);
    await page.getByRole('button', { name: /^KashFlow/ }).click();
    await check(`${name}-credentials`);
    await signIn(page, 'api-off', right.password);
    await page.getByRole('alert').waitFor();
    await check(`${name}-credentials-refused`);
    await signIn(page, right.username, right.password);
    await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
    await check(`${name}-reading`);
    await page.getByText('Everything has been read.').first().waitFor({ timeout: 30_000 });
    await check(`${name}-connected`);
  });
});
