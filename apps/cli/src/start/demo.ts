import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, createBrowser } from './browser.ts';

/** What the demo company is made with: everything goes over HTTP, as a lender and a small business would do it. */
export interface DemoOptions {
  dataDir: string;
  publicUrl: string;
  /** Where the API listens, as seen from this machine. */
  api: { host: string; port: number };
  apiKey: string;
  sandbox: { clientId: string; clientSecret: string };
  log: (line: string) => void;
}

interface DemoRecord {
  companyId: string;
  linkUrl: string;
  isComplete: boolean;
}

interface DatasetStatus {
  currentStatus: string;
}

const platformKey = 'ksho';
/** Offered beside it, for whoever wants to link by hand. */
const otherPlatformKeys = ['wvzu'];
const companyName = 'Demo company';
const pollMs = 250;
const syncLimitMs = 120_000;

/**
 * Creates a company, links it to the sandbox through the real consent pages and waits for its first sync. Done once:
 * a file in the data folder remembers how far it came, and the next start goes on from there.
 * @throws {Error} with the request that was refused
 */
export async function ensureDemoCompany(options: DemoOptions): Promise<void> {
  const file = join(options.dataDir, 'demo.json');
  const remember = (state: DemoRecord) => writeFileSync(file, `${JSON.stringify(state)}\n`);
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoRecord) : undefined;
  if (known?.isComplete) return;
  const status = known && (await companyStatus(options, known.companyId));
  const demo = status !== undefined && known ? known : await createCompany(options);
  remember(demo);
  for (const key of otherPlatformKeys)
    await call(options, 'PATCH', `/integrations/${key}`, { enabled: true });
  if (status !== 'Linked') await linkCompany(options, demo.linkUrl);
  options.log('Demo: the first sync runs');
  await untilSynced(options, demo.companyId);
  remember({ ...demo, isComplete: true });
}

async function createCompany(options: DemoOptions): Promise<DemoRecord> {
  options.log('Demo: creating a company that is linked to the Kashoo sandbox');
  await call(options, 'PUT', `/integrations/${platformKey}/credentials`, options.sandbox);
  await call(options, 'PATCH', `/integrations/${platformKey}`, { enabled: true });
  const company = await call(options, 'POST', '/companies', { name: companyName, platformType: platformKey });
  return { companyId: String(company['id']), linkUrl: String(company['linkUrl']), isComplete: false };
}

/** Undefined when there is no such company: the data folder can be older than the database. */
async function companyStatus(options: DemoOptions, companyId: string): Promise<unknown> {
  const response = await send(options, 'GET', `/companies/${companyId}`);
  if (response.status === 404) return undefined;
  const company = await bodyOf(response, `GET /companies/${companyId}`);
  return company['status'];
}

async function linkCompany(options: DemoOptions, linkUrl: string): Promise<void> {
  const browser: Browser = createBrowser(({ origin, hostname, port }) =>
    origin === options.publicUrl ? options.api : { host: hostname, port: Number(port) || 80 },
  );
  const consent = await browser.open(linkUrl);
  const confirmation = await browser.submit(consent, { decision: 'allow' });
  if (confirmation.status !== 200) {
    throw new Error(`The link ended at ${confirmation.url.pathname} with status ${confirmation.status}.`);
  }
}

async function untilSynced(options: DemoOptions, companyId: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < syncLimitMs; waitedMs += pollMs) {
    const answer = await call(options, 'GET', `/companies/${companyId}/dataStatus`);
    const statuses = (Object.values(answer) as DatasetStatus[]).map(({ currentStatus }) => currentStatus);
    const requested = statuses.filter((status) => status !== 'Initial');
    const running = requested.filter((status) => !isFinal(status));
    if (requested.length > 0 && running.length === 0) return;
    await delay(pollMs);
  }
  throw new Error(`Its first sync did not end within ${syncLimitMs / 1000} seconds.`);
}

/** Statuses of a pull operation that nothing follows. */
function isFinal(status: string): boolean {
  return /^(Complete|NotSupported|Cancelled)$|Error$/.test(status);
}

async function call(
  options: DemoOptions,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  return bodyOf(await send(options, method, path, body), `${method} ${path}`);
}

function send({ api, apiKey }: DemoOptions, method: string, path: string, body?: object): Promise<Response> {
  const host = api.host.includes(':') ? `[${api.host}]` : api.host;
  return fetch(`http://${host}:${api.port}${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(apiKey).toString('base64')}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function bodyOf(response: Response, request: string): Promise<Record<string, unknown>> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${request} answered ${response.status}: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}
