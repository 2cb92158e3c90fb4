import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { launch } from './launch.ts';

const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const words = Object.entries(launch.environment).map(([name, value]) => `${name}=${value}`);

it('is what the scripts start API and worker with', () => {
  const { scripts } = JSON.parse(file('package.json')) as { scripts: Record<string, string> };
  const environment = words.join(' ');
  expect(scripts['api']).toBe(`exec env ${environment} node apps/api/src/main.ts`);
  expect(scripts['worker']).toBe(
    `exec env ${environment} node ${launch.workerArguments.join(' ')} apps/worker/src/main.ts`,
  );
});

it('is what containers and services start them with', () => {
  for (const word of words) {
    expect(file('Dockerfile')).toContain(word);
    expect(file('docs/operations.md')).toContain(word);
  }
  expect(file('docker-compose.yml')).toContain(
    JSON.stringify(['node', ...launch.workerArguments, 'apps/worker/src/main.ts']).replaceAll(',', ', '),
  );
  expect(file('docs/operations.md')).toContain(
    `node ${launch.workerArguments.join(' ')} apps/worker/src/main.ts`,
  );
});
