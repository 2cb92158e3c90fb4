import { equal, expect, Failure, needed, show, status } from '../kit/expect.ts';
import { at, dotted, type Json, listAt, numberAt, textAt } from '../kit/json.ts';
import type { Process } from '../kit/processes.ts';
import type { Point, Report } from '../kit/report.ts';
import { users } from '../kit/sandbox.ts';
import { until } from '../kit/wait.ts';
import { type LinkedCompany, lastLines, type World } from '../world.ts';
import { checkPayments, checkSales, held, platformBooks, sameIds } from './books.ts';
import {
  connectionStatus,
  dataPath,
  expectConnectionStatus,
  followLink,
  linkCompany,
  queue,
  refresh,
  untilEnded,
  untilSynced,
} from './linking.ts';

/** P7: the engine keeps pace with changes, proves deletions, survives bad records, revocations and lost workers. */
export async function enginePoint(world: World, report: Report): Promise<void> {
  await report.point(
    'P7',
    'sync engine: changes, deletions, quarantine, revocation, workers that are stopped and killed mid-run',
    async (point) => {
      const company = await point.need('a linked company', () => needed(world.found.main, 'W2'));
      await point.need('its first sync is over', () => untilSynced(world.api, company.companyId));
      const info = await world.api.read(`/companies/${company.companyId}/data/info`);
      const business = `/businesses/${textAt(info, 'accountingPlatformRef')}`;
      await checkUnchanged(world, point, company, business);
      await checkChanges(world, point, company);
      await checkDeletions(world, point, company, business);
      await checkQuarantine(world, point, company, business);
      await checkRevocation(world, point);
      await checkWorkers(world, point, business);
    },
  );
}

async function checkUnchanged(
  world: World,
  point: Point,
  company: LinkedCompany,
  business: string,
): Promise<void> {
  await point.check('records that did not change are not touched by another read', async () => {
    const moments = async (): Promise<unknown> =>
      (await held(world, company, 'customers')).map((record) => [
        at(record, 'id'),
        at(record, 'modifiedDate'),
      ]);
    await refresh(world.api, company.companyId, 'customers');
    const before = await moments();
    await refresh(world.api, company.companyId, 'customers');
    equal(await moments(), before, 'modifiedDate');
  });
  await point.check(
    'the next read of invoices is incremental: it asks by modifiedSince and is over at once',
    async () => {
      const from = world.sandboxProcess?.lines.length ?? 0;
      await refresh(world.api, company.companyId, 'invoices');
      const asked = (world.sandboxProcess?.lines ?? [])
        .slice(from)
        .filter((line) => line.includes(`${business}/records/invoices?`));
      expect(asked.length > 0, 'the platform was not asked');
      for (const line of asked)
        expect(line.includes('modifiedSince='), `asked without modifiedSince: ${line.slice(0, 300)}`);
      expect(asked.length <= 6, `${asked.length} requests for nothing new`);
    },
  );
}

async function checkChanges(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const { api, sandbox } = world;
  await point.check('60 changes at the platform, of every kind, are there after the next read', async () => {
    const { edits } = (await sandbox.control('live', { edits: 60 })) as { edits: readonly Json[] };
    const kinds = new Set(edits.map((edit) => textAt(edit, 'edit')));
    for (const key of ['invoices', 'bills', 'payments', 'billPayments', 'customers'])
      await refresh(api, company.companyId, key);
    const books = await platformBooks(world, users.one);
    const [invoices, bills, payments, billPayments] = [
      await held(world, company, 'invoices'),
      await held(world, company, 'bills'),
      await held(world, company, 'payments'),
      await held(world, company, 'billPayments'),
    ];
    sameIds(invoices, books.invoices);
    sameIds(bills, books.bills);
    sameIds(payments, books.invoicePayments);
    sameIds(billPayments, books.billPayments);
    checkSales(invoices, books.invoices, 'invoice');
    checkSales(bills, books.bills, 'bill');
    checkPayments(payments, books.invoicePayments, 'Invoice');
    checkPayments(billPayments, books.billPayments, 'Bill');
    point.note(`${edits.length} live edits of ${kinds.size} kinds`);
  });
}

async function checkDeletions(
  world: World,
  point: Point,
  company: LinkedCompany,
  business: string,
): Promise<void> {
  const { api, sandbox } = world;
  const { companyId } = company;
  await point.check(
    'a removed invoice stays readable, Void and isDeleted; customers are deleted only after proof',
    async () => {
      const { accessToken } = await sandbox.signIn(users.one);
      const invoices = await held(world, company, 'invoices');
      const victim = invoices.find(
        (invoice) => at(invoice, 'status') === 'Submitted' && dotted(invoice, 'metadata.isDeleted') !== true,
      );
      const id = textAt(victim, 'id');
      status(await sandbox.call(accessToken, `/api/records/${id}`, { method: 'DELETE' }), 204);
      await refresh(api, companyId, 'invoices');
      const gone = await api.read(`${dataPath(company, 'invoices')}/${id}`);
      equal([at(gone, 'status'), dotted(gone, 'metadata.isDeleted')], ['Void', true], 'status and isDeleted');
    },
  );
  await point.check('one listing that lacks customers deletes none of them', async () => {
    const count = async (): Promise<number> =>
      (await held(world, company, 'customers')).filter(
        (record) => dotted(record, 'metadata.isDeleted') !== true,
      ).length;
    const before = await count();
    await sandbox.fault({
      match: `GET /api${business}/contacts`,
      kind: 'status',
      status: 200,
      body: '[]',
      times: 1,
    });
    const run = await untilEnded(api, companyId, textAt(await queue(api, companyId, 'customers'), 'id'));
    await sandbox.clearFaults();
    equal(
      await count(),
      before,
      `customers after a listing that came back empty (run ${textAt(run, 'status')})`,
    );
    await refresh(api, companyId, 'customers');
    equal(await count(), before, 'customers after the next read');
  });
}

async function checkQuarantine(
  world: World,
  point: Point,
  company: LinkedCompany,
  business: string,
): Promise<void> {
  const { api, sandbox } = world;
  const { companyId } = company;
  await point.check(
    'a record that cannot be read is put aside with a reason, the others arrive, and it heals',
    async () => {
      const { accessToken } = await sandbox.signIn(users.one);
      const there = (await held(world, company, 'invoices')).filter(
        (invoice) => dotted(invoice, 'metadata.isDeleted') !== true,
      );
      const [bad, good] = [textAt(there[3], 'id'), textAt(there[4], 'id')];
      const touch = async (id: string, memo: string): Promise<void> => {
        status(
          await sandbox.call(accessToken, `/api/records/${id}`, {
            method: 'PUT',
            body: JSON.stringify({ memo }),
          }),
          200,
        );
      };
      const note = async (id: string): Promise<Json | undefined> =>
        at(await api.read(`${dataPath(company, 'invoices')}/${id}`), 'note');
      const healthy = await note(bad);
      await touch(bad, 'walk: bad');
      await touch(good, 'walk: good');
      const find = `("id":${bad},[^{}\\[\\]]*?"date":)"[^"]*"`;
      await sandbox.fault({
        match: `GET /api${business}/records/invoices`,
        kind: 'rewrite',
        find,
        replace: '$1"someday"',
        times: null,
      });
      const run = await untilEnded(api, companyId, textAt(await queue(api, companyId, 'invoices'), 'id'));
      await sandbox.clearFaults();
      equal(textAt(run, 'status'), 'Complete', 'status of the run');
      equal(await note(good), 'walk: good', 'note of the other record');
      equal(await note(bad), healthy, 'note of the record that was put aside');
      const validation = await api.read(`/companies/${companyId}/sync/${textAt(run, 'id')}/validation`);
      const said = [...listAt(validation, 'errors'), ...listAt(validation, 'warnings')];
      const found = said.find((entry) => at(entry, 'itemId') === bad);
      expect(found && textAt(found, 'message') !== '', `no reason for ${bad} among ${show(said)}`);
      await touch(bad, 'walk: healed');
      await refresh(api, companyId, 'invoices');
      equal(await note(bad), 'walk: healed', 'note once healed');
    },
  );
}

async function checkRevocation(world: World, point: Point): Promise<void> {
  const { api, sandbox } = world;
  await point.check(
    'access revoked: connection Deauthorized, company Deauthorised; the same link URL re-authorises',
    async () => {
      const company = world.found.largeIds ?? (await linkCompany(world, 'Revoked', users.largeIds));
      await untilSynced(api, company.companyId);
      await sandbox.control('revoke', { user: Number(users.largeIds) });
      const run = await untilEnded(
        api,
        company.companyId,
        textAt(await queue(api, company.companyId, 'invoices'), 'id'),
      );
      expect(
        textAt(run, 'status') !== 'Complete' && at(run, 'isErrored') === true,
        `the run ended as ${textAt(run, 'status')}`,
      );
      await until(
        'the connection is Deauthorized',
        async () => (await connectionStatus(api, company)) === 'Deauthorized',
        { seconds: 10 },
      );
      equal(
        at(await api.read(`/companies/${company.companyId}`), 'status'),
        'Deauthorised',
        'company status',
      );
      status(await api.post(`/companies/${company.companyId}/data/queue/invoices`), 409);
      expect((await held(world, company, 'invoices')).length > 0, 'the data is gone');
      const { page } = await followLink(world, company.linkUrl, users.largeIds);
      status(page.exchange, 200);
      await expectConnectionStatus(api, company, 'Linked');
      await untilSynced(api, company.companyId);
      await refresh(api, company.companyId, 'invoices');
    },
  );
}

/** Pages of 50, and the fourth of them slow: a run that is certainly in the middle. */
async function slowRun(world: World, business: string): Promise<void> {
  const match = `GET /api${business}/records/invoices`;
  await world.sandbox.fault(
    { match: `${match}\\?.*offset=150(&|$)`, kind: 'delay', delayMs: 4_000, times: 1 },
    { match, kind: 'query', set: { limit: '50' }, times: null },
  );
}

async function checkWorkers(world: World, point: Point, business: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await point.check(
      `${signal} to the only worker in the middle of a run: another one completes it, nothing lost or doubled`,
      async () => {
        await loseWorker(world, signal, point, business);
      },
    );
    await world.sandbox.clearFaults();
  }
}

async function loseWorker(
  world: World,
  signal: 'SIGTERM' | 'SIGKILL',
  point: Point,
  business: string,
): Promise<void> {
  const { api } = world;
  const [first, ...others] = world.workers.filter((worker) => worker.isRunning());
  if (!first) throw new Failure('no worker is running');
  for (const other of others) {
    const { code } = await other.stop();
    equal(code, 0, `exit code of an idle worker after SIGTERM (${lastLines(other)})`);
  }
  await slowRun(world, business);
  const from = world.sandboxProcess?.lines.length ?? 0;
  const company = await linkCompany(world, `Lost by ${signal}`, users.one);
  await until(
    'the fourth page is being read',
    async () =>
      (world.sandboxProcess?.lines ?? [])
        .slice(from)
        .some((line) => line.includes(`${business}/records/invoices?`) && /[?&]offset=150\b/.test(line)),
    { seconds: 30 },
  );
  const startedMs = performance.now();
  const stopping = first.stop({ signal, limitMs: 30_000 });
  const next: Process = world.startWorker();
  const spare: Process = world.startWorker();
  const { code } = await stopping;
  if (signal === 'SIGTERM') equal(code, 0, `exit code (${lastLines(first)})`);
  const stoppedMs = performance.now() - startedMs;
  const ended = await untilSynced(api, company.companyId, 100);
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  for (const [key, value] of ended) equal(value, 'Complete', key);
  expect(next.isRunning() && spare.isRunning(), 'a new worker ended');
  const books = await platformBooks(world, users.one);
  const invoices = await held(world, company, 'invoices');
  sameIds(invoices, books.invoices);
  checkSales(invoices, books.invoices, 'invoice');
  sameIds(await held(world, company, 'bills'), books.bills);
  point.note(`${signal}: gone after ${(stoppedMs / 1000).toFixed(1)} s, all complete ${seconds} s after it`);
  const history = await api.all(`/companies/${company.companyId}/data/history?pageSize=500`);
  const runs = history.filter((run) => at(run, 'dataType') === 'invoices');
  equal(
    runs.map((run) => textAt(run, 'status')),
    ['Complete'],
    'runs of invoices',
  );
  equal(numberAt(runs[0], 'progress'), 100, 'progress');
  status(await api.request('DELETE', `/companies/${company.companyId}`), 204);
}
