import { addWarnings, logRequests, type Store } from '@tributary/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPullOperationService } from '../../data/pull-operations.ts';
import { startTestApi, type TestApi, type TestClient } from '../../testing/api.fixture.ts';
import { createCompany, setStatus, type TestCompany } from './data.fixture.ts';

let api: TestApi;
let client: TestClient;
let store: Store;
beforeAll(async () => {
  api = await startTestApi();
  client = await api.createClient();
  store = api.dependencies.store;
});
afterAll(() => api.close());

const queue = (company: TestCompany, type: string) =>
  client.send('POST', `${company.path}/data/queue/${type}`);
/** Ends a run as a worker would. */
async function end(id: string, status: string, errorMessage: string | null = null) {
  await store.pool.query(
    `UPDATE pull_operations SET status = $2, error_message = $3, completed_at = now(), progress = 100 WHERE id = $1`,
    [id, status, errorMessage],
  );
  if (status !== 'Complete') return;
  await store.pool.query(
    `UPDATE datasets SET latest_successful_run_id = $1, last_successful_sync_at = now() WHERE latest_run_id = $1`,
    [id],
  );
}

const kashooTypes = [
  ...[
    'accountTransactions',
    'balanceSheet',
    'bankAccounts',
    'billPayments',
    'bills',
    'cashFlowStatement',
    'chartOfAccounts',
    'company',
  ],
  ...[
    'customers',
    'invoices',
    'items',
    'journalEntries',
    'journals',
    'payments',
    'profitAndLoss',
    'suppliers',
  ],
  ...['taxRates', 'transfers'],
];

describe('asking for a data type', () => {
  test('gives the pull operation; asking again while it is active gives the same', async () => {
    const company = await createCompany(api, client);
    const first = await queue(company, 'billpayments');
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      id: expect.any(String),
      companyId: company.id,
      connectionId: company.connectionId,
      dataType: 'billPayments',
      status: 'Queued',
      requested: expect.stringMatching(/Z$/),
      progress: 0,
      isCompleted: false,
      isErrored: false,
    });
    const again = await client.send(
      'POST',
      `${company.path}/data/queue/billPayments?connectionId=${company.connectionId}`,
    );
    expect(again.body.id).toBe(first.body.id);
    await end(first.body.id, 'Complete');
    expect((await queue(company, 'billPayments')).body.id).not.toBe(first.body.id);
  });

  test('that the platform lacks, or that nobody has, is 404', async () => {
    const company = await createCompany(api, client);
    const lacks = await queue(company, 'creditNotes');
    expect([lacks.status, lacks.body.error]).toEqual([
      404,
      'Datatype creditNotes not supported by platform(s) Kashoo.',
    ]);
    const unknown = await queue(company, 'unicorns');
    expect([unknown.status, unknown.body.error]).toEqual([404, 'There is no data type "unicorns".']);
  });

  test.each(['PendingAuth', 'Unlinked', 'Deauthorized'])(
    'of a connection that is %s is 409, and so is all',
    async (status) => {
      const company = await createCompany(api, client, status);
      expect((await queue(company, 'invoices')).status).toBe(409);
      expect((await queue(company, 'all')).status).toBe(409);
      expect((await client.send('POST', `${company.path}/data/all`)).status).toBe(409);
      expect((await client.get(`${company.path}/data/history`)).body.totalResults).toBe(0);
    },
  );

  test('of a connection that is not there is 404, of no UUID 400, of a company without any 409', async () => {
    const company = await createCompany(api, client);
    const of = (id: string) => client.send('POST', `${company.path}/data/queue/invoices?connectionId=${id}`);
    expect((await of(crypto.randomUUID())).status).toBe(404);
    expect((await of('none')).status).toBe(400);
    const blank = await client.createCompany('Blank');
    expect((await client.send('POST', `/companies/${blank.id}/data/queue/invoices`)).status).toBe(409);
  });

  test.each(['data/all', 'data/queue/all', 'data/queue/ALL'])(
    'all of them: POST %s is 204 and starts each once',
    async (path) => {
      const company = await createCompany(api, client);
      for (let time = 0; time < 2; time += 1) {
        const answer = await client.send('POST', `${company.path}/${path}`);
        expect([answer.status, answer.text]).toEqual([204, '']);
      }
      const { body } = await client.get(`${company.path}/data/history`);
      expect(body.results.map(({ dataType }: { dataType: string }) => dataType).sort()).toEqual(kashooTypes);
    },
  );
});

describe('the data status', () => {
  test('has every data type of the platform, Initial until it is asked for, and no nulls', async () => {
    const company = await createCompany(api, client, 'PendingAuth');
    const { body } = await client.get(`${company.path}/datastatus`);
    expect(Object.keys(body).sort()).toEqual(kashooTypes);
    for (const key of kashooTypes) expect(body[key]).toEqual({ dataType: key, currentStatus: 'Initial' });
    const blank = await client.createCompany('Blank');
    expect((await client.get(`/companies/${blank.id}/dataStatus`)).body).toEqual({});
  });

  test('follows the latest pull and remembers the latest that ended well', async () => {
    const company = await createCompany(api, client);
    const statusOf = async () => (await client.get(`${company.path}/dataStatus`)).body.invoices;
    const first = (await queue(company, 'invoices')).body.id;
    expect(await statusOf()).toEqual({ dataType: 'invoices', currentStatus: 'Queued', latestSyncId: first });
    await end(first, 'Complete');
    const complete = await statusOf();
    expect(complete).toEqual({
      dataType: 'invoices',
      lastSuccessfulSync: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      currentStatus: 'Complete',
      latestSyncId: first,
      latestSuccessfulSyncId: first,
    });
    const second = (await queue(company, 'invoices')).body.id;
    await end(second, 'AuthError', 'The platform refused the tokens');
    expect(await statusOf()).toEqual({ ...complete, currentStatus: 'AuthError', latestSyncId: second });
  });
});

describe('a pull whose worker is gone', () => {
  test('is shown as queued wherever it is shown, from the moment its lease runs out, and as running with a live one', async () => {
    const company = await createCompany(api, client);
    const { id } = (await queue(company, 'invoices')).body;
    const shown = async () => {
      const status = (await client.get(`${company.path}/dataStatus`)).body.invoices.currentStatus;
      const history = (await client.get(`${company.path}/data/history`)).body.results[0].status;
      const one = (await client.get(`${company.path}/data/history/${id}`)).body.status;
      const again = (await queue(company, 'invoices')).body.status;
      const found = (await client.get(`${company.path}/data/history?query=status%3DQueued`)).body
        .totalResults;
      return [status, history, one, again, found];
    };
    for (const running of ['Fetching', 'Processing']) {
      await store.pool.query(
        `UPDATE pull_operations SET status = $2, lease_owner = 'a worker', lease_until = now() + interval '30 s' WHERE id = $1`,
        [id, running],
      );
      expect(await shown()).toEqual([running, running, running, running, 0]);
      await store.pool.query(
        `UPDATE pull_operations SET lease_until = now() - interval '1 ms' WHERE id = $1`,
        [id],
      );
      expect(await shown()).toEqual(['Queued', 'Queued', 'Queued', 'Queued', 1]);
    }
  });
});

describe('the history', () => {
  let company: TestCompany;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    company = await createCompany(api, client);
    for (const [type, status] of [
      ['invoices', 'Complete'],
      ['bills', 'FetchError'],
      ['items', 'Cancelled'],
      ['payments', 'Fetching'],
    ] as const) {
      ids[type] = (await queue(company, type)).body.id;
      if (status === 'Fetching') continue;
      await end(ids[type] ?? '', status, status === 'FetchError' ? 'The platform is away' : null);
    }
  });
  const list = async (parameters: string) => {
    const { status, body } = await client.get(`${company.path}/data/history?${parameters}`);
    expect(status).toBe(200);
    return body.results.map(({ dataType }: { dataType: string }) => dataType);
  };

  test('is newest first, and takes query, order and pages', async () => {
    expect(await list('')).toEqual(['payments', 'items', 'bills', 'invoices']);
    expect(await list('query=status%3Dcomplete')).toEqual(['invoices']);
    expect(await list('query=isErrored%3Dtrue%7C%7CdataType%3DPAYMENTS')).toEqual([
      'payments',
      'items',
      'bills',
    ]);
    expect(await list('query=errorMessage~AWAY%26%26isCompleted%3Dfalse')).toEqual(['bills']);
    expect(await list(`query=connectionId%3D${company.connectionId}%26%26completed%3Dnull`)).toEqual([
      'payments',
    ]);
    expect(await list('query=progress%3C100')).toEqual(['payments']);
    expect(await list('orderBy=dataType')).toEqual(['bills', 'invoices', 'items', 'payments']);
    expect(await list('orderBy=requested&page=2&pageSize=3')).toEqual(['payments']);
    const unknown = await client.get(`${company.path}/data/history?query=nope%3D1`);
    expect([unknown.status, unknown.body.error]).toEqual([400, expect.stringContaining('nope')]);
  });

  test('is walked by its links without repeating a run, whatever runs are new', async () => {
    const walked = await createCompany(api, client);
    const { store: own } = api.dependencies;
    for (const type of ['invoices', 'bills', 'items', 'payments', 'customers']) await queue(walked, type);
    // Two of them in the same millisecond.
    await own.pool.query(
      `UPDATE pull_operations SET requested_at = '2024-02-29T10:00:00.123Z' WHERE company_id = $1 AND data_type IN ('bills', 'items')`,
      [walked.id],
    );
    const seen: string[] = [];
    let href: string | undefined = `${walked.path}/data/history?pageSize=2`;
    for (const added of ['suppliers', 'taxRates', 'company']) {
      if (href === undefined) break;
      const { body } = await client.get(href);
      seen.push(...body.results.map(({ dataType }: { dataType: string }) => dataType));
      href = body._links.next?.href;
      await queue(walked, added);
    }
    expect(href).toBeUndefined();
    expect(seen.slice(0, 3)).toEqual(['customers', 'payments', 'invoices']);
    expect(seen.slice(3).sort()).toEqual(['bills', 'items']);
    const first = await client.get(`${walked.path}/data/history?pageSize=2`);
    const next: string = first.body._links.next.href;
    expect((await client.get(next.replace('page=2', 'page=3'))).status).toBe(400);
    expect((await client.get(`${next}&orderBy=status`)).status).toBe(400);
  });

  test('says of a run that ended whether it ended well, and of one that has not neither', async () => {
    const flags = async (type: string) => {
      const { body } = await client.get(`${company.path}/data/history/${ids[type]}`);
      return [body.status, body.isCompleted, body.isErrored, 'completed' in body, body.errorMessage];
    };
    expect(await flags('invoices')).toEqual(['Complete', true, false, true, undefined]);
    expect(await flags('bills')).toEqual(['FetchError', false, true, true, 'The platform is away']);
    expect(await flags('items')).toEqual(['Cancelled', false, true, true, undefined]);
    expect(await flags('payments')).toEqual(['Queued', false, false, false, undefined]);
  });

  test('can be cancelled while it is under way, once', async () => {
    const own = await createCompany(api, client);
    const { id } = (await queue(own, 'customers')).body;
    const cancelled = await client.send('POST', `${own.path}/data/history/${id}/cancel`);
    expect([cancelled.status, cancelled.body.status, cancelled.body.isErrored]).toEqual([
      200,
      'Cancelled',
      true,
    ]);
    const again = await client.send('POST', `${own.path}/data/history/${id}/cancel`);
    expect([again.status, again.body.error]).toEqual([409, 'The pull operation has ended already.']);
    const other = await createCompany(api, client);
    expect((await client.send('POST', `${other.path}/data/history/${id}/cancel`)).status).toBe(404);
  });

  test('lists the calls to the platform, oldest first', async () => {
    const { pool } = api.dependencies.store;
    const row = {
      method: 'GET',
      status: 200,
      durationMs: 12.4,
      bytes: 100,
      attempt: 1,
      failure: undefined,
      excerpt: undefined,
    };
    await logRequests(pool, { id: ids['bills'] ?? '', companyId: company.id }, [
      { ...row, path: '/first', startedAtMs: 1_700_000_000_000, records: undefined },
      { ...row, path: '/second', startedAtMs: 1_700_000_000_500, records: 7 },
      {
        ...row,
        path: '/third',
        startedAtMs: 1_700_000_001_000,
        records: undefined,
        status: undefined,
        failure: 'reset',
        excerpt: 'a\u0000b',
      },
    ]);
    const { body } = await client.get(`${company.path}/data/history/${ids['bills']}/requests?pageSize=2`);
    expect(body.results).toEqual([
      {
        method: 'GET',
        path: '/first',
        status: 200,
        started: '2023-11-14T22:13:20.000Z',
        durationMs: 12,
        bytes: 100,
        attempt: 1,
      },
      {
        method: 'GET',
        path: '/second',
        status: 200,
        started: '2023-11-14T22:13:20.500Z',
        durationMs: 12,
        bytes: 100,
        attempt: 1,
        records: 7,
      },
    ]);
    expect(body.totalResults).toBe(3);
    const next = await client.get(body._links.next.href);
    expect(next.body.results).toEqual([
      {
        method: 'GET',
        path: '/third',
        started: '2023-11-14T22:13:21.000Z',
        durationMs: 12,
        bytes: 100,
        attempt: 1,
        failure: 'reset',
        excerpt: 'ab',
      },
    ]);
  });

  test('has no run of another company', async () => {
    const other = await createCompany(api, client);
    for (const path of [`/data/history/${ids['bills']}`, `/sync/${ids['bills']}/validation`]) {
      const answer = await client.get(`${other.path}${path}`);
      expect([answer.status, answer.body.error]).toEqual([404, 'The pull operation was not found.']);
    }
    expect((await client.get(`${company.path}/data/history/none`)).status).toBe(400);
    const nobody = await client.get(`/companies/${crypto.randomUUID()}/data/history/${ids['bills']}`);
    expect(nobody.body.error).toBe('The company was not found.');
  });

  test('has the errors and warnings of a run, apart, in their order, without nulls', async () => {
    const run = ids['bills'] ?? '';
    expect((await client.get(`${company.path}/sync/${run}/validation`)).body).toEqual({
      errors: [],
      warnings: [],
    });
    const connection = await store.pool.connect();
    await addWarnings(connection, company.id, run, [
      { severity: 'warning', ruleId: 'unmapped-value', itemId: 'b1', message: 'Unknown status' },
      { severity: 'error', ruleId: 'quarantined', itemId: undefined, message: 'No date' },
      { severity: 'error', ruleId: 'accounting-bill-030', itemId: 'b3', message: 'Lines and total differ' },
      { severity: 'warning', ruleId: 'text-cleaned', itemId: 'b2', message: 'A character was removed' },
    ]);
    connection.release();
    expect((await client.get(`${company.path}/sync/${run}/validation`)).body).toEqual({
      errors: [
        { ruleId: 'quarantined', message: 'No date' },
        {
          ruleId: 'accounting-bill-030',
          itemId: 'b3',
          message: 'Lines and total differ',
          validatorName: 'BillValidator',
        },
      ],
      warnings: [
        { ruleId: 'unmapped-value', itemId: 'b1', message: 'Unknown status' },
        { ruleId: 'text-cleaned', itemId: 'b2', message: 'A character was removed' },
      ],
    });
  });
});

test('a connection that stops being Linked while a sync of it is asked for gives 409', async () => {
  const company = await createCompany(api, client);
  const { sync } = api.dependencies;
  const requestRun: typeof sync.requestRun = async (request) => {
    await setStatus(store, company.connectionId, 'Unlinked');
    return sync.requestRun(request);
  };
  const pulls = createPullOperationService({ ...api.dependencies, sync: { ...sync, requestRun } });
  const asked = pulls.request(client.id, { companyId: company.id }, 'invoices', 'trace');
  await expect(asked).rejects.toMatchObject({ statusCode: 409 });
});
