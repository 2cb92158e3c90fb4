import { compare, type Exact } from '../kit/exact.ts';
import { equal, expect, Failure, needed, show, status } from '../kit/expect.ts';
import { at, dotted, exactAt, type Json, listAt, numberAt, textAt } from '../kit/json.ts';
import type { Point, Report } from '../kit/report.ts';
import { until } from '../kit/wait.ts';
import { hourSeconds, type LinkedCompany, type World } from '../world.ts';
import { allKeys, dataPath, hasEnded, queue, statuses, untilEnded, untilSynced } from './linking.ts';

/** W3: following a run, reading records, asking for more, schedules. */
export async function readingPoint(world: World, report: Report): Promise<void> {
  await report.point(
    'W3',
    'the lender follows status and history, reads by page, filter and order, asks for data, sets schedules',
    async (point) => {
      const company = await point.need('a linked company', () => needed(world.found.main, 'W2'));
      await point.check('every data type of the first sync is Complete', async () => {
        const ended = await untilSynced(world.api, company.companyId);
        for (const [key, value] of ended) equal(value, 'Complete', key);
      });
      await followRun(world, point, company);
      const invoices = await point.need('invoices are read through _links.next', async () => {
        const found = await world.api.all(`${dataPath(company, 'invoices')}?pageSize=100`);
        expect(found.length > 150, `only ${found.length} invoices: too few to page through`);
        equal(new Set(found.map((invoice) => textAt(invoice, 'id'))).size, found.length, 'distinct ids');
        return found;
      });
      await checkPages(world, point, company, invoices);
      await checkFilters(world, point, company, invoices);
      await checkOrders(world, point, company, invoices);
      await askForData(world, point, company);
      await checkSchedules(world, point, company);
    },
  );
}

async function followRun(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const { api, sandbox } = world;
  const { companyId } = company;
  await sandbox.fault({
    match: 'GET /api/businesses/\\d+/records/bills',
    kind: 'delay',
    delayMs: 2_000,
    times: 1,
  });
  const run = await point.need('POST data/queue/bills answers 200 with the pull operation', async () => {
    const operation = await queue(api, companyId, 'bills');
    equal(textAt(operation, 'companyId'), companyId, 'companyId');
    equal(textAt(operation, 'connectionId'), company.connectionId, 'connectionId');
    equal(textAt(operation, 'dataType'), 'bills', 'dataType');
    equal(at(operation, 'isCompleted'), false, 'isCompleted');
    equal(at(operation, 'isErrored'), false, 'isErrored');
    numberAt(operation, 'progress');
    expect(!Number.isNaN(Date.parse(textAt(operation, 'requested'))), 'requested is no instant');
    return operation;
  });
  const runId = textAt(run, 'id');
  await point.check('dataStatus and history show it while it runs', async () => {
    const current = (await statuses(api, companyId)).get('bills') ?? '';
    expect(!hasEnded(current) && current !== 'Initial', `dataStatus of bills is ${current}`);
    const listed = await api.all(`/companies/${companyId}/data/history?pageSize=500`);
    const found = listed.find((operation) => at(operation, 'id') === runId);
    expect(
      found && at(found, 'isCompleted') === false,
      `the history does not show it as running: ${show(found)}`,
    );
  });
  await point.check('asked again meanwhile, the running operation comes back', async () => {
    equal(textAt(await queue(api, companyId, 'bills'), 'id'), runId, 'id');
  });
  await point.check('in the end it is Complete, in history and dataStatus', async () => {
    const ended = await untilEnded(api, companyId, runId);
    equal(textAt(ended, 'status'), 'Complete', 'status');
    equal(at(ended, 'isCompleted'), true, 'isCompleted');
    equal(numberAt(ended, 'progress'), 100, 'progress');
    const { bills } = (await api.read(`/companies/${companyId}/dataStatus`)) as Record<string, Json>;
    equal(at(bills, 'latestSyncId'), runId, 'latestSyncId');
    equal(at(bills, 'latestSuccessfulSyncId'), runId, 'latestSuccessfulSyncId');
    expect(
      !Number.isNaN(Date.parse(textAt(bills, 'lastSuccessfulSync'))),
      'lastSuccessfulSync is no instant',
    );
  });
  await point.check('its requests to the platform are listed, without secrets', async () => {
    const path = `/companies/${companyId}/data/history/${runId}/requests`;
    const requests = await api.all(path);
    const [first] = requests;
    expect(first, 'no request is listed');
    for (const member of ['method', 'path']) textAt(first, member);
    for (const member of ['status', 'attempt']) exactAt(first, member);
    expect(!/bearer\s+[\w-]{16}/i.test(JSON.stringify(requests)), 'a token is shown');
  });
}

async function checkPages(
  world: World,
  point: Point,
  company: LinkedCompany,
  invoices: readonly Json[],
): Promise<void> {
  const path = dataPath(company, 'invoices');
  await point.check('pages of another size hold the same records in the same order', async () => {
    const again = await world.api.all(`${path}?pageSize=37`);
    equal(
      again.map((invoice) => at(invoice, 'id')),
      invoices.map((invoice) => at(invoice, 'id')),
      'ids',
    );
  });
  await point.check('page and pageSize count from 1, with links back; the default size is 100', async () => {
    const second = await world.api.read(`${path}?page=2&pageSize=40`);
    equal(listAt(second, 'results'), invoices.slice(40, 80), 'page 2 of 40');
    equal(numberAt(second, 'pageNumber'), 2, 'pageNumber');
    equal(numberAt(second, 'pageSize'), 40, 'pageSize');
    equal(numberAt(second, 'totalResults'), invoices.length, 'totalResults');
    textAt(second, '_links', 'previous', 'href');
    equal(numberAt(await world.api.read(path), 'pageSize'), 100, 'default pageSize');
    const beyond = await world.api.read(`${path}?page=9999&pageSize=40`);
    equal(listAt(beyond, 'results'), [], 'a page beyond the end');
  });
  await point.check('a single read is what the list holds', async () => {
    const sample = invoices[Math.floor(invoices.length / 2)];
    equal(await world.api.read(`${path}/${textAt(sample, 'id')}`), sample, 'the record');
  });
}

interface Filter {
  query: string;
  holds: (invoice: Json) => boolean;
}

function filtersFor(invoices: readonly Json[]): Filter[] {
  const amounts = invoices.map((invoice) => exactAt(invoice, 'totalAmount')).sort(compare);
  const median = amounts[Math.floor(amounts.length / 2)] as Exact;
  const dates = invoices.map((invoice) => textAt(invoice, 'issueDate')).sort();
  const day = (dates[Math.floor(dates.length / 3)] ?? '').slice(0, 10);
  const number = textAt(invoices[7], 'invoiceNumber').slice(-2);
  const named = invoices.find((invoice) => at(invoice, 'customerRef', 'id') !== 'NullId');
  const customer = textAt(named, 'customerRef', 'id');
  const word = /[A-Za-z]{3,}/.exec(textAt(named, 'customerRef', 'companyName'))?.[0] ?? 'a';
  const total = (invoice: Json): number => compare(exactAt(invoice, 'totalAmount'), median);
  const isPaid = (invoice: Json): boolean => at(invoice, 'status') === 'Paid';
  const isNobody = (invoice: Json): boolean => dotted(invoice, 'customerRef.id') === 'NullId';
  return [
    { query: `totalAmount=${median.source}`, holds: (invoice) => total(invoice) === 0 },
    { query: `totalAmount!=${median.source}`, holds: (invoice) => total(invoice) !== 0 },
    { query: `totalAmount>${median.source}`, holds: (invoice) => total(invoice) > 0 },
    { query: `totalAmount<${median.source}`, holds: (invoice) => total(invoice) < 0 },
    { query: `totalAmount>=${median.source}`, holds: (invoice) => total(invoice) >= 0 },
    { query: `totalAmount<=${median.source}`, holds: (invoice) => total(invoice) <= 0 },
    {
      query: `invoiceNumber~${number}`,
      holds: (invoice) => textAt(invoice, 'invoiceNumber').includes(number),
    },
    { query: `issueDate>=${day}`, holds: (invoice) => textAt(invoice, 'issueDate') >= `${day}T00:00:00` },
    { query: `issueDate<${day}`, holds: (invoice) => textAt(invoice, 'issueDate') < `${day}T00:00:00` },
    { query: 'status=pAiD', holds: isPaid },
    { query: 'status!=Paid', holds: (invoice) => !isPaid(invoice) },
    { query: 'customerRef.id=NullId', holds: isNobody },
    {
      query: `customerRef.id=${customer}`,
      holds: (invoice) => dotted(invoice, 'customerRef.id') === customer,
    },
    {
      query: `customerRef.companyName~${word}`,
      holds: (invoice) =>
        textAt(invoice, 'customerRef', 'companyName').toLowerCase().includes(word.toLowerCase()),
    },
    { query: 'metadata.isDeleted!=true', holds: (invoice) => dotted(invoice, 'metadata.isDeleted') !== true },
    { query: 'metadata.isDeleted=true', holds: (invoice) => dotted(invoice, 'metadata.isDeleted') === true },
    {
      query: `status=Paid&&totalAmount>${median.source}`,
      holds: (invoice) => isPaid(invoice) && total(invoice) > 0,
    },
    {
      query: `customerRef.id=NullId||totalAmount>${median.source}`,
      holds: (invoice) => isNobody(invoice) || total(invoice) > 0,
    },
    {
      query: `{status=Paid||customerRef.id=NullId}&&issueDate>=${day}`,
      holds: (invoice) =>
        (isPaid(invoice) || isNobody(invoice)) && textAt(invoice, 'issueDate') >= `${day}T00:00:00`,
    },
  ];
}

async function checkFilters(
  world: World,
  point: Point,
  company: LinkedCompany,
  invoices: readonly Json[],
): Promise<void> {
  for (const { query, holds } of filtersFor(invoices)) {
    await point.check(`query=${query}`, async () => {
      const path = `${dataPath(company, 'invoices')}?pageSize=5000&query=${encodeURIComponent(query)}`;
      const found = (await world.api.all(path)).map((invoice) => at(invoice, 'id'));
      const expected = invoices.filter(holds).map((invoice) => at(invoice, 'id'));
      equal(found, expected, `${found.length} records for ${expected.length}`);
    });
  }
}

async function checkOrders(
  world: World,
  point: Point,
  company: LinkedCompany,
  invoices: readonly Json[],
): Promise<void> {
  for (const order of ['totalAmount', '-totalAmount', 'issueDate', '-issueDate', 'invoiceNumber']) {
    await point.check(`orderBy=${order} sorts every page alike`, async () => {
      const found = await world.api.all(`${dataPath(company, 'invoices')}?pageSize=150&orderBy=${order}`);
      equal(new Set(found.map((invoice) => at(invoice, 'id'))).size, invoices.length, 'distinct ids');
      const field = order.replace('-', '');
      for (const [index, invoice] of found.slice(1).entries()) {
        const difference = compareValues(at(found[index], field), at(invoice, field));
        const inOrder = order.startsWith('-') ? difference >= 0 : difference <= 0;
        expect(inOrder, `${show(at(found[index], field))} stands before ${show(at(invoice, field))}`);
      }
    });
  }
}

function compareValues(left: Json | undefined, right: Json | undefined): number {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'object' && typeof right === 'object') return compare(left as Exact, right as Exact);
  throw new Failure(`${show(left)} and ${show(right)} cannot be ordered`);
}

async function askForData(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const { companyId } = company;
  for (const path of ['data/queue/all', 'data/all']) {
    await point.check(`POST ${path} answers 204 and reads every data type again`, async () => {
      const before = await latestRuns(world, companyId);
      status(await world.api.post(`/companies/${companyId}/${path}`), 204);
      await untilSynced(world.api, companyId);
      const after = await latestRuns(world, companyId);
      for (const key of allKeys) expect(after.get(key) !== before.get(key), `${key} was not read again`);
    });
  }
}

async function latestRuns(world: World, companyId: string): Promise<Map<string, string>> {
  const body = await world.api.read(`/companies/${companyId}/dataStatus`);
  return new Map(allKeys.map((key) => [key, textAt(body, key, 'latestSyncId')]));
}

async function checkSchedules(world: World, point: Point, company: LinkedCompany): Promise<void> {
  const { api } = world;
  const path = `/companies/${company.companyId}/syncSettings`;
  const set = async (syncSchedule: number): Promise<void> => {
    const setting = { dataType: 'taxRates', fetchOnFirstLink: true, syncSchedule, syncOrder: 0 };
    const body = { companyId: company.companyId, overridesDefaults: true, settings: [setting] };
    status(await api.post(path, body), 204);
  };
  const stored = async (): Promise<number> => {
    const settings = listAt(await api.read(path), 'settings');
    return numberAt(
      settings.find((setting) => at(setting, 'dataType') === 'taxRates'),
      'syncSchedule',
    );
  };
  const runs = async (): Promise<number> => {
    const history = `/companies/${company.companyId}/data/history?pageSize=1000&query=${encodeURIComponent('dataType=taxRates')}`;
    return (await api.all(history)).filter((run) => at(run, 'status') === 'Complete').length;
  };
  await point.check(
    `an hourly schedule (an hour lasts ${hourSeconds} s here) runs twice by itself`,
    async () => {
      const before = await runs();
      await set(1);
      equal(await stored(), 1, 'syncSchedule');
      await until('two more runs are Complete', async () => (await runs()) >= before + 2, {
        seconds: 15,
        everyMs: 300,
      });
    },
  );
  await point.check('daily, weekly, monthly and off are kept', async () => {
    for (const hours of [24, 168, 720, 0]) {
      await set(hours);
      equal(await stored(), hours, 'syncSchedule');
    }
  });
  await point.check('a schedule that is off runs no more', async () => {
    await untilSynced(api, company.companyId);
    const before = await runs();
    await new Promise((done) => setTimeout(done, 2.5 * hourSeconds * 1000));
    equal(await runs(), before, 'runs');
  });
}
