import { Api, basic, expectError } from '../kit/api.ts';
import { equal, expect, NotDone, needed, status } from '../kit/expect.ts';
import { type Exchange, send } from '../kit/http.ts';
import { at, type Json, json, listAt, textAt } from '../kit/json.ts';
import { query } from '../kit/postgres-client.ts';
import type { Point } from '../kit/report.ts';
import type { LinkedCompany, World } from '../world.ts';
import { dataPath } from './linking.ts';

/** API keys: made, used, deleted, never stored as they are. */
export async function checkKeys(world: World, point: Point): Promise<void> {
  const { api } = world;
  await point.check(
    'apiKeys: POST 201 with the key, which works; the list does not show it; DELETE 204, then 401',
    async () => {
      const made = json(status(await api.post('/apiKeys', { name: 'walk' }), 201));
      const key = textAt(made, 'apiKey');
      const own = new Api(world.publicUrl, key);
      status(await own.get('/companies'), 200);
      const listed = status(await api.get('/apiKeys'), 200);
      const found = listAt(json(listed), 'results').find((entry) => at(entry, 'id') === textAt(made, 'id'));
      equal(at(found, 'name'), 'walk', 'name');
      expect(!listed.text.includes(key), 'the list shows the key', listed);
      status(await api.request('DELETE', `/apiKeys/${textAt(made, 'id')}`), 204);
      expectError(await own.get('/companies'), [401]);
    },
  );
  await point.check('no key and no application secret is stored as it is', async () => {
    const { apiKey, sandbox } = world;
    const secrets = [
      apiKey,
      sandbox.clientSecret,
      ...(world.found.otherClient ? [world.found.otherClient.key] : []),
    ];
    equal(await tablesHolding(world, secrets), [], 'tables that hold a secret');
    equal(
      (await tablesHolding(world, [sandbox.clientId])).length > 0,
      true,
      'the search finds what is stored openly',
    );
  });
}

/** Tables with a row that holds one of the texts, as text or as bytes. */
export async function tablesHolding(world: World, texts: readonly string[]): Promise<string[]> {
  const tables = await query(
    world.databaseUrl,
    `SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const forms = texts.flatMap((text) => [text, Buffer.from(text).toString('hex')]);
  const found: string[] = [];
  for (const [table = ''] of tables) {
    const [row] = await query(
      world.databaseUrl,
      `SELECT string_agg(row_of::text, ' ') FROM ${table} AS row_of`,
    );
    const content = row?.[0] ?? '';
    if (forms.some((form) => content.includes(form))) found.push(String(table));
  }
  return found;
}

/** Another client's ids do not exist. */
export async function checkTenants(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const other = await point.check('another client', () => needed(world.found.otherClient, 'another client'));
  await point.check('another client’s company answers exactly as one that does not exist', async () => {
    if (!other) throw new NotDone('needs another client');
    const nobody = '6f9c1f4e-2f0c-4b53-9d0e-1f6c34a1a001';
    const runs = listAt(
      await world.api.read(`/companies/${company.companyId}/data/history?pageSize=1`),
      'results',
    );
    const run = textAt(runs[0], 'id');
    const invoices = listAt(await world.api.read(`${dataPath(company, 'invoices')}?pageSize=1`), 'results');
    const record = textAt(invoices[0], 'id');
    const paths: readonly (readonly [method: string, path: string, body?: unknown])[] = [
      ['GET', ''],
      ['PATCH', '', { name: 'Mine now' }],
      ['PUT', '', { name: 'Mine now' }],
      ['DELETE', ''],
      ['GET', '/connections'],
      ['POST', '/connections', { platformKey: 'ksho' }],
      ['GET', `/connections/${company.connectionId}`],
      ['PATCH', `/connections/${company.connectionId}`, { status: 'Unlinked' }],
      ['DELETE', `/connections/${company.connectionId}`],
      ['GET', `/connections/${company.connectionId}/data/bankAccounts`],
      ['GET', '/data/info'],
      ['GET', '/dataStatus'],
      ['GET', '/data/invoices'],
      ['GET', `/data/invoices/${record}`],
      ['POST', '/data/queue/invoices'],
      ['POST', '/data/queue/all'],
      ['POST', '/data/all'],
      ['GET', '/data/history'],
      ['GET', `/data/history/${run}`],
      ['GET', `/data/history/${run}/requests`],
      ['GET', `/sync/${run}/validation`],
      ['GET', '/syncSettings'],
      ['POST', '/syncSettings', { overridesDefaults: true, settings: [] }],
    ];
    for (const [method, rest, body] of paths) {
      const ask = (companyId: string): Promise<Exchange> =>
        other.api.request(method, `/companies/${companyId}${rest}`, body === undefined ? {} : { body });
      const foreign = await ask(company.companyId);
      const absent = await ask(nobody);
      const foreignBody = expectError(foreign, [404]);
      const absentBody = expectError(absent, [404]);
      const withoutIds = (value: Json, companyId: string): string =>
        JSON.stringify({ ...(value as object), correlationId: '' }).replaceAll(companyId, 'ID');
      equal(
        withoutIds(foreignBody, company.companyId),
        withoutIds(absentBody, nobody),
        `body of ${method} ${rest}`,
        foreign,
      );
    }
  });
  await point.check('lists hold one’s own only', async () => {
    if (!other) throw new NotDone('needs another client');
    const ids = (await other.api.all('/companies')).map((entry) => at(entry, 'id'));
    expect(!ids.includes(company.companyId), 'another client’s company is listed');
    const exchange = await send(`${world.publicUrl}/apiKeys`, {
      headers: { authorization: basic(other.key) },
    });
    expect(listAt(json(exchange), 'results').length === 1, 'its keys are not its own', exchange);
  });
}
