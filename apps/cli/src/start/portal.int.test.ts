import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { buildPortal } from './portal.ts';

const folder = mkdtempSync(join(tmpdir(), 'tributary-builder-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function linesOf(script: string, signal = new AbortController().signal): Promise<string[]> {
  const program = join(folder, 'builder.mjs');
  writeFileSync(program, script);
  const lines: string[] = [];
  await buildPortal({ environment: process.env, print: (line) => lines.push(line), signal, program });
  return lines;
}

test('a build that fails is told with its messages, and stops nothing', async () => {
  const lines = await linesOf("console.error('no such file'); process.exitCode = 3;");
  expect(lines).toEqual([
    'no such file',
    'The portal could not be built (code 3); everything else works. Its messages stand above.',
  ]);
});

test('a stop ends it without a complaint', async () => {
  expect(await linesOf('setTimeout(() => {}, 60_000);', AbortSignal.timeout(200))).toEqual([]);
});
