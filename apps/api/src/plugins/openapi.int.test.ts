import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publicUrl, startTestApi, type TestApi } from '../testing/api.fixture.ts';

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: object;
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly content?: Readonly<Record<string, { readonly schema: object }>>;
        readonly headers?: Readonly<Record<string, object>>;
      }
    >
  >;
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly headers: Readonly<Record<string, object>>;
    readonly securitySchemes: object;
  };
}

let api: TestApi;
let document: OpenApi;

beforeAll(async () => {
  api = await startTestApi();
  document = (await api.inject({ method: 'GET', url: '/openapi.json' })).body;
});
afterAll(() => api.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  );

const errorSchema = { $ref: '#/components/schemas/ErrorMessage' };

describe('the OpenAPI document', () => {
  test('is of version 3.1 and names this deployment and its version', () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
    );
    expect(document).toHaveProperty('info.version', version);
    expect(document.openapi).toBe('3.1.0');
    expect(document).toHaveProperty('servers', [{ url: publicUrl }]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(['basic', 'bearer', 'portalSession']);
  });

  test.each([
    ['get', '/companies', 'list-companies'],
    ['post', '/companies', 'create-company'],
    ['put', '/companies', 'replace-company-by-body'],
    ['get', '/companies/{companyId}', 'get-company'],
    ['put', '/companies/{companyId}', 'replace-company'],
    ['patch', '/companies/{companyId}', 'update-company'],
    ['delete', '/companies/{companyId}', 'delete-company'],
    ['get', '/companies/{companyId}/connections', 'list-connections'],
    ['post', '/companies/{companyId}/connections', 'create-connection'],
    ['get', '/companies/{companyId}/connections/{connectionId}', 'get-connection'],
    ['patch', '/companies/{companyId}/connections/{connectionId}', 'unlink-connection'],
    ['delete', '/companies/{companyId}/connections/{connectionId}', 'delete-connection'],
    ['get', '/companies/{companyId}/syncSettings', 'get-company-syncSettings'],
    ['post', '/companies/{companyId}/syncSettings', 'set-company-syncSettings'],
    ['get', '/integrations', 'list-integrations'],
    ['get', '/integrations/{platformKey}', 'get-integration'],
    ['patch', '/integrations/{platformKey}', 'update-integration'],
    ['get', '/integrations/{platformKey}/credentials', 'get-integration-credentials'],
    ['put', '/integrations/{platformKey}/credentials', 'save-integration-credentials'],
    ['get', '/profile', 'get-profile'],
    ['put', '/profile', 'update-profile'],
    ['get', '/profile/syncSettings', 'get-profile-syncSettings'],
    ['post', '/profile/syncSettings', 'update-profile-syncSettings'],
    ['get', '/apiKeys', 'list-api-keys'],
    ['post', '/apiKeys', 'create-api-key'],
    ['delete', '/apiKeys/{apiKeyId}', 'delete-api-key'],
    ['get', '/healthz', 'get-health'],
    ['get', '/readyz', 'get-readiness'],
  ])('has %s %s as %s', (method, path, operationId) => {
    expect(document.paths[path]?.[method]?.operationId).toBe(operationId);
  });

  test('gives every operation an id of its own, a summary, a tag and a success answer', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, operation } of operations()) {
      expect(operation.operationId, name).toMatch(/^[a-z][A-Za-z-]+$/);
      expect(operation.summary, name).toMatch(/^[A-Z]/);
      expect(operation.tags, name).toHaveLength(1);
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        name,
      ).toBe(true);
    }
  });

  test('declares every parameter of every path', () => {
    for (const { name, path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map((parameter) => parameter.name).toSorted(), name).toEqual(inPath.toSorted());
      expect(
        declared.every((parameter) => parameter.required === true),
        name,
      ).toBe(true);
    }
  });

  test('answers every error in one schema, and 401, 429, 503 wherever a key is needed', () => {
    for (const { name, operation } of operations()) {
      const errors = Object.entries(operation.responses).filter(([status]) => /^[45]/.test(status));
      if (operation.security === undefined) {
        expect(
          errors.map(([status]) => status),
          name,
        ).toEqual(expect.arrayContaining(['401', '429', '503']));
      }
      if (operation.operationId === 'get-readiness') continue;
      for (const [, response] of errors)
        expect(response.content?.['application/json']?.schema, name).toEqual(errorSchema);
    }
  });

  test('refers to schemas and headers that it holds, and holds none that nothing refers to', () => {
    const text = JSON.stringify(document);
    const referred = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference));
    const { schemas, headers } = document.components;
    const held = Object.entries({ schemas, headers }).flatMap(([kind, members]) =>
      Object.keys(members).map((name) => `#/components/${kind}/${name}`),
    );
    expect([...referred].toSorted()).toEqual(held.toSorted());
  });

  test('declares the headers that answers come with, and those alone', async () => {
    const quota = ['X-Rate-Limit-Limit', 'X-Rate-Limit-Remaining', 'X-Rate-Limit-Reset'];
    for (const { name, operation } of operations()) {
      const hasKey = operation.security === undefined;
      for (const [status, { headers = {} }] of Object.entries(operation.responses)) {
        const expected = [
          'X-Correlation-Id',
          ...(hasKey && status !== '401' ? quota : []),
          ...(status === '429' || status === '503' ? ['Retry-After'] : []),
        ];
        expect(Object.keys(headers), `${name} ${status}`).toEqual(expect.arrayContaining(expected));
        expect(
          quota.some((header) => header in headers),
          `${name} ${status}`,
        ).toBe(hasKey && status !== '401');
      }
    }
    const client = await api.createClient();
    const sent = Object.keys((await client.get('/profile')).headers);
    const declared = operations().find(({ name }) => name === 'get /profile')?.operation.responses['200']
      ?.headers;
    for (const header of Object.keys(declared ?? {})) expect(sent).toContain(header.toLowerCase());
  });

  test('lets nothing be null in an answer', () => {
    const { schemas } = document.components;
    for (const name of ['Company', 'Connection', 'Integration', 'Profile', 'SyncSettings', 'ApiKeyDetails']) {
      expect(JSON.stringify(schemas[name]), name).not.toContain('"null"');
    }
  });
});

test('the reference is served with its script, and loads nothing from elsewhere', async () => {
  const page = await api.inject({ method: 'GET', url: '/docs', headers: { accept: 'text/html' } });
  const html = page.status === 200 ? page : await api.inject({ method: 'GET', url: '/docs/' });
  expect(html.status).toBe(200);
  const sources = [...html.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
  expect(sources.length).toBeGreaterThan(0);
  for (const source of sources) {
    const url = new URL(source, 'http://localhost/docs/');
    expect(url.host).toBe('localhost');
    expect((await api.inject({ method: 'GET', url: url.pathname })).status).toBe(200);
  }
});
