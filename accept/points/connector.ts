import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { cents, compare, scaled } from '../kit/exact.ts';
import { equal, expect, needed, show } from '../kit/expect.ts';
import { at, exactAt, type Json, json, listAt, textAt } from '../kit/json.ts';
import type { Point, Report } from '../kit/report.ts';
import { users } from '../kit/sandbox.ts';
import { type LinkedCompany, requestsPerSecond, type World } from '../world.ts';
import {
  type Books,
  checkNullIds,
  checkPayments,
  checkSales,
  equalCents,
  held,
  idOf,
  pairs,
  platformBooks,
  sameIds,
} from './books.ts';
import { tablesHolding } from './keys.ts';
import { expectConnectionStatus, linkCompany, refresh, statuses, untilSynced } from './linking.ts';

/** P6: what the platform has is what the lender reads, however the platform behaves on the way. */
export async function connectorPoint(world: World, report: Report): Promise<void> {
  await report.point(
    'P6',
    'Kashoo connector: every record mapped exactly, NullId, incremental, refresh, pacing, Retry-After, vault',
    async (point) => {
      const company = await point.need('a linked company', () => needed(world.found.main, 'W2'));
      await point.need('its first sync is over', () => untilSynced(world.api, company.companyId));
      const books = await point.need('the platform lists its books', () => platformBooks(world, users.one));
      await checkBooks(world, point, company, books);
      await checkMasterData(world, point, company, books);
      await checkLargeIds(world, point);
      await checkTrulySmall(world, point);
      await checkTroubles(world, point, company);
      await checkPacing(world, point);
      await checkVault(world, point);
    },
  );
}

async function checkBooks(world: World, point: Point, company: LinkedCompany, books: Books): Promise<void> {
  const sets: readonly (readonly [key: string, source: Json[]])[] = [
    ['chartOfAccounts', books.accounts],
    ['customers', books.customers],
    ['suppliers', books.suppliers],
    ['invoices', books.invoices],
    ['bills', books.bills],
    ['payments', books.invoicePayments],
    ['billPayments', books.billPayments],
    ['items', books.items],
    ['taxRates', books.taxes],
  ];
  for (const [key, source] of sets) {
    await point.check(`${key}: exactly the platform’s ${source.length}`, async () =>
      sameIds(await held(world, company, key), source),
    );
  }
  await point.check(
    'every invoice: totals, due, lines, tax, date, status, currency, exact to the cent',
    async () => {
      checkSales(await held(world, company, 'invoices'), books.invoices, 'invoice');
    },
  );
  await point.check('every bill likewise', async () => {
    checkSales(await held(world, company, 'bills'), books.bills, 'bill');
  });
  await point.check('every payment and bill payment: amount, allocations, rest on account', async () => {
    checkPayments(await held(world, company, 'payments'), books.invoicePayments, 'Invoice');
    checkPayments(await held(world, company, 'billPayments'), books.billPayments, 'Bill');
  });
  await point.check(
    'the NullId rule: invoices, payments, bills and bill payments without a contact',
    async () => {
      const counts = [
        checkNullIds(await held(world, company, 'invoices'), books.invoices, 'customer'),
        checkNullIds(await held(world, company, 'payments'), books.invoicePayments, 'customer'),
        checkNullIds(await held(world, company, 'bills'), books.bills, 'supplier'),
        checkNullIds(await held(world, company, 'billPayments'), books.billPayments, 'supplier'),
      ];
      expect(
        counts.every((count) => count > 0),
        `records without a contact: ${show(counts)}`,
      );
      point.note(`${counts.reduce((sum, count) => sum + count, 0)} records without a contact`);
    },
  );
}

const accountTypes: Readonly<Record<string, string>> = {
  ACCOUNTS_RECEIVABLE: 'Asset',
  BANK: 'Asset',
  CASH: 'Asset',
  FIXED_ASSET: 'Asset',
  INVENTORY: 'Asset',
  OTHER_ASSET: 'Asset',
  OTHER_CURRENT_ASSET: 'Asset',
  PREPAID_EXPENSE: 'Asset',
  ACCOUNTS_PAYABLE: 'Liability',
  CLIENT_CREDIT: 'Liability',
  CREDIT_CARD: 'Liability',
  LONG_TERM_LIABILITY: 'Liability',
  OTHER_CURRENT_LIABILITY: 'Liability',
  PAYROLL_TAX: 'Liability',
  TAXES: 'Liability',
  EQUITY: 'Equity',
  RETAINED_EARNINGS: 'Equity',
  INCOME: 'Income',
  GAIN_OR_LOSS_ON_EXCHANGE: 'Income',
  COST_OF_GOODS_SOLD: 'Expense',
  EXPENSE: 'Expense',
};
const bankTypes = ['BANK', 'CREDIT_CARD', 'CASH'];

async function checkMasterData(
  world: World,
  point: Point,
  company: LinkedCompany,
  books: Books,
): Promise<void> {
  await point.check('every account: type, number, archived, bank account, balance', async () => {
    const { accessToken } = await world.sandbox.signIn(users.one);
    for (const { id, record, source } of pairs(
      await held(world, company, 'chartOfAccounts'),
      books.accounts,
    )) {
      const type = textAt(source, 'type');
      equal(textAt(record, 'type'), accountTypes[type] ?? 'Unknown', `type of ${id} (${type})`);
      equal(at(record, 'nominalCode') ?? '', at(source, 'number') ?? '', `nominalCode of ${id}`);
      equal(at(record, 'status'), at(source, 'archived') === true ? 'Archived' : 'Active', `status of ${id}`);
      equal(at(record, 'isBankAccount'), bankTypes.includes(type), `isBankAccount of ${id}`);
      const answer = await world.sandbox.call(accessToken, `/api/accounts/${id}/balances?primary=true`);
      equalCents(at(record, 'currentBalance'), exactAt(json(answer), 'balance'), `currentBalance of ${id}`);
    }
  });
  await point.check('bank accounts: the accounts of type bank, cash and credit card', async () => {
    const banks = books.accounts.filter((account) => bankTypes.includes(textAt(account, 'type')));
    const records = await held(world, company, 'bankAccounts');
    sameIds(records, banks);
    for (const { id, record, source } of pairs(records, banks)) {
      equal(
        at(record, 'accountType'),
        at(source, 'type') === 'CREDIT_CARD' ? 'Credit' : 'Debit',
        `accountType of ${id}`,
      );
      cents(exactAt(record, 'balance'));
    }
  });
  await point.check('customers and suppliers by name, items by price, taxes by rate', async () => {
    for (const { id, record, source } of pairs(await held(world, company, 'customers'), books.customers)) {
      equal(textAt(record, 'customerName'), textAt(source, 'name'), `customerName of ${id}`);
      equal(at(record, 'status'), at(source, 'archived') === true ? 'Archived' : 'Active', `status of ${id}`);
    }
    for (const { id, record, source } of pairs(await held(world, company, 'suppliers'), books.suppliers)) {
      equal(textAt(record, 'supplierName'), textAt(source, 'name'), `supplierName of ${id}`);
    }
    for (const { id, record, source } of pairs(await held(world, company, 'items'), books.items)) {
      const price = at(source, 'defaultSellRate');
      if (price === undefined || price === null) continue;
      equal(
        compare(exactAt(record, 'invoiceItem', 'unitPrice'), exactAt(source, 'defaultSellRate')),
        0,
        `unitPrice of ${id}`,
      );
    }
    for (const { id, record, source } of pairs(await held(world, company, 'taxRates'), books.taxes)) {
      equal(
        scaled(exactAt(record, 'effectiveTaxRate'), 6),
        scaled(exactAt(source, 'rate'), 6),
        `effectiveTaxRate of ${id}`,
      );
      equal(textAt(record, 'code'), textAt(source, 'code'), `code of ${id}`);
    }
  });
  await point.check('company info', async () => {
    const info = await world.api.read(`/companies/${company.companyId}/data/info`);
    equal(textAt(info, 'companyName'), textAt(books.business, 'name'), 'companyName');
    equal(textAt(info, 'baseCurrency'), textAt(books.business, 'homeCurrency'), 'baseCurrency');
    equal(textAt(info, 'accountingPlatformRef'), idOf(books.business), 'accountingPlatformRef');
  });
}

async function checkLargeIds(world: World, point: Point): Promise<void> {
  await point.check(
    'ids above 2^53 and a name with quotes, accents and angle brackets come through whole',
    async () => {
      const company = await linkCompany(world, 'Large ids', users.largeIds);
      world.found.largeIds = company;
      await untilSynced(world.api, company.companyId);
      const books = await platformBooks(world, users.largeIds);
      expect(BigInt(idOf(books.invoices[0])) > 2n ** 53n, 'the platform’s ids are small');
      sameIds(await held(world, company, 'invoices'), books.invoices);
      checkSales(await held(world, company, 'invoices'), books.invoices, 'invoice');
      const info = await world.api.read(`/companies/${company.companyId}/data/info`);
      equal(textAt(info, 'companyName'), textAt(books.business, 'name'), 'companyName');
      equal(textAt(info, 'accountingPlatformRef'), idOf(books.business), 'accountingPlatformRef');
    },
  );
}

async function checkTrulySmall(world: World, point: Point): Promise<void> {
  await point.check(
    'TrulySmall (Kashoo 2.0): everything is read; items, which it lacks, are no error',
    async () => {
      const company = await linkCompany(world, 'TrulySmall', users.trulySmall);
      const ended = await untilSynced(world.api, company.companyId);
      for (const [key, value] of ended) {
        if (key !== 'items') equal(value, 'Complete', key);
      }
      expect(
        ['NotSupported', 'Complete'].includes(ended.get('items') ?? ''),
        `items ended as ${ended.get('items')}`,
      );
      expect((await held(world, company, 'invoices')).length > 0, 'no invoices');
    },
  );
}

async function checkTroubles(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const { api, sandbox } = world;
  const { companyId } = company;
  const invoices = 'GET /api/businesses/\\d+/records/invoices';
  const struck = async (): Promise<number> => {
    const faults = listAt(await sandbox.control('faults'), 'faults');
    return faults.reduce<number>((sum, fault) => sum + Number(exactAt(fault, 'struck').source), 0);
  };
  await sandbox.clearFaults();
  await point.check(
    'an access token that expires in the middle is refreshed, and the run completes',
    async () => {
      await sandbox.fault({ match: invoices, kind: 'tokenExpired', times: 1 });
      await refresh(api, companyId, 'invoices');
      equal(await struck(), 1, 'times the fault struck');
      await expectConnectionStatus(api, company, 'Linked');
    },
  );
  await sandbox.clearFaults();
  await point.check(
    '429 with Retry-After is waited out, 429 without it too; neither fails the run',
    async () => {
      await sandbox.fault({ match: invoices, kind: 'status', status: 429, retryAfter: 2, times: 1 });
      const startedMs = performance.now();
      await refresh(api, companyId, 'invoices');
      expect(
        performance.now() - startedMs >= 1_900,
        `it came back after ${Math.round(performance.now() - startedMs)} ms`,
      );
      equal(await struck(), 1, 'times the fault struck');
      await sandbox.clearFaults();
      await sandbox.fault({ match: invoices, kind: 'status', status: 429, times: 1 });
      await refresh(api, companyId, 'invoices');
      equal(await struck(), 1, 'times the second fault struck');
    },
  );
  await sandbox.clearFaults();
  await point.check('5xx, a cut answer and HTML in place of JSON are retried', async () => {
    await sandbox.fault(
      { match: invoices, kind: 'status', status: 503, times: 1 },
      { match: invoices, kind: 'cut', atPercent: 50, times: 1 },
      { match: invoices, kind: 'html', status: 502, times: 1 },
    );
    await refresh(api, companyId, 'invoices', 60);
    expect((await struck()) >= 3, 'not every fault struck');
  });
  await sandbox.clearFaults();
  await point.check('a refresh that fails by 5xx changes nothing: the connection stays Linked', async () => {
    await sandbox.fault(
      { match: invoices, kind: 'tokenExpired', times: 1 },
      { match: 'POST /oauth2/token', kind: 'status', status: 503, times: 1 },
    );
    await refresh(api, companyId, 'invoices', 60);
    await expectConnectionStatus(api, company, 'Linked');
    equal((await statuses(api, companyId)).get('invoices'), 'Complete', 'dataStatus of invoices');
  });
  await sandbox.clearFaults();
}

/** The platform logs what it is asked, with the time: one JSON line for each request. */
async function checkPacing(world: World, point: Point): Promise<void> {
  await point.check(
    `about ${requestsPerSecond} requests a second, never many more, reach the platform`,
    () => {
      const times = (world.sandboxProcess?.lines ?? []).flatMap((line) => {
        if (!line.includes('incoming request') || !/"url":"\/(tsa\/)?api\//.test(line)) return [];
        return [Number(/"time":(\d+)/.exec(line)?.[1])];
      });
      expect(times.length > 100, `only ${times.length} requests are in the platform’s log`);
      const within = (list: readonly number[], from: number, to: number): number =>
        list.filter((time) => time >= from && time < to).length;
      // The walk asks the platform, too; what it asked is taken off.
      const counts = times.map(
        (from) => within(times, from, from + 1_000) - within(world.sandbox.calledAt, from, from + 1_000),
      );
      const busiest = Math.max(...counts);
      point.note(`${busiest} requests to the platform in the busiest second`);
      // A budget that was saved up for a second may be spent at once.
      expect(busiest <= 2 * requestsPerSecond, `${busiest} requests in one second`);
    },
  );
}

const checkedTokens = 3;

async function checkVault(world: World, point: Point): Promise<void> {
  await point.check('tokens and application secrets are in the database in sealed form only', async () => {
    const grants = new DatabaseSync(join(world.sandboxFolder, 'sandbox', 'oauth.sqlite'), { readOnly: true });
    const tokens = ['access_tokens', 'refresh_tokens'].flatMap((table) =>
      grants
        .prepare(`SELECT token FROM ${table} ORDER BY grant_id DESC LIMIT ${checkedTokens}`)
        .all()
        .map((row) => String(row['token'])),
    );
    grants.close();
    expect(tokens.length > checkedTokens, `the platform has issued only ${tokens.length} tokens`);
    equal(
      await tablesHolding(world, [world.sandbox.clientSecret, ...tokens]),
      [],
      'tables that hold a secret',
    );
  });
}
