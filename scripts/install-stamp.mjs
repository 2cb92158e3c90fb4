// What an installation was made from, so that an unchanged one is recognised without asking the package manager.
// Plain JavaScript without dependencies: it runs before anything is installed, on Node 20.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders whose subfolders are packages; as in pnpm-workspace.yaml. */
const packageParents = ['apps', 'packages', 'packages/connectors'];
const wholeFiles = ['pnpm-lock.yaml', 'pnpm-workspace.yaml'];
/** What of a package.json decides about an installation; scripts and the like do not. */
const decidingFields = [
  'name',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
];

/** @param {string} root */
function manifestsOf(root) {
  const folders = packageParents.flatMap((parent) =>
    existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => join(parent, name)) : [],
  );
  const manifests = ['.', ...folders.sort()].map((folder) => join(folder, 'package.json'));
  return manifests.filter((manifest) => existsSync(join(root, manifest)));
}

/** @param {string} text */
function decidingPart(text) {
  const manifest = JSON.parse(text);
  return JSON.stringify(decidingFields.map((field) => manifest[field] ?? null));
}

/**
 * The hash of everything that decides what `pnpm install` puts into `node_modules`.
 * @param {string} root the checkout
 * @returns {string}
 */
export function installHash(root) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`);
  for (const file of wholeFiles) {
    const path = join(root, file);
    hash.update(`${file}\n${existsSync(path) ? readFileSync(path, 'utf8') : ''}\n`);
  }
  for (const manifest of manifestsOf(root)) {
    hash.update(`${manifest}\n${decidingPart(readFileSync(join(root, manifest), 'utf8'))}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} root */
function stampPath(root) {
  return join(root, 'node_modules', '.install-stamp');
}

/**
 * Whether `node_modules` is what the checkout asks for.
 * @param {string} root the checkout
 */
export function isInstalled(root) {
  const node = join(root, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(stampPath(root)) || !existsSync(node)) return false;
  return readFileSync(stampPath(root), 'utf8') === installHash(root);
}

/**
 * Records that `node_modules` is complete. Called as the last step of an installation.
 * @param {string} root the checkout
 */
export function writeInstallStamp(root) {
  if (existsSync(join(root, 'node_modules'))) writeFileSync(stampPath(root), installHash(root));
}
