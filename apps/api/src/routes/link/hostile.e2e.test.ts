/** Link pages under names, addresses and habits that they were not made for, in Chromium; and under any client's colours. */
import { hash } from 'node:crypto';
import { saveBranding } from '@tributary/store';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { consent, type LinkPages, phone, signIn, startLinkPages } from './testing/link-pages.ts';
import { users } from './testing/test-house.ts';

const right = { username: 'sandbox', password: 'sandbox-secret' };
const business = 'Harbour & Pine Outfitters Ltd.';

let pages: LinkPages;
beforeAll(async () => {
  pages = await startLinkPages();
});
afterEach(() => pages.endVisits());
afterAll(() => pages.close());

describe('a client’s brand', () => {
  /** A yellow square of one pixel. */
  const logo = {
    contentType: 'image/png',
    body: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5/hPwAGBwKA1Y+QwAAAAABJRU5ErkJggg==',
      'base64',
    ),
  };

  test.for(['#ffe000', '#0a0a0a', '#ffffff', '#777777', '#d0021b'])(
    'in %s: name, logo, help, and text that stays readable by day and by night',
    async (colour, test) => {
      const { page, check } = await pages.visitor(test);
      const company = await pages.house.createCompany({ alsoPlatformKey: 'wvzu' });
      const { startUrl } = await pages.house.addConnection(company);
      await saveBranding(pages.house.store.pool, company.clientId, {
        displayName: 'Maple & Co',
        logo,
        colour,
        contactEmail: 'help@maple.example',
        helpUrl: 'https://maple.example/help?a=1&b=2',
      });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(company.companyUrl);
        expect(await page.evaluate('document.querySelector(".lender-logo").naturalWidth')).toBe(1);
        await check(`brand-${colour.slice(1)}-${colorScheme}`);
      }
      expect(await page.locator('header').textContent()).toContain('Maple & Co');
      expect(await page.getByRole('link', { name: 'help@maple.example' }).getAttribute('href')).toBe(
        'mailto:help@maple.example',
      );
      const help = page.getByRole('link', { name: /Read the help of Maple & Co/ });
      expect(await help.getAttribute('href')).toBe('https://maple.example/help?a=1&b=2');
      await page.emulateMedia({ colorScheme: 'light' });
      await page.goto(startUrl);
      await consent(page, users.one);
      await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
      await check(`brand-${colour.slice(1)}-connected`);
    },
  );

  test('that an old profile holds is shown too, and what cannot be shown is left out', async (test) => {
    const { page } = await pages.visitor(test);
    const company = await pages.house.createCompany();
    await pages.house.store.prisma.client.update({
      where: { id: company.clientId },
      data: { logoUrl: `${pages.house.platform}/logo.png` },
    });
    await saveBranding(pages.house.store.pool, company.clientId, {
      displayName: ' ',
      logo: null,
      colour: 'red;} body { display: none',
      contactEmail: 'a@b.example?bcc=everybody@example.com',
      helpUrl: 'javascript:alert(1)',
    });
    const answer = await page.goto(company.companyUrl);
    expect(answer?.headers()['content-security-policy']).toContain(`img-src 'self' ${pages.house.platform};`);
    expect(await page.locator('header').textContent()).toBe('Maple Lending');
    expect(await page.locator('link[rel="stylesheet"]').count()).toBe(1);
    expect(await page.locator('footer a').count()).toBe(0);
  });
});

describe('names that were not expected', () => {
  test.for([
    ['markup', '"><img src=x onerror=alert(1)><script>alert(2)</script>\'`'],
    ['long', 'Wirtschaftsprüfungsgesellschaft'.repeat(16)],
    ['right-to-left', 'שלום \u202Eabc مرحبا بكم في المتجر'],
    ['stacked', `Z${'\u0301'.repeat(200)}algo`],
    ['nothing to see', '\u200b\u200b'],
  ] as const)('%s', async ([name, text], test) => {
    const { page, check } = await pages.visitor(test, phone);
    page.on('dialog', () => expect.fail('a script of a name was run'));
    const link = await pages.house.createLink({
      lender: text,
      company: text,
      platformKey: 'wvzu',
      alsoPlatformKey: 'ksho',
    });
    await page.goto(link.companyUrl);
    expect(await page.locator('.lead').textContent()).toContain(`the books of ${text}.`);
    await check(`name-${name.replaceAll(' ', '-')}-choose`);
    await page.goto(link.startUrl);
    await check(`name-${name.replaceAll(' ', '-')}-credentials`);
    await signIn(page, '"><script>alert(3)</script>', 'x');
    await page.getByRole('alert').waitFor();
    expect(await page.locator('input[name="username"]').inputValue()).toBe('"><script>alert(3)</script>');
  });
});

describe('habits that were not expected', () => {
  test('addresses with more than they should have: nothing of it comes back, and nobody is sent elsewhere', async (test) => {
    const { page } = await pages.visitor(test);
    const link = await pages.house.createLink({ platformKey: 'wvzu' });
    const foreign = 'https://evil.example/';
    for (const parameter of [
      'redirect',
      'redirectUrl',
      'next',
      'origin',
      'returnTo',
      'q',
      'still',
      'platformKey',
    ]) {
      const query = new URLSearchParams({ [parameter]: foreign });
      for (const path of [link.companyUrl, link.startUrl, link.doneUrl, `${pages.house.publicUrl}/link/x`]) {
        await page.goto(`${path}?${query}`);
        expect(new URL(page.url()).origin).toBe(pages.house.publicUrl);
        const body = parameter === 'q' ? '' : await page.content();
        expect(body).not.toContain('evil.example');
      }
    }
    await page.goto(`${pages.house.publicUrl}//evil.example/link/company/x`);
    expect(new URL(page.url()).origin).toBe(pages.house.publicUrl);
  });

  test('the form is sent once however often it is clicked', async (test) => {
    const { page } = await pages.visitor(test);
    const link = await pages.house.createLink({ platformKey: 'wvzu' });
    await page.goto(link.startUrl);
    let posts = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST') posts += 1;
    });
    await page.locator('input[name="username"]').fill(right.username);
    await page.locator('input[name="password"]').fill(right.password);
    await page.evaluate(
      'const button = document.querySelector("main button[type=submit]"); for (let n = 0; n < 5; n += 1) button.click();',
    );
    await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
    expect(posts).toBe(1);
    expect((await pages.house.connection(link.connectionId)).consents).toHaveLength(1);
    // Back to the form, and once more: it has linked already.
    await page.goBack();
    await signIn(page, right.username, right.password);
    await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
    expect((await pages.house.connection(link.connectionId)).status).toBe('Linked');
  });

  test('two tabs: both links work, and the confirmation of a withdrawn consent notices it', async (test) => {
    const { page, context } = await pages.visitor(test);
    const link = await pages.house.createLink();
    const other = await context.newPage();
    await page.goto(link.startUrl);
    await other.goto(link.startUrl);
    await consent(page, users.one);
    await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
    await consent(other, users.one);
    await other.getByRole('heading', { name: `${business} is connected` }).waitFor();
    await other.getByRole('button', { name: 'Withdraw consent' }).click();
    await other.getByRole('heading', { name: 'You have withdrawn your consent' }).waitFor();
    // No worker runs here, so that the first tab still follows the first sync.
    await page.bringToFront();
    await page.getByRole('heading', { name: /withdrawn your consent|has ended/ }).waitFor();
  });

  test('the page that follows the first sync lives through an outage', async (test) => {
    const { page, watch } = await pages.visitor(test);
    watch.allow(/ERR_FAILED/);
    const link = await pages.house.createLink();
    await page.goto(link.startUrl);
    await consent(page, users.one);
    await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
    const failed = page.waitForEvent('requestfailed');
    await page.route('**/done', (route) => route.abort());
    await failed;
    await page.unroute('**/done');
    const answered = await page.waitForResponse('**/done');
    expect(answered.status()).toBe(200);
    await page.getByRole('heading', { name: `${business} is connected` }).waitFor();
  });

  test('themes are colours in an address: nothing else is one', async () => {
    const theme = (name: string) => fetch(`${pages.house.publicUrl}/link/theme/${name}`);
    const good = await theme('ff8800.css');
    expect([good.status, good.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    const body = await good.text();
    expect(body).toContain('--brand: #ff8800');
    expect(hash('sha256', await (await theme('FF8800.css')).text())).toBe(hash('sha256', body));
    for (const name of ['ff880.css', 'ff88001.css', 'zzzzzz.css', 'ff8800', '..%2Flink.css', 'ff8800%3B.css'])
      expect((await theme(name)).status, name).toBe(404);
  });
});
