/**
 * Every read that Codat's lending and accounting specifications have, over books that a worker read from the sandbox: both products,
 * foreign currency, no contacts, removed records. Each answer is checked against the specification.
 */
import { randomUUID } from 'node:crypto';
import { dataTypeKeys } from '@tributary/model';
import { createApiKeyRepository, makeApiKey } from '@tributary/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from '../../../packages/sync/src/testing/harness.ts';
import { buildApp } from './app.ts';
import {
  createAnswerCheck,
  hasCodatSpecification,
  loadCodatSpecification,
} from './testing/codat-specification.fixture.ts';

const checkAnswer = createAnswerCheck();

let harness: Harness;
let app: Awaited<ReturnType<typeof buildApp>>;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 120 } });
  const { store, queue, connectors, sync, pushes, credentials, events } = harness;
  app = await buildApp({
    publicUrl: 'https://tributary.example.com',
    requestsPerClientPerDay: 1_000_000,
    allowPrivateTargets: false,
    vault: harness.vault,
    pingQueue: async () => undefined,
    clock: Date.now,
    newId: randomUUID,
    logger: harness.logger,
    ...{ store, queue, connectors, sync, pushes, credentials, events },
  });
});
afterAll(async () => {
  await app.close();
  await harness.close();
});

interface Reader {
  readonly companyId: string;
  readonly connectionId: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every route, looked into by the tests
  get(url: string): Promise<{ status: number; body: any }>;
}

/** A business of the sandbox, read whole, then changed at the platform and read again. */
async function readBusiness(user: string): Promise<Reader> {
  const connection = await harness.link(user);
  const pullAll = async () => {
    for (const dataType of dataTypeKeys) {
      const { status } = await harness.pull(connection, dataType);
      expect(['Complete', 'NotSupported'], dataType).toContain(status);
    }
  };
  await pullAll();
  const { businessId } = await harness.store.prisma.connection.findUniqueOrThrow({
    where: { id: connection.id },
  });
  await harness.control('live', { edits: 60, business: businessId });
  await pullAll();
  const apiKey = makeApiKey();
  await createApiKeyRepository(harness.store).create(connection.clientId, {
    id: randomUUID(),
    name: 'lender',
    apiKey,
  });
  return {
    companyId: connection.companyId,
    connectionId: connection.id,
    get: async (url) => {
      const { statusCode, body: text } = await app.inject({
        url,
        headers: { authorization: `Bearer ${apiKey}` },
      });
      const body = JSON.parse(text);
      checkAnswer({ method: 'GET', url, status: statusCode, body });
      return { status: statusCode, body };
    },
  };
}

/** Kinds of records of which the platform has none, by the part of the path that names them. */
const lacking =
  /\/data\/(billCreditNotes|creditNotes|directCosts|directIncomes|paymentMethods|purchaseOrders|salesOrders|itemReceipts|trackingCategories|banking-|commerce-)|\/bankAccounts\/\{id\}\/(bankTransactions|transactions)$/;
/** What belongs to services that are not offered, or needs other data than accounting's. */
const notOffered = /^GET \/data\/|\/reports(?!\/aged)|\/files|\/bankStatements\//;
/** What a platform may have and Kashoo does not give. */
const notGiven =
  /\/pdf$|\/download$|\/(customers|suppliers)\/\{[^}]+\}\/attachments|\/attachments\/\{attachmentId\}$/;
/** Asked for by the tests of management, not here. */
const management =
  /\/(options|push|bankFeedAccounts|connectionInfo)(\/|$)|\/connections(\/\{connectionId\})?$|^GET \/companies(\/\{companyId\})?$/;

/** Marked as internal and deprecated there, with a schema that no bank account of any platform fits. */
const internal = 'GET /companies/{companyId}/data/bankAccounts/{id}';

const reads = () => {
  const specification = loadCodatSpecification();
  return ['Codat-Lending.json', 'Codat-Accounting-2023.json']
    .flatMap((file) => specification.operations(file))
    .map((name) =>
      name.replace(/\/(\w+)\/\{(?!companyId|connectionId|attachmentId|dataType|datasetId)\w+\}/g, '/$1/{id}'),
    )
    .filter(
      (name, index, all) =>
        name.startsWith('GET ') && name !== internal && !management.test(name) && all.indexOf(name) === index,
    );
};

describe.skipIf(!hasCodatSpecification).each([
  ['Kashoo Classic, with foreign currency', '1001'],
  ['TrulySmall', '1004'],
])('%s (needs ../shared)', (product, user) => {
  let reader: Reader;
  const lacks = product === 'TrulySmall' ? /\/data\/items/ : /^$/;
  beforeAll(async () => {
    reader = await readBusiness(user);
  }, 120_000);

  /** A request of an operation, its single records with the id of one that its list has. */
  async function urlOf(operation: string): Promise<string> {
    const url = operation
      .replace('GET ', '')
      .replace('{companyId}', reader.companyId)
      .replace('{connectionId}', reader.connectionId)
      .replace('{attachmentId}', randomUUID())
      .replace('{dataType}', 'bankAccounts');
    if (url.includes('/financials/')) return `${url}?periodLength=3&periodsToCompare=8`;
    if (url.includes('{datasetId}')) {
      const { body } = await reader.get(`/companies/${reader.companyId}/data/history`);
      return url.replace('{datasetId}', body.results[0].id);
    }
    const [list, rest] = url.split('/{id}');
    if (rest === undefined || list === undefined) return url;
    const connection = `/companies/${reader.companyId}/connections/${reader.connectionId}/data/`;
    const { body } = await reader.get(`${connection}${list.split('/').at(-1)}`);
    return `${list}/${encodeURIComponent(body.results?.[0]?.id ?? 'none')}${rest}`;
  }

  test('answers every read of the lending and accounting specifications: what it has as they describe it, the rest as a 404 with the reason', async () => {
    const served: string[] = [];
    for (const operation of reads()) {
      const { status, body } = await reader.get(await urlOf(operation));
      if (lacking.test(operation) || lacks.test(operation)) {
        expect([operation, status, body.error]).toEqual([
          operation,
          404,
          expect.stringMatching(/^Datatype [\w-]+ not supported by platform\(s\) Kashoo\.$/),
        ]);
      } else if (notOffered.test(operation)) {
        expect([operation, status, body.error]).toEqual([
          operation,
          404,
          expect.stringMatching(/which no platform here gives|a service of its own/),
        ]);
      } else if (notGiven.test(operation)) {
        expect([operation, status, body.error]).toEqual([
          operation,
          404,
          expect.stringMatching(/does not give|are not supported by platform|attachment was not found/),
        ]);
      } else {
        expect([operation, status]).toEqual([operation, 200]);
        served.push(operation);
      }
    }
    expect(served).toHaveLength(product === 'TrulySmall' ? 39 : 41);
  });

  test('gives every record of every list as the specifications describe it', async () => {
    let records = 0;
    let deleted = 0;
    for (const operation of reads()) {
      if (lacking.test(operation) || lacks.test(operation) || !/\/data\/\w+$/.test(operation)) continue;
      if (/\/(info|all|history|dataStatus)$/.test(operation)) continue;
      const { body } = await reader.get(`${await urlOf(operation)}?pageSize=2000`);
      records += body.results.length;
      deleted += body.results.filter(
        ({ metadata }: { metadata: { isDeleted: boolean } }) => metadata.isDeleted,
      ).length;
      expect([operation, body.results.length]).toEqual([operation, body.totalResults]);
    }
    expect(records).toBeGreaterThan(400);
    expect(deleted).toBeGreaterThan(0);
    const invoices = async (query: string) => {
      const path = `/companies/${reader.companyId}/data/invoices?query=${encodeURIComponent(query)}`;
      return (await reader.get(path)).body.totalResults;
    };
    expect(await invoices('customerRef.id=NullId')).toBeGreaterThan(0);
    if (product !== 'TrulySmall') expect(await invoices('currencyRate!=1')).toBeGreaterThan(0);
  });
});
