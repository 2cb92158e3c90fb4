/**
 * `npm run migration -- NAME`: writes the next migration folder from the difference between the migrations and `schema.prisma`.
 * Needs `DATABASE_URL` of a server on which a scratch database may be made: the migrations are replayed there.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrationsDirectory, writeMigrationDiff } from '@tributary/store';

const name = process.argv[2];
const databaseUrl = process.env.DATABASE_URL;
if (name === undefined || !/^[a-z0-9_]+$/.test(name) || !databaseUrl) {
  console.error('usage: DATABASE_URL=postgresql://… npm run migration -- name_in_snake_case');
  process.exit(2);
}
const datamodel = await readFile(
  fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url)),
  'utf8',
);
const script = await writeMigrationDiff({ databaseUrl, datamodel });
if (script === undefined) {
  console.error('prisma/schema.prisma and the migrations agree: nothing to write');
} else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = path.join(migrationsDirectory, `${stamp}_${name}`);
  await mkdir(folder);
  await writeFile(path.join(folder, 'migration.sql'), script);
  console.error(`wrote ${path.relative(process.cwd(), folder)}`);
}
