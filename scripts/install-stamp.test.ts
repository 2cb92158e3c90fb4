import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installHash, isInstalled, writeInstallStamp } from './install-stamp.mjs';

let root: string;

function write(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tributary-stamp-'));
  write('pnpm-lock.yaml', 'lock');
  write('pnpm-workspace.yaml', 'workspace');
  write('package.json', '{"name":"root","devDependencies":{"a":"1"}}');
  write('apps/api/package.json', '{"name":"api"}');
  write('packages/connectors/kashoo/package.json', '{"name":"kashoo"}');
  write('node_modules/node/bin/node', '');
});

afterEach(() => rmSync(root, { recursive: true }));

describe('an installation', () => {
  test('is missing until it is recorded as complete', () => {
    expect(isInstalled(root)).toBe(false);
    writeInstallStamp(root);
    expect(isInstalled(root)).toBe(true);
  });

  test('without its Node is incomplete', () => {
    writeInstallStamp(root);
    rmSync(join(root, 'node_modules/node'), { recursive: true });
    expect(isInstalled(root)).toBe(false);
  });

  test('is never recorded where there is none', () => {
    rmSync(join(root, 'node_modules'), { recursive: true });
    writeInstallStamp(root);
    expect(isInstalled(root)).toBe(false);
  });

  test.each([
    ['the lockfile', 'pnpm-lock.yaml', 'other lock'],
    ['the workspace', 'pnpm-workspace.yaml', 'other workspace'],
    ['a dependency of the root', 'package.json', '{"name":"root","devDependencies":{"a":"2"}}'],
    ['a dependency of an app', 'apps/api/package.json', '{"name":"api","dependencies":{"b":"1"}}'],
    [
      'a dependency of a connector',
      'packages/connectors/kashoo/package.json',
      '{"name":"kashoo","dependencies":{"b":"1"}}',
    ],
    ['a new package', 'packages/new/package.json', '{"name":"new"}'],
  ])('is out of date when %s changes', (_what, path, text) => {
    writeInstallStamp(root);
    write(path, text);
    expect(isInstalled(root)).toBe(false);
  });

  test('stays valid when only scripts of a package change', () => {
    const before = installHash(root);
    write('package.json', '{"name":"root","scripts":{"x":"y"},"devDependencies":{"a":"1"}}');
    expect(installHash(root)).toBe(before);
  });
});
