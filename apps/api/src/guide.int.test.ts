/**
 * CONTRIBUTING's guide “Adding a platform in an afternoon”, tried with a platform that was made by its steps: it is linked, synced and
 * read through the parts of the house as they are. And the guide itself, step by step: what it names is there, and what the example
 * has, it names.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createExampleConnector } from '@tributary/connector-example';
import * as kit from '@tributary/connector-kit';
import * as model from '@tributary/model';
import { exampleRoutes } from '@tributary/sandbox/example';
import { createApiKeyRepository, makeApiKey } from '@tributary/store';
import { createSyncEngine } from '@tributary/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Browser } from './routes/link/testing/browser.ts';
import { startTestHouse, type TestHouse, users } from './routes/link/testing/test-house.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const EXAMPLE = 'packages/connectors/example';
const textOf = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

describe('a platform made by the guide', () => {
  let house: TestHouse;
  beforeAll(async () => {
    house = await startTestHouse({
      platform: { prefix: '/example', routes: exampleRoutes },
      connectorAt: (origin) =>
        createExampleConnector({
          apiUrl: `${origin}/example`,
          oauthUrl: `${origin}/oauth2`,
          requestsPerSecond: 1000,
        }),
    });
  });
  afterAll(() => house.close());

  test('is linked by a business, synced, and read by a lender', async () => {
    const link = await house.createLink({ platformKey: 'xmpl' });
    const page = await house.linkWith(new Browser(), link.startUrl, users.one);
    expect(page.body).toContain('Corner Bakery');
    expect(await house.connection(link.connectionId)).toMatchObject({
      status: 'Linked',
      businessName: 'Corner Bakery',
    });

    const engine = createSyncEngine({
      store: house.store,
      queue: house.queue,
      connectors: house.connectors,
      credentials: house.credentials,
      logger: house.logger,
      now: Date.now,
      owner: 'guide',
      deletionBrakePercent: 20,
      admit: (clientId) => house.sync.admit(clientId),
    });
    const { runs } = await house.connection(link.connectionId);
    expect(runs.map(({ dataType }) => dataType).toSorted()).toEqual(['customers', 'invoices']);
    for (const { id } of runs) await engine.execute(id, new AbortController().signal);

    const apiKey = makeApiKey();
    await createApiKeyRepository(house.store).create(link.clientId, {
      id: randomUUID(),
      name: 'guide',
      apiKey,
    });
    const read = async (path: string) => {
      const response = await fetch(`${house.publicUrl}/companies/${link.companyId}${path}`, {
        headers: { authorization: `Basic ${Buffer.from(apiKey).toString('base64')}` },
      });
      expect(response.status).toBe(200);
      return (await response.json()) as { totalResults: number; results: Record<string, unknown>[] };
    };
    const invoices = await read('/data/invoices?page=1&pageSize=100&orderBy=issueDate');
    expect(invoices.totalResults).toBe(40);
    expect(invoices.results[0]).toMatchObject({ id: '1039', invoiceNumber: 'INV-39', totalAmount: 59.38 });
    const nobody = await read('/data/invoices?page=1&pageSize=100&query=customerRef.id%3DNullId');
    expect(nobody.totalResults).toBe(8);
    expect((await read('/data/customers?page=1')).totalResults).toBe(20);
  });
});

describe('the guide', () => {
  const [, guide = ''] =
    /## Adding a platform in an afternoon\n([\s\S]*?)\n## /.exec(textOf('CONTRIBUTING.md')) ?? [];
  const steps = [...guide.matchAll(/^(\d+)\. \*\*(.+?)\*\*(.*)$/gm)].map(
    ([, number, head = '', text = '']) => ({
      number: Number(number),
      head: head.replaceAll('`', ''),
      named: [...`${head}${text}`.matchAll(/`([^`]+)`/g)].map(([, name = '']) =>
        name.replaceAll('<name>', 'example'),
      ),
    }),
  );
  const step = (head: string) => {
    const found = steps.find((one) => one.head === head);
    if (found === undefined) throw new Error(`The guide has no step ${head}`);
    return found;
  };
  const sources = readdirSync(`${ROOT}${EXAMPLE}/src`, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.\w+$/.test(path),
  );
  const code = sources
    .filter((path) => path.endsWith('.ts') && !path.includes('.test.'))
    .map((path) => textOf(`${EXAMPLE}/src/${path}`))
    .join('\n');

  test('has these steps, in this order', () => {
    expect(steps.map(({ number, head }) => `${number} ${head}`)).toEqual([
      '1 A folder',
      '2 The manifest',
      '3 The wire format',
      '4 Listing',
      '5 Mapping',
      '6 The rest of the Connector',
      '7 The registry',
      '8 The environment',
      '9 A stand-in',
      '10 Tests',
      '11 Writing',
    ]);
  });

  test('names every file of the example, and no other of the platform’s folder', () => {
    const named = steps
      .flatMap((one) => one.named)
      .filter((name) => /^[\w./-]+\.(?:ts|png|json)$/.test(name) && !/^(?:apps|packages)\//.test(name));
    const documents = sources.filter((path) => !path.endsWith('map.test.ts'));
    expect(new Set(named)).toEqual(new Set([...documents, 'package.json']));
  });

  test('names paths of the repository that are there', () => {
    const paths = [...guide.matchAll(/`((?:apps|packages|docs)\/[^`]+)`|\]\((docs\/[^)]+)\)/g)]
      .map(([, path, link]) => (path ?? link ?? '').replaceAll('<name>', 'example'))
      .concat('.env.example', 'docker-compose.yml');
    expect(paths.length).toBeGreaterThan(12);
    for (const path of paths) expect([path, existsSync(`${ROOT}${path}`)]).toEqual([path, true]);
  });

  test('names of the kit and the model what the example does with them', () => {
    const words = ['The manifest', 'Listing', 'Mapping', 'The rest of the Connector'].flatMap((head) =>
      step(head).named.filter((name) => /^[A-Za-z]\w*$/.test(name)),
    );
    expect(words).toEqual(
      expect.arrayContaining(['listByOffset', 'parseCleanJson', 'createOAuth2Client', 'probe']),
    );
    for (const word of words) expect([word, new RegExp(`\\b${word}\\b`).test(code)]).toEqual([word, true]);
    // And the other way round: what the example takes of them is named, or a matter of course.
    const course = [
      'instant',
      'localDate',
      'exactNumber',
      'issueMessages',
      'createSystemClock',
      'PlatformError',
    ];
    const taken = [...code.matchAll(/import \{([^}]+)\} from '@tributary\/(?:connector-kit|model)'/g)]
      .flatMap(([, names = '']) => names.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '));
    expect(taken.length).toBeGreaterThan(8);
    for (const name of new Set(taken)) {
      expect([name, name in kit || name in model]).toEqual([name, true]);
      expect([name, words.includes(name) || course.includes(name)]).toEqual([name, true]);
    }
  });

  test('the folder is one as the first step says', () => {
    const read = JSON.parse(textOf(`${EXAMPLE}/package.json`)) as { name: string; dependencies: object };
    expect(step('A folder').named).toContain(read.name);
    expect(Object.keys(read.dependencies)).toEqual(['@tributary/connector-kit', '@tributary/model', 'zod']);
  });

  test('registry and environment know each platform that is offered as those steps say', () => {
    const offered = readdirSync(`${ROOT}packages/connectors`).filter(
      (name) => !['registry', 'example'].includes(name),
    );
    expect(offered.length).toBeGreaterThan(1);
    const places = [...step('The registry').named, ...step('The environment').named].filter((name) =>
      name.includes('.'),
    );
    expect(places).toHaveLength(7);
    for (const name of offered) {
      for (const place of places) {
        const text = textOf(place).toLowerCase();
        expect([name, place, text.includes(name)]).toEqual([name, place, true]);
      }
    }
  });

  test('writing has what the last step names', () => {
    const { named } = step('Writing');
    const interfaces = `${textOf('packages/connector-kit/src/connector.ts')}${textOf('packages/connector-kit/src/writing.ts')}`;
    for (const name of ['writing', 'writer', 'unknown']) {
      expect(named).toContain(name);
      expect(interfaces).toMatch(new RegExp(`\\b${name}\\b`));
    }
    expect(kit).toHaveProperty('writeFields');
  });
});
