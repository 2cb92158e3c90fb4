import type { Api } from '../kit/api.ts';
import { Browser, type Page } from '../kit/browser.ts';
import { expect, status } from '../kit/expect.ts';
import { at, type Json, json, textAt } from '../kit/json.ts';
import { until } from '../kit/wait.ts';
import type { LinkedCompany, World } from '../world.ts';

/** The platform key of Kashoo. */
export const kashoo = 'ksho';

/** The data types that Kashoo has, by the key of the published API and the path that lists them. */
export const dataTypes: readonly { key: string; path: string; perConnection?: true }[] = [
  { key: 'chartOfAccounts', path: 'accounts' },
  { key: 'bankAccounts', path: 'bankAccounts', perConnection: true },
  { key: 'customers', path: 'customers' },
  { key: 'suppliers', path: 'suppliers' },
  { key: 'invoices', path: 'invoices' },
  { key: 'bills', path: 'bills' },
  { key: 'payments', path: 'payments' },
  { key: 'billPayments', path: 'billPayments' },
  { key: 'items', path: 'items' },
  { key: 'taxRates', path: 'taxRates' },
];

/** Every key that a run can be asked for. */
export const allKeys: readonly string[] = ['company', ...dataTypes.map(({ key }) => key)];

/** Where a data type of a company is read. */
export function dataPath(company: LinkedCompany, key: string): string {
  const type = dataTypes.find((known) => known.key === key);
  const connection = type?.perConnection ? `/connections/${company.connectionId}` : '';
  return `/companies/${company.companyId}${connection}/data/${type?.path ?? key}`;
}

/** A company with a connection to Kashoo, its link not opened yet. */
export async function createCompany(api: Api, name: string): Promise<LinkedCompany & { body: Json }> {
  const exchange = status(await api.post('/companies', { name, platformType: kashoo }), 200);
  const body = json(exchange);
  return {
    companyId: textAt(body, 'id'),
    connectionId: textAt(body, 'dataConnections', 0, 'id'),
    linkUrl: textAt(body, 'linkUrl'),
    body,
  };
}

/** Opens a link URL in a browser, as far as the platform's consent page. */
export async function openConsent(world: World, browser: Browser, linkUrl: string): Promise<Page> {
  const page = await browser.open(linkUrl);
  expect(
    page.url.startsWith(`${world.sandbox.origin}/oauth2/authorize`),
    'the link does not lead to the platform',
    page.exchange,
  );
  status(page.exchange, 200);
  return page;
}

/** Consents, or denies, on the platform's own page. */
export async function decide(
  browser: Browser,
  consent: Page,
  choice: { user: string; button?: RegExp; stopBefore?: (url: URL) => boolean },
): Promise<Page> {
  const { user, button = /allow/i, stopBefore } = choice;
  const [form] = consent.forms;
  expect(form, 'the consent page has no form', consent.exchange);
  return browser.submit(form, { choices: { user }, button, ...(stopBefore ? { stopBefore } : {}) });
}

/** The whole way through a link: ends on the page that the product shows last. */
export async function followLink(
  world: World,
  linkUrl: string,
  user: string,
): Promise<{ browser: Browser; page: Page }> {
  const browser = new Browser();
  const consent = await openConsent(world, browser, linkUrl);
  return { browser, page: await decide(browser, consent, { user }) };
}

/** A new company, linked to the business of a user who has one. */
export async function linkCompany(world: World, name: string, user: string): Promise<LinkedCompany> {
  const company = await createCompany(world.api, name);
  const { page } = await followLink(world, company.linkUrl, user);
  status(page.exchange, 200);
  await expectConnectionStatus(world.api, company, 'Linked');
  return company;
}

export async function connectionStatus(api: Api, company: LinkedCompany): Promise<string> {
  const { companyId, connectionId } = company;
  return textAt(await api.read(`/companies/${companyId}/connections/${connectionId}`), 'status');
}

export async function expectConnectionStatus(
  api: Api,
  company: LinkedCompany,
  expected: string,
): Promise<void> {
  const found = await connectionStatus(api, company);
  expect(found === expected, `the connection is ${found}, not ${expected}`);
}

const endStatuses = new Set([
  'Complete',
  'NotSupported',
  'FetchError',
  'MapError',
  'InternalError',
  'ProcessingError',
  'ValidationError',
  'AuthError',
  'Cancelled',
  'RateLimitError',
  'PermissionsError',
  'PrerequisiteNotMet',
]);

export function hasEnded(runStatus: string): boolean {
  return endStatuses.has(runStatus);
}

/** `currentStatus` by data type, for types that Kashoo has. */
export async function statuses(api: Api, companyId: string): Promise<Map<string, string>> {
  const body = await api.read(`/companies/${companyId}/dataStatus`);
  return new Map(allKeys.map((key) => [key, textAt(body, key, 'currentStatus')]));
}

/** Waits until every data type of a company has ended, and says how. */
export async function untilSynced(api: Api, companyId: string, seconds = 60): Promise<Map<string, string>> {
  let last = '';
  return until(
    'every data type has been read',
    async () => {
      const found = await statuses(api, companyId);
      last = [...found]
        .filter(([, value]) => !hasEnded(value))
        .map((pair) => pair.join(' '))
        .join(', ');
      return last === '' ? found : undefined;
    },
    { seconds, everyMs: 200, describe: () => `still ${last}` },
  );
}

/** Asks for one data type. @returns the pull operation */
export async function queue(api: Api, companyId: string, dataType: string): Promise<Json> {
  return json(status(await api.post(`/companies/${companyId}/data/queue/${dataType}`), 200));
}

/** Waits for a pull operation to end. */
export async function untilEnded(api: Api, companyId: string, runId: string, seconds = 40): Promise<Json> {
  let last = '';
  return until(
    'the pull operation ends',
    async () => {
      const run = await api.read(`/companies/${companyId}/data/history/${runId}`);
      last = `${textAt(run, 'dataType')} ${textAt(run, 'status')} ${JSON.stringify(at(run, 'errorMessage') ?? '')}`;
      return hasEnded(textAt(run, 'status')) ? run : undefined;
    },
    { seconds, everyMs: 100, describe: () => last },
  );
}

/** Reads one data type again, to its end, which has to be `Complete`. */
export async function refresh(api: Api, companyId: string, dataType: string, seconds = 40): Promise<Json> {
  const run = await untilEnded(api, companyId, textAt(await queue(api, companyId, dataType), 'id'), seconds);
  const ended = textAt(run, 'status');
  expect(
    ended === 'Complete',
    `${dataType} ended as ${ended}: ${JSON.stringify(at(run, 'errorMessage') ?? '')}`,
  );
  return run;
}
