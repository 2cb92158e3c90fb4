import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { createBooks } from './harness/books.ts';
import { contention } from './harness/contention.ts';
import { setUpBrowserTests, type Tenant } from './harness/index.ts';

const tests = setUpBrowserTests();

async function demoCompany(tenant: Tenant): Promise<string> {
  const { results } = await tenant.call<{ results: { id: string; name: string }[] }>(
    'GET',
    '/companies?query=name="Demo company"',
  );
  const [company] = results;
  if (!company) throw new Error('There is no demo company.');
  return company.id;
}

/** A signed-in page at a path of the demo company. */
async function openDemo(path: string, role: 'operator' | 'viewer' | 'admin' = 'operator') {
  const tenant = await tests.tenants.demo();
  const companyId = await demoCompany(tenant);
  const opened = await tests.open();
  await opened.signIn(await tenant.createUser(role));
  await opened.goto(`/portal/companies/${companyId}${path}`);
  return { ...opened, tenant, companyId };
}

const heading = (page: Page, name: string | RegExp, level = 1) =>
  page.getByRole('heading', { level, name, exact: typeof name === 'string' });

test('an operator syncs a data type, watches it, and reads in the history what was asked of the platform', async () => {
  const { page, inspectEverywhere } = await openDemo('');
  await heading(page, 'Demo company').waitFor();
  await inspectEverywhere('company-overview');
  await page.getByRole('button', { name: 'Sync now: Invoices' }).click();
  await page.getByText('Invoices: the sync has started.').waitFor();
  const row = page.getByRole('row', { name: /^Invoices / });
  await row.getByText('Up to date').waitFor();
  await page.getByRole('button', { name: 'Sync all' }).click();
  await page.getByText('The sync has started.', { exact: true }).waitFor();
  // All of them at once: some are seen while they run, and all are done in the end.
  await page
    .getByRole('status')
    .getByText(/\d+ of \d+ are being read\./)
    .waitFor();
  await page.getByRole('status').getByText('Nothing is being read right now.').waitFor({ timeout: 40_000 });

  await page.getByRole('navigation', { name: 'Company' }).getByRole('link', { name: 'History' }).click();
  await heading(page, 'Pull history', 2).waitFor();
  await page.getByRole('combobox', { name: 'Data type' }).click();
  await page.getByRole('option', { name: 'Invoices', exact: true }).click();
  await page.waitForURL(/dataType=invoices/);
  await page.getByRole('table').getByRole('link', { name: 'Customers' }).first().waitFor({ state: 'hidden' });
  await page.getByRole('row').getByRole('link', { name: 'Invoices' }).last().click();
  await heading(page, 'Sync of invoices').waitFor();
  await page.getByText('/records/invoices', { exact: false }).first().waitFor();
  await page.getByText('Everything, for the first time').waitFor();
  await inspectEverywhere('company-run');
});

test('records are filtered by choice and by hand, and the API’s refusal is told', async () => {
  const { page, tenant, companyId } = await openDemo('/data');
  await page.waitForURL(/\/data\/invoices\?connection=/);
  await page.getByRole('combobox', { name: 'Field to filter by' }).click();
  await page.getByRole('option', { name: 'Status', exact: true }).click();
  await page.getByRole('combobox', { name: 'Value' }).click();
  await page.getByRole('option', { name: 'Paid', exact: true }).click();
  await page.getByRole('button', { name: 'Add filter' }).click();
  const { totalResults } = await tenant.call<{ totalResults: number }>(
    'GET',
    `/companies/${companyId}/data/invoices?pageSize=1&query=status=Paid`,
  );
  await page.getByText(`${totalResults} records`).waitFor();
  const query = page.getByRole('textbox', { name: 'Query' });
  expect(await query.inputValue()).toBe('status="Paid"');
  await query.fill('colour=blue');
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('Unknown property "colour"').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText(/^\d+ records$/).waitFor();
  await page.getByRole('button', { name: 'Total', exact: true }).click();
  await page
    .getByRole('columnheader', { name: 'Total', exact: true })
    .and(page.locator('[aria-sort=ascending]'))
    .waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Paid on' }).check();
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: 'Paid on' }).waitFor();
});

test('a record stands beside the platform’s own, and leads to others', async () => {
  const { page, inspectEverywhere } = await openDemo('/data/invoices');
  const table = page.getByRole('table', { name: 'Invoices' });
  const first = table.getByRole('link').first();
  await first.waitFor();
  const number = (await first.textContent()) ?? '';
  await inspectEverywhere('company-records');
  await first.click();
  await heading(page, `Invoice ${number}`).waitFor();
  const raw = page.getByRole('region', { name: 'Platform’s record, as text' });
  await raw.waitFor();
  expect(JSON.parse((await raw.textContent()) ?? '')).toMatchObject({ number });
  await inspectEverywhere('company-record');
  await page
    .getByRole('navigation', { name: 'Related records' })
    .getByRole('link', { name: 'Postings' })
    .click();
  await page.getByText(/^\d+ records?$/).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: "D'Angelo & Sons" }).click();
  await heading(page, "Customer D'Angelo & Sons").waitFor();
});

test('statements are shown as charts, and as tables with the API’s figures', async () => {
  const { page, tenant, companyId, inspectEverywhere } = await openDemo('/statements');
  await page.getByRole('img', { name: /^Income, expenses and net profit/ }).waitFor();
  const { reports } = await tenant.call<{ reports: { netProfit: number }[] }>(
    'GET',
    `/companies/${companyId}/data/financials/profitAndLoss?periodLength=1&periodsToCompare=12`,
  );
  const cells = await page
    .getByRole('row', { name: /^Net profit/ })
    .getByRole('cell')
    .allInnerTexts();
  const format = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2 });
  expect(cells).toEqual(reports.map(({ netProfit }) => format.format(netProfit)));
  await page.getByText('Computed from accounts and journal entries').waitFor();
  await inspectEverywhere('company-profit-and-loss');
  for (const [link, chart] of [
    ['Balance sheet', /^Assets, liabilities/],
    ['Cash flow', /^Receipts and payments/],
    ['Cash position', /^Cash at the end/],
    ['Aged debtors', /^Aged debtors in CAD/],
    ['Aged creditors', /^Aged creditors/],
  ] as const) {
    await page.getByRole('navigation', { name: 'Statements' }).getByRole('link', { name: link }).click();
    await page.getByRole('img', { name: chart }).first().waitFor();
  }
  await inspectEverywhere('company-aged-creditors');
});

/** Scrolls a table to many places, and tells how long the page was busy at most, and how many rows it ever had. */
const scrollAround = `async () => {
  const scroller = document.querySelector('section[aria-label="Invoices"]');
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  observer.observe({ type: 'longtask' });
  let rows = 0;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const to = async (top) => {
    scroller.scrollTop = top;
    await frame();
    rows = Math.max(rows, scroller.querySelectorAll('tr[data-index]').length);
  };
  for (let step = 0; step < 120; step += 1) await to(step * 130);
  for (let step = 0; step <= 40; step += 1) {
    await to((step * 1299 * 9973) % scroller.scrollHeight);
    await new Promise((done) => setTimeout(done, 30));
  }
  await to(scroller.scrollHeight);
  await new Promise((done) => setTimeout(done, 300));
  observer.disconnect();
  return { longest, rows };
}`;

test('100,000 rows scroll without the page ever being busy for long', async () => {
  const tenant = await tests.tenants.create('Maple Lending');
  const { companyId } = await createBooks(tests.tenants, tenant, { name: 'Big books', invoices: 100_000 });
  const { page, signIn, goto, inspect } = await tests.open();
  await signIn(await tenant.createUser('viewer'));
  await goto(`/portal/companies/${companyId}/data/invoices`);
  await page.getByText('100,000 records').waitFor();
  const table = page.getByRole('table', { name: 'Invoices' });
  for (const text of ['£99,999,999,999,999.99', '-£1,234.50', 'JP¥5,000', 'شركة النور للتجارة'])
    await table.getByText(text).first().waitFor();
  await table.getByText('deleted', { exact: true }).waitFor();
  expect(await table.getAttribute('aria-rowcount')).toBe('100001');
  const before = contention();
  const { longest, rows } = await page.evaluate<{ longest: number; rows: number }>(`(${scrollAround})()`);
  console.log(`100,000 rows: longest task ${Math.round(longest)} ms, at most ${rows} rows in the page`);
  await table.getByRole('link', { name: 'INV-100000' }).waitFor();
  expect(rows).toBeLessThan(80);
  expect(longest).toBeLessThan(200 * Math.max(before, contention()));
  await inspect('company-100000-rows');
  // By the keyboard alone: from row to row, and into one.
  await table.getByRole('link', { name: 'INV-100000' }).focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('INV-099999');
  await page.keyboard.press('Enter');
  await heading(page, 'Invoice INV-099999').waitFor();
});

test('a company that is not linked says what to do; a viewer may look, and is told why not more', async () => {
  const tenant = await tests.tenants.create('Birch Lending');
  const { id } = await tenant.call<{ id: string }>('POST', '/companies', { name: 'Corner Café' });
  const linked = await createBooks(tests.tenants, tenant, { name: 'Linked, never synced', invoices: 0 });
  const { page, signIn, goto, inspect } = await tests.open();
  await signIn(await tenant.createUser('viewer'));
  await goto(`/portal/companies/${id}`);
  await heading(page, 'Not linked yet', 3).waitFor();
  await inspect('company-not-linked');
  await page.getByRole('button', { name: 'View Link URL' }).first().click();
  await page.getByRole('dialog', { name: 'Link URL' }).waitFor();
  await page.keyboard.press('Escape');
  await goto(`/portal/companies/${linked.companyId}`);
  await heading(page, 'Linked, but nothing was read yet', 3).waitFor();
  const syncAll = page.getByRole('button', { name: 'Sync all' });
  expect(await syncAll.getAttribute('aria-disabled')).toBe('true');
  await syncAll.focus();
  await page
    .getByRole('tooltip')
    .getByText(/^Your role \(viewer\)/)
    .waitFor();
  await inspect('company-nothing-synced');
  for (const path of ['/data', '/statements/profitAndLoss', '/statements/cashPosition', '/history']) {
    await goto(`/portal/companies/${linked.companyId}${path}`);
    await page.getByRole('link', { name: 'Go to the overview' }).waitFor();
  }
});

test('a company gets a schedule of its own, and goes back to the defaults', async () => {
  const tenant = await tests.tenants.create('Hazel Lending');
  const { companyId } = await createBooks(tests.tenants, tenant, { name: 'Corner Bakery', invoices: 0 });
  const { page, signIn, goto, inspect } = await tests.open();
  await signIn(await tenant.createUser('admin'));
  await goto(`/portal/companies/${companyId}/schedule`);
  await page.getByText('This company follows the defaults.', { exact: false }).waitFor();
  await page.getByRole('combobox', { name: 'Schedule of Invoices', exact: true }).click();
  await page.getByRole('option', { name: 'Hourly', exact: true }).click();
  await page.getByRole('button', { name: 'Save schedule' }).click();
  await page.getByText('The schedule is saved.').waitFor();
  await page.getByText('This company has settings of its own.', { exact: false }).waitFor();
  await inspect('company-schedule');
  interface Settings {
    settings: { dataType: string; syncSchedule: number }[];
    overridesDefaults: boolean;
  }
  const stored = () => tenant.call<Settings>('GET', `/companies/${companyId}/syncSettings`);
  const { settings, overridesDefaults } = await stored();
  expect(overridesDefaults).toBe(true);
  expect(settings.find(({ dataType }) => dataType === 'invoices')?.syncSchedule).toBe(1);
  await page.getByRole('button', { name: 'Follow the defaults' }).click();
  await page.getByRole('button', { name: 'Remove own settings' }).click();
  await page.getByText('This company follows the defaults.', { exact: false }).waitFor();
  expect((await stored()).overridesDefaults).toBe(false);
});

test('a connection is ended, and the page then has the address to connect again', async () => {
  const tenant = await tests.tenants.create('Willow Lending');
  const { companyId } = await createBooks(tests.tenants, tenant, { name: 'Corner Bakery', invoices: 10 });
  const { page, signIn, goto, inspect } = await tests.open();
  await signIn(await tenant.createUser('operator'));
  await goto(`/portal/companies/${companyId}`);
  await page.getByRole('button', { name: 'Disconnect' }).click();
  const asked = page.getByRole('dialog', { name: /^Disconnect / });
  await asked.getByText('What was read stays.', { exact: false }).waitFor();
  await asked.getByRole('button', { name: 'Disconnect' }).click();
  await page.getByText(/ is disconnected\.$/).waitFor();
  await page.getByText('The connection was ended; its data is kept.', { exact: false }).waitFor();
  await inspect('company-disconnected');
  const { results } = await tenant.call<{ results: { status: string; linkUrl: string }[] }>(
    'GET',
    `/companies/${companyId}/connections`,
  );
  expect(results.map(({ status }) => status)).toEqual(['Unlinked']);
  const address = page.getByRole('textbox', { name: /^Address to connect / });
  expect(await address.inputValue()).toBe(results[0]?.linkUrl);
  await goto(`/portal/companies/${companyId}/data/invoices`);
  await page.getByText('10 records').waitFor();
});

test('what belongs to others, or is erased meanwhile, is not there', async () => {
  const { page, goto, companyId } = await openDemo('');
  const tenant = await tests.tenants.create('Elder Lending');
  const { page: other, signIn, goto: otherGoto } = await tests.open();
  await signIn(await tenant.createUser('admin'));
  for (const path of ['', '/data/invoices', '/history', '/statements/debtors']) {
    await otherGoto(`/portal/companies/${companyId}${path}`);
    await heading(other, 'Company not found').waitFor();
  }
  await goto('/portal/companies/nonsense');
  await heading(page, 'Company not found').waitFor();
  const { id } = await tenant.call<{ id: string }>('POST', '/companies', { name: 'Soon gone' });
  const books = await createBooks(tests.tenants, tenant, { name: 'Soon gone too', invoices: 10 });
  await otherGoto(`/portal/companies/${books.companyId}`);
  await heading(other, 'Soon gone too').waitFor();
  await tenant.call('DELETE', `/companies/${books.companyId}`);
  await tenant.call('DELETE', `/companies/${id}`);
  // Whoever comes back to the tab is told.
  await other.evaluate("window.dispatchEvent(new Event('visibilitychange'))");
  await heading(other, 'Company not found').waitFor({ timeout: 20_000 });
});

test('a session that ends while something runs leads to the sign-in page and back', async () => {
  const { page, context, watch } = await openDemo('/history');
  await heading(page, 'Pull history', 2).waitFor();
  watch.allow(/401/);
  await context.clearCookies();
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Done', exact: true }).click();
  await page.getByText('Your session has ended.').waitFor();
  expect(new URL(page.url()).searchParams.get('next')).toMatch(/\/history/);
});

test('trouble of the server is told, and gone when it is over', async () => {
  const { page, watch, goto, companyId } = await openDemo('');
  watch.allow(/50[03]/);
  await page.route('**/data/invoices?**', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/json',
      body: '{"error":"The database is away."}',
    }),
  );
  await goto(`/portal/companies/${companyId}/data/invoices`);
  await page.getByText('The database is away.').waitFor();
  await page.unroute('**/data/invoices?**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText(/^\d+ records$/).waitFor();
});
