/** The sandbox as a process of its own, with books of the wanted size. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@tributary/testing';
import { editInvoices, multiplyInvoices } from './books.ts';
import { type RunningProcess, startProcess } from './processes.ts';

/** Users of the sandbox that have one business of the classic product, with its number. */
export const businesses = [
  { user: '1001', id: '123456789' },
  { user: '1002', id: '123456801' },
] as const;

export interface Platform {
  readonly origin: string;
  readonly process: RunningProcess;
  /** Another word to the sandbox's switches, such as a delay of every page. */
  control(path: string, body: unknown): Promise<void>;
  /** An access token of a user who agrees to everything. */
  signIn(user: string): Promise<string>;
  /** Edits the newest invoices of the first business. */
  edit(count: number): void;
  stop(): Promise<void>;
}

export async function startPlatform(
  root: string,
  folder: string,
  options: {
    /** Invoices of the first business. */
    invoices: number;
    /** How many businesses get that many. */
    businesses?: number;
    pageLimit?: number;
    nodeArguments?: readonly string[];
  },
): Promise<Platform> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const dataDir = mkdtempSync(join(folder, 'sandbox-'));
  const origin = `http://127.0.0.1:${port}`;
  const start = (): Promise<RunningProcess> =>
    startProcess(root, 'sandbox', {
      environment: {
        SANDBOX_PORT: String(port),
        SANDBOX_SIZE: '2000',
        SANDBOX_PAGE_LIMIT: String(options.pageLimit ?? 1000),
        DATA_DIR: dataDir,
        LOG_LEVEL: 'error',
      },
      nodeArguments: options.nodeArguments ?? [],
      readyUrl: `${origin}/healthz`,
    });
  const control = async (path: string, body: unknown): Promise<void> => {
    const answer = await fetch(`${origin}/control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`control ${path}: ${answer.status} ${await answer.text()}`);
  };
  const wanted = businesses.slice(0, options.businesses ?? 1);
  const fileOf = (business: string) => join(dataDir, 'sandbox', `books-${business}.sqlite`);
  // Once, so that it writes small books; books that nobody has asked for are asked for by an edit.
  const first = await start();
  for (const { id } of wanted) await control('live', { edits: 1, business: id });
  await first.stop();
  for (const { id } of wanted) multiplyInvoices(fileOf(id), options.invoices);
  const process = await start();
  return {
    origin,
    process,
    control,
    signIn: (user) => signIn(origin, user),
    edit: (count) => editInvoices(fileOf(businesses[0].id), count),
    stop: async () => {
      await process.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function signIn(origin: string, user: string): Promise<string> {
  const redirectUri = 'http://localhost/callback';
  const query = new URLSearchParams({
    client_id: 'sandbox',
    response_type: 'code',
    scope: 'full-access',
    redirect_uri: redirectUri,
    state: 'state',
  });
  const consent = await fetch(`${origin}/oauth2/authorize?${query}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ user, decision: 'allow' }),
  });
  const code = new URL(consent.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const answer = await fetch(`${origin}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('sandbox:sandbox-secret')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}
