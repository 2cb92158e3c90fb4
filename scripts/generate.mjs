// Runs after every install (`postinstall`), as its last step: generates the Prisma client, when its schema has
// changed, and records that the installation is complete.
// Plain JavaScript without dependencies: it runs before anything can be taken for granted.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeInstallStamp } from './install-stamp.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const schemaPath = join(root, 'prisma', 'schema.prisma');

/** Where the schema's generator writes: its `output`, relative to the schema. @param {string} schema */
function outputFolder(schema) {
  const output = /^\s*output\s*=\s*"([^"]+)"/m.exec(schema)?.[1];
  return output ? resolve(dirname(schemaPath), output) : join(root, 'packages', 'store', 'src', 'generated');
}

function generate() {
  if (!existsSync(schemaPath)) return 0;
  const schema = readFileSync(schemaPath, 'utf8');
  const prismaPackage = join(root, 'node_modules', 'prisma', 'package.json');
  const version = JSON.parse(readFileSync(prismaPackage, 'utf8')).version;
  const hash = createHash('sha256').update(`${version}\n${schema}`).digest('hex');

  const output = outputFolder(schema);
  const stampPath = join(output, '.schema-hash');
  const upToDate = existsSync(stampPath) && readFileSync(stampPath, 'utf8') === hash;
  if (upToDate && readdirSync(output).length > 1) return 0;

  // The generator is pure WebAssembly, yet Prisma insists on a schema engine: naming any executable keeps it
  // from downloading one, which an installation behind a firewall could not do.
  const result = spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'prisma', 'build', 'index.js'), 'generate', '--schema', schemaPath],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  );
  if (result.status !== 0) {
    process.stderr.write(`prisma generate failed:\n${result.stdout ?? ''}${result.stderr ?? ''}\n`);
    return result.status ?? 1;
  }
  writeFileSync(stampPath, hash);
  return 0;
}

process.exitCode = generate();
if (process.exitCode === 0 && process.env.npm_lifecycle_event === 'postinstall') writeInstallStamp(root);
