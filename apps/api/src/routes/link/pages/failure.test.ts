import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { failureStatuses, type LinkFailureCode } from '../../../link/failure.ts';
import { failurePage } from './failure.ts';
import type { PageAssets } from './layout.ts';

const assets: PageAssets = {
  stylesheetPath: '/s',
  scriptPath: '/j',
  iconPath: '/i',
  logoPath: () => '/l',
  themePath: () => '/t',
};
const guide = readFileSync(new URL('../../../../../../docs/linking.md', import.meta.url), 'utf8');

test.each(Object.entries(failureStatuses))('the guide explains %s', (code, status) => {
  const page = failurePage(assets, code as LinkFailureCode, {}, 'reference');
  const title = /<h1>([^<]+)<\/h1>/.exec(page)?.[1] ?? '';
  const row = guide.split('\n').find((line) => line.startsWith(`| ${title} |`));
  expect(row, title).toContain(String(status));
});

test.each([
  [undefined, 'in a few minutes'],
  [1, 'in a minute or two'],
  [91, 'in about 2 minutes'],
  [3600, 'in about 60 minutes'],
])('when trying again makes sense is told in words: %s seconds', (retryAfterSeconds, words) => {
  const context = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  expect(failurePage(assets, 'tooManyAttempts', context, 'reference')).toContain(
    `Please try again ${words}.`,
  );
});
