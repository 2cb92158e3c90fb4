import { basic, expectError } from '../kit/api.ts';
import { equal, expect, needed, show, status } from '../kit/expect.ts';
import { send } from '../kit/http.ts';
import { at, exactAt, type Json, json, listAt, nullIn, numberAt, textAt } from '../kit/json.ts';
import type { Point, Report } from '../kit/report.ts';
import { users } from '../kit/sandbox.ts';
import type { LinkedCompany, World } from '../world.ts';
import { checkDocument } from './api-document.ts';
import { checkKeys, checkTenants } from './keys.ts';
import {
  allKeys,
  createCompany,
  dataPath,
  dataTypes,
  kashoo,
  linkCompany,
  statuses,
  untilSynced,
} from './linking.ts';
import { createOtherClient } from './other-client.ts';

/** P4: the public API beyond the lender's main way. */
export async function publicApiPoint(world: World, report: Report): Promise<void> {
  await report.point(
    'P4',
    'API: every route of the contract, envelopes, headers, keys, tenants, generated document',
    async (point) => {
      const company = await point.need('a linked company', () => needed(world.found.main, 'W2'));
      await point.check('`npm run client -- create` prints one JSON line', () => createOtherClient(world));
      await checkDocument(world, point);
      await checkCompanies(world, point);
      await checkConnections(world, point);
      await checkIntegrations(world, point);
      await checkSettings(world, point, company);
      await checkReads(world, point, company);
      await checkRefusals(world, point, company);
      await checkManners(world, point, company);
      await checkKeys(world, point);
      await checkTenants(world, point, company);
    },
  );
}

async function checkCompanies(world: World, point: Point): Promise<void> {
  const { api } = world;
  const id = await point.need('POST /companies: 200 with a Company', async () => {
    const body = json(status(await api.post('/companies', { name: 'Kept Ltd', description: 'first' }), 200));
    equal(at(body, 'name'), 'Kept Ltd', 'name');
    equal(at(body, 'description'), 'first', 'description');
    equal(at(body, 'status'), 'Blank', 'status');
    equal(listAt(body, 'dataConnections'), [], 'dataConnections');
    expect(!Number.isNaN(Date.parse(textAt(body, 'created'))), 'created is no instant');
    return textAt(body, 'id');
  });
  await point.check('platformType takes the platform’s word, too', async () => {
    const body = json(status(await api.post('/companies', { name: 'By word', platformType: 'kashoo' }), 200));
    equal(at(body, 'platform'), kashoo, 'platform');
    status(await api.request('DELETE', `/companies/${textAt(body, 'id')}`), 204);
  });
  await point.check('GET, PATCH, PUT, and PUT /companies with the id in the body: 200 each', async () => {
    const path = `/companies/${id}`;
    equal(at(await api.read(path), 'name'), 'Kept Ltd', 'name');
    const patched = json(status(await api.request('PATCH', path, { body: { description: 'second' } }), 200));
    equal([at(patched, 'name'), at(patched, 'description')], ['Kept Ltd', 'second'], 'after PATCH');
    const put = json(status(await api.request('PUT', path, { body: { name: 'Replaced Ltd' } }), 200));
    equal([at(put, 'name'), at(put, 'description')], ['Replaced Ltd', undefined], 'after PUT');
    const older = json(
      status(await api.request('PUT', '/companies', { body: { id, name: 'Older form' } }), 200),
    );
    equal(at(older, 'name'), 'Older form', 'after PUT /companies');
    equal(at(await api.read(path), 'name'), 'Older form', 'name that is stored');
  });
  await point.check('GET /companies pages, filters and orders', async () => {
    const all = await api.all('/companies?pageSize=2&orderBy=name');
    const names = all.map((company) => textAt(company, 'name'));
    expect(names.length >= 3, `only ${names.length} companies`);
    const found = await api.all(`/companies?query=${encodeURIComponent('name=Older form')}`);
    equal(
      found.map((company) => at(company, 'id')),
      [id],
      'companies by name',
    );
  });
  await point.check('DELETE: 204 without a body, then it does not exist', async () => {
    const gone = status(await api.request('DELETE', `/companies/${id}`), 204);
    equal(gone.text, '', 'body');
    expectError(await api.get(`/companies/${id}`), [404]);
    expectError(await api.request('DELETE', `/companies/${id}`), [404]);
  });
}

async function checkConnections(world: World, point: Point): Promise<void> {
  const { api } = world;
  await point.check('connections: POST, list, GET 200; DELETE 200, then it does not exist', async () => {
    const companyId = textAt(json(status(await api.post('/companies', { name: 'Connections' }), 200)), 'id');
    const path = `/companies/${companyId}/connections`;
    const made = json(status(await api.post(path, { platformKey: kashoo }), 200));
    const id = textAt(made, 'id');
    equal(at(made, 'status'), 'PendingAuth', 'status');
    equal(at(made, 'integrationKey'), kashoo, 'integrationKey');
    equal(at(made, 'sourceType'), 'Accounting', 'sourceType');
    for (const member of ['integrationId', 'sourceId', 'platformName', 'linkUrl', 'created'])
      textAt(made, member);
    equal(
      (await api.all(path)).map((connection) => at(connection, 'id')),
      [id],
      'connections',
    );
    equal(at(await api.read(`${path}/${id}`), 'id'), id, 'id');
    status(await api.request('DELETE', `${path}/${id}`), 200);
    expectError(await api.get(`${path}/${id}`), [404]);
    equal(at(await api.read(`/companies/${companyId}`), 'status'), 'Blank', 'company status');
  });
  await point.check('PATCH to Unlinked keeps the data, stops reading, and its link works again', async () => {
    const company = await linkCompany(world, 'Unlink me', users.trulySmall);
    await untilSynced(api, company.companyId);
    const path = `/companies/${company.companyId}/connections/${company.connectionId}`;
    const body = json(status(await api.request('PATCH', path, { body: { status: 'Unlinked' } }), 200));
    equal(at(body, 'status'), 'Unlinked', 'status');
    equal(at(await api.read(`/companies/${company.companyId}`), 'status'), 'Deauthorised', 'company status');
    expect((await api.all(dataPath(company, 'invoices'))).length > 0, 'the data is gone');
    expectError(await api.post(`/companies/${company.companyId}/data/queue/invoices`), [409]);
    status(await api.request('DELETE', `/companies/${company.companyId}`), 204);
    expectError(await api.get(dataPath(company, 'invoices')), [404]);
  });
}

async function checkIntegrations(world: World, point: Point): Promise<void> {
  const { api } = world;
  await point.check('GET /integrations/{platformKey}', async () => {
    equal(at(await api.read(`/integrations/${kashoo}`), 'enabled'), true, 'enabled');
    expectError(await api.get('/integrations/zzzz'), [404]);
  });
  await point.check('application keys are read back with the secret masked', async () => {
    const { clientId, clientSecret } = world.sandbox;
    const path = `/integrations/${kashoo}/credentials`;
    const put = status(await api.request('PUT', path, { body: { clientId, clientSecret } }), 200);
    const read = status(await api.get(path), 200);
    equal(at(json(read), 'clientId'), clientId, 'clientId');
    for (const exchange of [put, read])
      expect(!exchange.text.includes(clientSecret), 'the secret is shown', exchange);
  });
}

async function checkSettings(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const { api } = world;
  await point.check(
    'sync settings of the profile: defaults, 204, kept; a company overrides them',
    async () => {
      const defaults = await (world.found.otherClient?.api ?? api).read('/profile/syncSettings');
      for (const key of allKeys) {
        const found = listAt(defaults, 'settings').find((setting) => at(setting, 'dataType') === key);
        equal(
          [at(found, 'fetchOnFirstLink'), numberAt(found, 'syncSchedule')],
          [true, 24],
          `default of ${key}`,
        );
      }
      const clientId = at(await api.read('/profile/syncSettings'), 'clientId');
      const settings = allKeys.map((dataType, syncOrder) => ({
        dataType,
        fetchOnFirstLink: true,
        syncSchedule: 0,
        syncOrder,
      }));
      status(await api.post('/profile/syncSettings', { clientId, overridesDefaults: true, settings }), 204);
      const stored = listAt(await api.read('/profile/syncSettings'), 'settings');
      const schedule = (list: readonly Json[], key: string): number =>
        numberAt(
          list.find((setting) => at(setting, 'dataType') === key),
          'syncSchedule',
        );
      equal(schedule(stored, 'invoices'), 0, 'syncSchedule of invoices');
      const path = `/companies/${company.companyId}/syncSettings`;
      const own = { dataType: 'invoices', fetchOnFirstLink: true, syncSchedule: 168, syncOrder: 0 };
      status(
        await api.post(path, { companyId: company.companyId, overridesDefaults: true, settings: [own] }),
        204,
      );
      equal(
        schedule(listAt(await api.read(path), 'settings'), 'invoices'),
        168,
        'syncSchedule of the company',
      );
    },
  );
  await point.check('a schedule that is no number of hours is refused', async () => {
    const own = { dataType: 'invoices', fetchOnFirstLink: true, syncSchedule: -1, syncOrder: 0 };
    const body = { companyId: company.companyId, overridesDefaults: true, settings: [own] };
    expectError(await api.post(`/companies/${company.companyId}/syncSettings`, body), [400], 'syncSchedule');
  });
}

async function checkReads(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const { api } = world;
  for (const { key } of dataTypes) {
    await point.check(`${key}: list and single read, nothing null, with modifiedDate`, async () => {
      const path = dataPath(company, key);
      const records = await api.all(`${path}?pageSize=500`);
      const [record] = records;
      expect(record, `there are no ${key}`);
      equal(
        await api.read(`${path}/${encodeURIComponent(textAt(record, 'id'))}`),
        record,
        'the single record',
      );
      for (const each of records) {
        equal(nullIn(each), undefined, `a null in ${textAt(each, 'id')}, at`);
        expect(
          /Z$/.test(textAt(each, 'modifiedDate')),
          `modifiedDate of ${textAt(each, 'id')} is no instant`,
        );
      }
      expectError(await api.get(`${path}/no-such-record`), [404]);
    });
  }
  await point.check('company info, dataStatus of every type', async () => {
    const info = await api.read(`/companies/${company.companyId}/data/info`);
    equal(nullIn(info), undefined, 'a null at');
    for (const member of ['companyName', 'companyLegalName', 'baseCurrency', 'accountingPlatformRef'])
      textAt(info, member);
    const found = await statuses(api, company.companyId);
    equal(found.size, allKeys.length, 'types');
  });
  await point.check('validation results of a pull', async () => {
    const runs = listAt(await api.read(`/companies/${company.companyId}/data/history?pageSize=5`), 'results');
    const body = await api.read(`/companies/${company.companyId}/sync/${textAt(runs[0], 'id')}/validation`);
    listAt(body, 'warnings');
    listAt(body, 'errors');
  });
}

async function checkRefusals(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const { api } = world;
  await point.check(
    'before the first read: 409 for records and info; without a Linked connection 409 for requests',
    async () => {
      const pending = await createCompany(api, 'Pending');
      expectError(await api.get(dataPath(pending, 'invoices')), [409], 'has not been requested');
      expectError(await api.get(`/companies/${pending.companyId}/data/info`), [409]);
      expectError(await api.post(`/companies/${pending.companyId}/data/queue/invoices`), [409]);
      const body = await api.read(`/companies/${pending.companyId}/dataStatus`);
      equal(at(body, 'invoices', 'currentStatus'), 'Initial', 'currentStatus');
    },
  );
  await point.check('a data type that Kashoo does not have: 404 in the words of the contract', async () => {
    expectError(
      await api.get(`/companies/${company.companyId}/data/creditNotes`),
      [404],
      'not supported by platform',
    );
    expectError(
      await api.post(`/companies/${company.companyId}/data/queue/creditNotes`),
      [404],
      'not supported by platform',
    );
  });
}

async function checkManners(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const { api, publicUrl } = world;
  await point.check('paths match in any case; ids do not', async () => {
    const upper = `/COMPANIES/${company.companyId}/Data/BILLPAYMENTS?pageSize=1`;
    equal(
      await withoutLinks(world, upper),
      await withoutLinks(world, `${dataPath(company, 'billPayments')}?pageSize=1`),
      'billPayments',
    );
    status(await api.get(`/companies/${company.companyId}/DATASTATUS`), 200);
    status(
      await api.get(`/Companies/${company.companyId}/Connections/${company.connectionId}/data/bankaccounts`),
      200,
    );
  });
  await point.check('Authorization: Basic key, Basic key:, Bearer key', async () => {
    for (const authorization of [basic(world.apiKey), basic(`${world.apiKey}:`), `Bearer ${world.apiKey}`]) {
      status(await send(`${publicUrl}/companies`, { headers: { authorization } }), 200);
    }
  });
  await point.check('rate-limit headers on every response, counting down', async () => {
    const first = await api.get('/companies');
    const second = await api.get('/companies/not-an-id');
    for (const exchange of [first, second]) {
      for (const name of ['limit', 'remaining', 'reset']) {
        expect(exchange.headers.get(`x-rate-limit-${name}`), `no X-Rate-Limit-${name}`, exchange);
      }
    }
    const remaining = (exchange: typeof first): number =>
      Number(exchange.headers.get('x-rate-limit-remaining'));
    expect(remaining(second) < remaining(first), `${remaining(first)} remaining, then ${remaining(second)}`);
  });
  await point.check('over the quota: 429 with Retry-After and the envelope', async () => {
    const limited = needed(world.found.limitedApi, 'an API with a quota (P3)');
    for (let count = 0; count < 3; count += 1) await limited.get('/companies');
    const exchange = await limited.get('/companies');
    expectError(exchange, [429]);
    expect(Number(exchange.headers.get('retry-after')) > 0, 'no Retry-After', exchange);
  });
  await point.check('an empty body that is called JSON counts as no body', async () => {
    const path = `/companies/${company.companyId}/data/queue/taxRates`;
    status(await api.request('POST', path, { headers: { 'content-type': 'application/json' } }), 200);
  });
  await point.check('success answers are application/json; charset=utf-8', async () => {
    const type = (await api.get('/companies')).headers.get('content-type') ?? '';
    expect(/^application\/json; charset=utf-8$/i.test(type), `content type ${show(type)}`);
  });
  await point.check('GET /portal is a plain page', async () => {
    const page = status(await send(`${publicUrl}/portal`), 200);
    expect(page.headers.get('content-type')?.includes('text/html'), 'it is no HTML', page);
  });
  await point.check('GET /profile answers with the client’s name', async () => {
    textAt(await api.read('/profile'), 'name');
  });
}

/** A page of a list without what differs by how it was asked for. */
async function withoutLinks(world: World, path: string): Promise<Json> {
  const page = await world.api.read(path);
  exactAt(page, 'totalResults');
  return listAt(page, 'results');
}
