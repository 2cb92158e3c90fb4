/**
 * A class that extends `String`, anywhere in the process, makes V8 (as of Node 24) read characters of every string several times slower:
 * `charCodeAt` in optimised code then asks each time what it reads from. Syncing is reading characters. ioredis 6 has such a class.
 */
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const require = createRequire(import.meta.url);

test.each(['ioredis', 'bullmq', 'pg'])('%s does not extend String', (name) => {
  const folder = dirname(require.resolve(name));
  const files = globSync('**/*.{js,cjs,mjs}', { cwd: folder });
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => /\bextends String\b/.test(readFileSync(join(folder, file), 'utf8')))).toEqual(
    [],
  );
});
