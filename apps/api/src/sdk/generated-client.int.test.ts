/** A generator that is not ours reads the OpenAPI document; what it writes has to compile, together with a client that uses it. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import openapiTypescript, { type OpenAPI3 } from 'openapi-typescript';
import { expect, onTestFinished, test } from 'vitest';
import { startTestApi } from '../testing/api.fixture.ts';

const run = promisify(execFile);
const compiler = fileURLToPath(new URL('../../../../node_modules/.bin/tsc', import.meta.url));

/** Reads and writes through the generated types: a member that is missing or has another type does not compile. */
const client = `
import type { components, operations, paths } from './api.ts';

type Answer<Path extends keyof paths> = paths[Path] extends
  { get: { responses: { 200: { content: { 'application/json': infer Body } } } } } ? Body : never;

declare function get<Path extends keyof paths>(path: Path): Promise<Answer<Path>>;

export async function namesOfUnpaid(): Promise<string[]> {
  const companies = await get('/companies');
  const first: components['schemas']['Company'] | undefined = companies.results[0];
  const connection = first?.dataConnections[0];
  const status: 'PendingAuth' | 'Linked' | 'Unlinked' | 'Deauthorized' | undefined = connection?.status;
  const invoices = await get('/companies/{companyId}/data/invoices');
  return invoices.results
    .filter((invoice) => invoice.amountDue > 0)
    .map((invoice) => \`\${invoice.customerRef?.companyName ?? ''} \${status ?? ''}\`);
}

type NewCompany = operations['create-company']['requestBody'];
export const body: NewCompany = { content: { 'application/json': { name: 'Corner Shop' } } };
`;

test('a client that is generated from the OpenAPI document compiles', async () => {
  const api = await startTestApi();
  const { body } = await api.inject({ method: 'GET', url: '/openapi.json' });
  await api.close();
  const folder = await mkdtemp(join(tmpdir(), 'tributary-client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'api.ts'), await openapiTypescript(body as OpenAPI3));
  await writeFile(join(folder, 'client.ts'), client);
  const options = [
    '--strict',
    '--noEmit',
    '--skipLibCheck',
    '--allowImportingTsExtensions',
    '--ignoreConfig',
  ];
  const settings = ['--module', 'nodenext', '--target', 'es2023', '--types', ''];
  const compiled = run(compiler, [...options, ...settings, join(folder, 'client.ts')]).catch(
    (error: { stdout: string }) => error,
  );
  expect((await compiled).stdout).toBe('');
});
