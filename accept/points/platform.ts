import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser } from '../kit/browser.ts';
import { scaled } from '../kit/exact.ts';
import { equal, expect, show, status } from '../kit/expect.ts';
import { at, exactAt, type Json, json, listAt, textAt } from '../kit/json.ts';
import type { Process } from '../kit/processes.ts';
import type { Point, Report } from '../kit/report.ts';
import { Sandbox, users } from '../kit/sandbox.ts';
import { freePort, until } from '../kit/wait.ts';
import { lastLines, type World } from '../world.ts';
import { idOf } from './books.ts';

/** P8: the sandbox by itself, as a stand-in for the platform. */
export async function platformPoint(world: World, report: Report): Promise<void> {
  await report.point(
    'P8',
    'sandbox: Kashoo’s wire format over double-entry books; by seed, by size, alive, or from a file',
    async (point) => {
      await checkGrants(world, point);
      await checkEndpoints(world, point);
      await checkRealism(world, point);
      await checkDoubleEntry(world, point);
      await checkRecipes(world, point);
      await checkDataset(world, point);
    },
  );
}

async function checkGrants(world: World, point: Point): Promise<void> {
  const { sandbox } = world;
  await point.check(
    'consent page, authorisation code and refresh; what was used or denied is dead',
    async () => {
      const consent = await new Browser().open(sandbox.authorizeUrl());
      status(consent.exchange, 200);
      expect(consent.forms.length > 0, 'no form on the consent page', consent.exchange);
      const { refreshToken } = await sandbox.signIn(users.one);
      const refreshed = json(
        status(await sandbox.token({ grant_type: 'refresh_token', refresh_token: refreshToken }), 200),
      );
      equal(at(refreshed, 'token_type'), 'bearer', 'token_type');
      textAt(refreshed, 'userId');
      exactAt(refreshed, 'expires_in');
      const used = await sandbox.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
      equal(at(json(status(used, 400)), 'error'), 'invalid_grant', 'error');
      const wrong = new Sandbox(sandbox.origin, { clientId: sandbox.clientId, clientSecret: 'wrong' });
      equal(
        at(json(await wrong.token({ grant_type: 'refresh_token', refresh_token: refreshToken })), 'error'),
        'invalid_client',
        'error',
      );
      status(await sandbox.call('never-issued', '/api/users/me'), 401);
    },
  );
}

async function checkEndpoints(world: World, point: Point): Promise<void> {
  const { sandbox } = world;
  await point.check(
    'every endpoint of the contract answers: lists, single reads, writes, soft deletes, filters',
    async () => {
      const { accessToken } = await sandbox.signIn(users.trulySmall);
      const own = await sandbox.signIn(users.several);
      const [business] = await sandbox.whole(own.accessToken, '/api/users/me/businesses');
      const base = `/api/businesses/${idOf(business)}`;
      const read = async (path: string): Promise<Json> =>
        json(status(await sandbox.call(own.accessToken, path), 200));
      const first = async (path: string): Promise<Json | undefined> => listAt(await read(path))[0];
      await read('/api/users/me');
      const account = idOf(await first(`${base}/accounts?limit=1&archived=false`));
      for (const rest of [
        '',
        '/balances',
        '/balances?date=2025-01-31&primary=true',
        '/journalEntries?limit=1',
      ])
        await read(`/api/accounts/${account}${rest}`);
      const contact = idOf(await first(`${base}/contacts?type=CUSTOMER&includeRemoved=true&limit=1`));
      await read(`/api/contacts/${contact}`);
      await read(`${base}/items/${idOf(await first(`${base}/items`))}`);
      expect(listAt(await read(`${base}/taxes?version=2`)).length > 0, 'no taxes');
      await read(`${base}/records?type=ADJUSTMENT&limit=1`);
      for (const path of ['invoices', 'bills', 'invoicePayments', 'billPayments']) {
        await read(
          `/api/records/${idOf(await first(`${base}/records/${path}?limit=1&sortColumn=date&sortOrder=desc`))}`,
        );
      }
      equal(listAt(await read(`${base}/records/invoices`)).length, 50, 'default limit');
      const startedMs = Date.now() - 2_000;
      const body = JSON.stringify({
        contact: Number(contact),
        lineItems: [{ description: 'walk', quantity: 2, rate: 12.5, account: Number(account), taxCode: '' }],
      });
      const made = json(
        status(
          await sandbox.call(own.accessToken, `${base}/records/invoices`, { method: 'POST', body }),
          200,
          201,
        ),
      );
      equal(idOf(made, 'totalDue'), '2500', 'totalDue of the new invoice');
      const id = idOf(made);
      status(
        await sandbox.call(own.accessToken, `/api/records/${id}`, {
          method: 'PUT',
          body: '{"memo":"changed"}',
        }),
        200,
      );
      const changed = listAt(await read(`${base}/records/invoices?modifiedSince=${startedMs}`)).map(
        (record) => idOf(record),
      );
      expect(changed.includes(id), 'modifiedSince does not find the changed invoice');
      status(await sandbox.call(own.accessToken, `/api/records/${id}`, { method: 'DELETE' }), 200, 204);
      equal(at(await read(`/api/records/${id}`), 'removed'), true, 'removed, of the deleted invoice');
      const listed = async (more: string): Promise<boolean> =>
        listAt(await read(`${base}/records/invoices?modifiedSince=${startedMs}${more}`)).some(
          (record) => idOf(record) === id,
        );
      equal(
        [await listed(''), await listed('&includeRemoved=true')],
        [false, true],
        'listed without and with includeRemoved',
      );
      status(await sandbox.call(accessToken, `/api/records/${id}`), 404);
      const [small] = await sandbox.whole(accessToken, '/tsa/api/users/me/businesses');
      const items = await sandbox.call(accessToken, `/tsa/api/businesses/${idOf(small)}/items`);
      expect(items.status === 404 || items.text === '[]', 'TrulySmall has items', items);
      const [smallAccount] = await sandbox.whole(accessToken, `/tsa/api/businesses/${idOf(small)}/accounts`);
      status(await sandbox.call(accessToken, `/tsa/api/accounts/${idOf(smallAccount)}/openingBalances`), 200);
    },
  );
}

async function checkRealism(world: World, point: Point): Promise<void> {
  const { sandbox } = world;
  await point.check(
    'realistic: two years; contact-less, foreign, partly paid and removed records; archived accounts; difficult names',
    async () => {
      const { accessToken } = await sandbox.signIn(users.several);
      const [business] = await sandbox.whole(accessToken, '/api/users/me/businesses');
      const base = `/api/businesses/${idOf(business)}`;
      const invoices = await sandbox.all(accessToken, `${base}/records/invoices?includeRemoved=true`);
      const payments = await sandbox.all(accessToken, `${base}/records/invoicePayments`);
      const contacts = await sandbox.all(accessToken, `${base}/contacts?includeRemoved=true`);
      const accounts = await sandbox.all(accessToken, `${base}/accounts`);
      const dates = invoices.map((record) => textAt(record, 'date')).sort();
      const days = (Date.parse(dates.at(-1) ?? '') - Date.parse(dates[0] ?? '')) / 86_400_000;
      const isNobody = (record: Json): boolean =>
        /^(undefined|null|"0")$/.test(String(JSON.stringify(at(record, 'contact'))));
      const cents = (record: Json, member: string): bigint => BigInt(idOf(record, member));
      const names = contacts.map((record) => textAt(record, 'name'));
      const found = {
        'two years': days > 640 && days < 800,
        'contact-less sales': invoices.some(isNobody),
        'contact-less payments': payments.some(isNobody),
        'foreign currency': invoices.some((record) => at(record, 'foreignCurrency') === true),
        'partly paid': invoices.some(
          (record) =>
            cents(record, 'balanceDue') > 0n && cents(record, 'balanceDue') < cents(record, 'totalDue'),
        ),
        removed: invoices.some((record) => at(record, 'removed') === true),
        'archived accounts': accounts.some((record) => at(record, 'archived') === true),
        accents: names.some((name) => /[À-ž]/.test(name)),
        quotes: names.some((name) => /["'“”‘’]/.test(name)),
        'recurring customers':
          new Set(invoices.map((record) => String(at(record, 'contact')))).size < invoices.length / 2,
      };
      equal(
        Object.entries(found)
          .filter(([, there]) => !there)
          .map(([what]) => what),
        [],
        'what is missing',
      );
    },
  );
}

async function checkDoubleEntry(world: World, point: Point): Promise<void> {
  const { sandbox } = world;
  await point.check(
    'double entry: the journal lines of every record add up to zero in home currency',
    async () => {
      const { accessToken } = await sandbox.signIn(users.several);
      const [business] = await sandbox.whole(accessToken, '/api/users/me/businesses');
      const accounts = await sandbox.all(
        accessToken,
        `/api/businesses/${idOf(business)}/accounts?includeRemoved=true`,
      );
      const sums = new Map<string, bigint>();
      for (const account of accounts) {
        for (const entry of await sandbox.all(accessToken, `/api/accounts/${idOf(account)}/journalEntries`)) {
          const net = scaled(exactAt(entry, 'debit'), 0) - scaled(exactAt(entry, 'credit'), 0);
          const record = idOf(entry, 'record');
          sums.set(record, (sums.get(record) ?? 0n) + net);
        }
      }
      expect(sums.size > 500, `only ${sums.size} records post`);
      equal(
        [...sums].filter(([, sum]) => sum !== 0n).map(([record]) => record),
        [],
        'records that do not balance',
      );
      point.note(`${sums.size} records balance`);
    },
  );
}

interface Stand {
  started: Process;
  sandbox: Sandbox;
}

async function startSmall(world: World, changes: Readonly<Record<string, string>>): Promise<Stand> {
  const port = await freePort();
  const { clientId, clientSecret } = world.sandbox;
  const environment = {
    ...world.bareEnvironment(),
    SANDBOX_PORT: String(port),
    SANDBOX_SIZE: '50',
    SANDBOX_CLIENT_ID: clientId,
    SANDBOX_CLIENT_SECRET: clientSecret,
    ...changes,
  };
  const started = world.processes.start('a small sandbox', world.command('sandbox', environment));
  const origin = `http://127.0.0.1:${port}`;
  await world.answering(started, `${origin}/healthz`);
  return { started, sandbox: new Sandbox(origin, { clientId, clientSecret }) };
}

async function invoicesOf(sandbox: Sandbox): Promise<Json[]> {
  const { accessToken } = await sandbox.signIn(users.one);
  const [business] = await sandbox.whole(accessToken, '/api/users/me/businesses');
  return sandbox.all(accessToken, `/api/businesses/${idOf(business)}/records/invoices?includeRemoved=true`);
}

async function checkRecipes(world: World, point: Point): Promise<void> {
  const open: Stand[] = [];
  const start = async (changes: Readonly<Record<string, string>>): Promise<Stand> => {
    const stand = await startSmall(world, changes);
    open.push(stand);
    return stand;
  };
  await point.check(
    'the same seed gives the same books, another seed others; SANDBOX_LIVE changes them while it runs',
    async () => {
      const [one, same, other, live] = await Promise.all([
        start({ SANDBOX_SEED: '7' }),
        start({ SANDBOX_SEED: '7' }),
        start({ SANDBOX_SEED: '8' }),
        start({ SANDBOX_SEED: '7', SANDBOX_LIVE: 'true' }),
      ]);
      const text = async ({ sandbox }: Stand): Promise<string> => JSON.stringify(await invoicesOf(sandbox));
      const books = await text(one);
      expect((await text(same)) === books, 'the same seed gave other invoices');
      expect((await text(other)) !== books, 'another seed gave the same invoices');
      await until('the books change by themselves', async () => (await text(live)) !== books, {
        seconds: 20,
        everyMs: 500,
      });
      const count = (await invoicesOf(one.sandbox)).length;
      expect(count > 5 && count <= 50, `${count} invoices in books of 50 records`);
    },
  );
  await point.check('a wrong configuration is listed as a whole; SIGTERM ends it with 0', async () => {
    const environment = { ...world.bareEnvironment(), SANDBOX_SIZE: '49', SANDBOX_LIVE: 'perhaps' };
    const result = await world.processes.run('sandbox', world.command('sandbox', environment));
    expect(result.code !== 0, 'exit code 0');
    const said = result.lines.join('\n');
    for (const name of ['SANDBOX_SIZE', 'SANDBOX_LIVE'])
      expect(said.includes(name), `${name} is not named: ${lastLines(result)}`);
    for (const { started } of open) equal((await started.stop()).code, 0, 'exit code');
  });
}

/** One sale of two lines, a cancellation, and a sale to nobody whose line rounds up. */
const lines = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
900001,A1,"TEA SET, ""ROSES""",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
900001,A2,LANTERN,3,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
C900002,A1,"TEA SET, ""ROSES""",-2,2011-02-03 10:00:00,2.55,17850.0,United Kingdom
900003,A3,RIBBON,5,2011-03-04 11:30:00,0.125,0.0,France
`;

async function checkDataset(world: World, point: Point): Promise<void> {
  await point.check(
    'SANDBOX_DATASET: sales lines become invoices, with dates, cancellations and nobody',
    async () => {
      const file = join(world.processes.newFolder('dataset'), 'lines.csv');
      writeFileSync(file, lines);
      const { started, sandbox } = await startSmall(world, { SANDBOX_DATASET: file });
      const invoices = await invoicesOf(sandbox);
      const seen = invoices
        .map((invoice) =>
          [
            textAt(invoice, 'number'),
            textAt(invoice, 'date'),
            idOf(invoice, 'totalDue'),
            at(invoice, 'contact') ? 'somebody' : 'nobody',
          ].join(' '),
        )
        .sort();
      equal(
        seen,
        [
          '900001 2010-12-01 2547 somebody',
          '900003 2011-03-04 63 nobody',
          'C900002 2011-02-03 -510 somebody',
        ],
        show(seen),
      );
      await started.stop();
    },
  );
}
