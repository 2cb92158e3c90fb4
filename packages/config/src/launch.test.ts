import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { launch } from './launch.ts';

const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const programs = [
  ['api', ['node', ...launch.apiArguments, 'apps/api/src/main.ts']],
  ['worker', ['node', ...launch.workerArguments, 'apps/worker/src/main.ts']],
] as const;
const words = Object.entries(launch.environment).map(([name, value]) => `${name}=${value}`);

it('is what the scripts start API and worker with', () => {
  const { scripts } = JSON.parse(file('package.json')) as { scripts: Record<string, string> };
  for (const [program, command] of programs)
    expect(scripts[program]).toBe(`exec env ${words.join(' ')} ${command.join(' ')}`);
});

it('is what containers and services start them with', () => {
  for (const word of words) {
    expect(file('Dockerfile')).toContain(word);
    expect(file('docs/operations.md')).toContain(word);
  }
  for (const [, command] of programs) {
    expect(file('docker-compose.yml')).toContain(JSON.stringify(command).replaceAll(',', ', '));
    expect(file('docs/operations.md')).toContain(command.join(' '));
  }
});

it('is what the image makes its cache with: what some of the arguments make of a source is of no use without them', () => {
  for (const [, command] of programs)
    expect(file('Dockerfile')).toContain(`RUN ${command.join(' ')} || true`);
});
