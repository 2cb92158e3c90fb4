/** What the portal costs its readers: bytes before anything shows, and the time until it can be used. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { contention } from './harness/contention.ts';
import { setUpBrowserTests } from './harness/index.ts';

const tests = setUpBrowserTests();
const dist = join(import.meta.dirname, '..', 'dist');
const mostScriptBytes = 250_000;
const longestMs = 2000;
const mostVisits = 10;

/** The script files that a page needs before it runs: those it names, and what these import at once. */
function firstScripts(): string[] {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\/portal\/(assets\/[^"]+\.js)"/g)].map(
    ([, path = '']) => path,
  );
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    const text = readFileSync(join(dist, path), 'utf8');
    for (const [, file = ''] of text.matchAll(/(?:^|[;}])import(?:[^"'()]*?from)?["']\.\/([^"']+\.js)["']/g))
      visit(`assets/${file}`);
  };
  named.forEach(visit);
  return [...found];
}

test('the first load has less than 250 kB of script, compressed', () => {
  const scripts = firstScripts();
  expect(scripts.length).toBeGreaterThan(0);
  const bytes = scripts.reduce((sum, path) => sum + gzipSync(readFileSync(join(dist, path))).length, 0);
  console.log(`first load: ${scripts.length} scripts, ${bytes} bytes of gzip`);
  expect(bytes).toBeLessThan(mostScriptBytes);
});

test('the home page can be used within two seconds, and what is sent is compressed', async () => {
  const tenant = await tests.tenants.demo();
  const { page, context, signIn } = await tests.open();
  await signIn(await tenant.createUser('owner'));
  const times: number[] = [];
  const allowed: number[] = [];
  const isQuick = () => times.some((time, visit) => time < (allowed[visit] ?? longestMs));
  for (let visit = 0; visit < mostVisits && !isQuick(); visit += 1) {
    allowed.push(longestMs * contention());
    const fresh = await context.newPage();
    await fresh.route('**/portal/assets/**', (route) =>
      route.continue({ headers: { ...route.request().headers(), 'cache-control': 'no-cache' } }),
    );
    const startedAt = performance.now();
    await fresh.goto('/portal/', { waitUntil: 'commit' });
    await fresh.getByRole('heading', { name: 'At a glance' }).waitFor();
    await fresh.getByRole('link', { name: 'Companies', exact: true }).click({ trial: true });
    times.push(performance.now() - startedAt);
    await fresh.close();
  }
  const rounded = (values: number[]) => values.map(Math.round).join(', ');
  console.log(
    `home page usable after ${rounded(times)} ms; as busy as the machine was, ${rounded(allowed)} allowed`,
  );
  // The quickest: the others tell of what else the machine was doing.
  expect(isQuick()).toBe(true);
  const main = firstScripts()[0];
  const answer = await page.request.get(`/portal/${main}`, { headers: { 'accept-encoding': 'br, gzip' } });
  expect(answer.headers()['content-encoding']).toBe('br');
});
