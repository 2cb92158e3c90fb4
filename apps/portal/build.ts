/**
 * Builds the portal into `dist`, unless it was built from these very sources before. `npm start`, the image and the
 * browser tests run it; several may at once, since the finished folder is put in place in one step.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';

const folder = import.meta.dirname;
const repository = join(folder, '..', '..');
const finished = join(folder, 'dist');
const leastCompressedBytes = 1000;
const stampName = '.build-stamp';

/** What the built files are made from. The lock file stands for every library. */
const sources = [
  'apps/portal/src',
  'apps/portal/public',
  'apps/portal/index.html',
  'apps/portal/vite.config.ts',
  'packages/model/src/exact-json.ts',
  'packages/model/src/exact-number.ts',
  'packages/model/src/money.ts',
  'pnpm-lock.yaml',
];

function filesBelow(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const source of sources) {
    const path = join(repository, source);
    const files = source.includes('.') ? [path] : filesBelow(path);
    for (const file of files) hash.update(`${relative(repository, file)}\n`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function isBuilt(hash: string): boolean {
  const stamp = join(finished, stampName);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

/** Lays compressed copies beside the files, so that the server need not compress the same file for every reader. */
function compressFiles(made: string): void {
  const files = filesBelow(made).filter((file) => /\.(js|css|html|svg)$/.test(file));
  for (const file of files) {
    const content = readFileSync(file);
    if (content.length < leastCompressedBytes) continue;
    writeFileSync(`${file}.br`, brotliCompressSync(content));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
}

/** Moves the new folder to its place. Whoever serves the old one meanwhile has its files open or reads the new ones. */
function putInPlace(made: string): void {
  const former = `${made}-former`;
  if (existsSync(finished)) renameSync(finished, former);
  renameSync(made, finished);
  rmSync(former, { recursive: true, force: true });
}

const hash = sourceHash();
if (!isBuilt(hash)) {
  process.stdout.write('Building the portal\n');
  const made = join(folder, 'node_modules', `.portal-${process.pid}`);
  mkdirSync(made, { recursive: true });
  try {
    await build({
      configFile: join(folder, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: made, emptyOutDir: true },
    });
    compressFiles(made);
    writeFileSync(join(made, stampName), hash);
    if (!isBuilt(hash)) putInPlace(made);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}
