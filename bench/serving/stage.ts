/** What the benchmarks of serving stand on: the API and the floors as processes, on books that a sync has read and that were multiplied. */
import { randomBytes } from 'node:crypto';
import { launch } from '@tributary/config';
import { createApiKeyRepository, makeApiKey } from '@tributary/store';
import type { ConnectionRef } from '@tributary/sync';
import { freePort } from '@tributary/testing';
import type { BenchContext } from '../kit/context.ts';
import type { House } from '../kit/house.ts';
import { businesses } from '../kit/platform.ts';
import { type RunningProcess, startProcess } from '../kit/processes.ts';
import { type Books, createBooks, fillInvoices } from './fill.ts';
import { fire, type LoadPlan, type LoadResult } from './load.ts';

export interface Stage {
  readonly house: House;
  /** A connection of the client, linked and synced from the sandbox. */
  readonly synced: ConnectionRef;
  readonly api: RunningProcess & { readonly origin: string };
  readonly headers: Readonly<Record<string, string>>;
  /** Books with that many invoices; the planner knows them, and all are visible to indexes alone. */
  books(invoices: number): Promise<Books>;
  /** Has everything that was stored so far written to disk: otherwise whoever reads much has to do that first. */
  settle(): Promise<void>;
  /** The floors (see bare.ts). */
  bare(): Promise<RunningProcess & { readonly origin: string }>;
  /** The worker reads the sandbox's books in full, again and again, each time for a new company. @returns what ends it */
  keepSyncing(): () => Promise<void>;
  load(plan: Omit<LoadPlan, 'headers' | 'origin'> & { readonly origin?: string }): Promise<LoadResult>;
  /** The answer's body. @throws {Error} when it is no success */
  get(path: string): Promise<Page>;
}

/** The envelope of a list. */
interface Page {
  readonly results: readonly { readonly id: string }[];
  readonly totalResults: number;
  readonly _links: { readonly next?: { readonly href: string } };
}

/** What the synced company can be asked for. */
const readTypes = [
  'company',
  'chartOfAccounts',
  'taxRates',
  'customers',
  'items',
  'invoices',
  'payments',
  'journalEntries',
  'balanceSheet',
  'profitAndLoss',
] as const;

/** @param invoices that the books at the sandbox have */
export async function openStage(context: BenchContext, invoices: number): Promise<Stage> {
  const { root } = context;
  const house = await context.house(await context.platform({ invoices }));
  await context.worker(house);
  const synced = await house.link(businesses[0].user);
  for (const dataType of readTypes) await house.pull(synced, dataType);
  const apiKey = makeApiKey(randomBytes);
  const keys = createApiKeyRepository(house.store);
  await keys.ensure(synced.clientId, { id: crypto.randomUUID(), name: 'bench', apiKey });
  const headers = { authorization: `Basic ${Buffer.from(apiKey).toString('base64')}` };

  const listening = async (
    program: string,
    environment: Readonly<Record<string, string>>,
    nodeArguments: readonly string[] = [],
  ) => {
    const port = await freePort();
    const process = await startProcess(root, program, {
      environment: { ...house.environment, ...environment, PORT: String(port) },
      nodeArguments,
    });
    context.cleanUp(() => process.stop());
    return { ...process, origin: `http://127.0.0.1:${port}` };
  };
  // As an operator runs it, its log included.
  const api = await listening('api', {
    LOG_LEVEL: 'info',
    REQUESTS_PER_CLIENT_PER_DAY: '1000000000',
  });

  return {
    house,
    synced,
    api,
    headers,
    books: async (count) => {
      const started = performance.now();
      const books = await createBooks(house.store.pool, synced.clientId, `${count} invoices`);
      await fillInvoices(house.store.pool, { ...synced, connectionId: synced.id }, books, count);
      context.say(
        `   ${count.toLocaleString('en-GB')} invoices stored in ${((performance.now() - started) / 1000).toFixed(1)} s`,
      );
      return books;
    },
    keepSyncing: () => {
      let isWanted = true;
      const syncing = (async () => {
        while (isWanted) await house.pull(await house.link(businesses[0].user), 'invoices');
      })();
      return async () => {
        isWanted = false;
        await syncing;
      };
    },
    settle: async () => void (await house.store.pool.query('CHECKPOINT')),
    // With its memory in mind as the API is.
    bare: () => listening('bench/serving/bare.ts', launch.environment, launch.apiArguments),
    load: (plan) => fire(root, { origin: api.origin, headers, ...plan }),
    get: async (path) => {
      const answer = await fetch(`${api.origin}${path}`, { headers });
      if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as Page;
    },
  };
}
