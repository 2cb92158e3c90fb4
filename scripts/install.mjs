// Brings node_modules up to date with the checkout. Plain JavaScript without dependencies, for Node 20 and newer.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isInstalled, writeInstallStamp } from './install-stamp.mjs';

const packageManager = 'pnpm@10.34.8';
const attempts = 2;
const lockPollMs = 500;
/** A lock without a process id is one whose owner died between two steps. */
const unownedLockMs = 10_000;
const networkTrouble =
  /ENOTFOUND|EAI_AGAIN|ECONNRESET|ECONNREFUSED|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EPIPE|socket hang up|FETCH_FAIL|fetch failed|HTTP 5\d\d|50[0234] /i;

/** @param {string} line */
function tell(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Installs what is missing, unless everything is there already. Several processes may call it at once.
 * @param {string} root the checkout
 * @throws {Error} with a message for the operator
 */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return;
  const release = await lockInstallation(root);
  try {
    if (isInstalled(root)) return;
    tell('Installing dependencies (the first time takes a minute)');
    await installWithRetry(root);
    writeInstallStamp(root);
  } finally {
    release();
  }
}

/** @param {string} root */
async function installWithRetry(root) {
  for (let attempt = 1; ; attempt += 1) {
    const { status, output } = await runInstall(root);
    if (status === 0) return;
    const isNetwork = networkTrouble.test(output);
    if (!isNetwork || attempt === attempts) throw new Error(explain(status, isNetwork));
    tell('The network failed; trying once more');
  }
}

/** @param {number | null} status @param {boolean} isNetwork */
function explain(status, isNetwork) {
  if (isNetwork)
    return 'The dependencies could not be downloaded: the package registry does not answer. Try again later.';
  return `The dependencies could not be installed (${packageManager} ended with ${status}); its messages stand above.`;
}

/**
 * @param {string} root
 * @returns {Promise<{ status: number | null, output: string }>}
 */
function runInstall(root) {
  const args = ['-y', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'];
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const child = spawn(npx, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      process.stderr.write(chunk);
    });
  }
  return new Promise((done) => {
    child.once('error', (error) => done({ status: null, output: `${output}\n${error.message}` }));
    child.once('close', (status) => done({ status, output }));
  });
}

/**
 * Waits until no other process installs into this checkout. The lock lies outside of it: a first installation has
 * no node_modules to put it into.
 * @param {string} root
 * @returns {Promise<() => void>} lets go of the lock
 */
async function lockInstallation(root) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const lock = join(tmpdir(), `tributary-install-${name}`);
  const owner = join(lock, 'pid');
  for (let told = false; ; ) {
    try {
      mkdirSync(lock);
      writeFileSync(owner, String(process.pid));
      return () => rmSync(lock, { recursive: true, force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    if (isAbandoned(lock, owner)) {
      rmSync(lock, { recursive: true, force: true });
      continue;
    }
    if (!told) tell('Another process is installing the dependencies; waiting for it');
    told = true;
    await delay(lockPollMs);
  }
}

/** @param {string} lock @param {string} owner */
function isAbandoned(lock, owner) {
  try {
    process.kill(Number(readFileSync(owner, 'utf8')), 0);
    return false;
  } catch (error) {
    if (codeOf(error) === 'EPERM') return false;
    if (codeOf(error) === 'ESRCH') return true;
  }
  try {
    return Date.now() - statSync(lock).mtimeMs > unownedLockMs;
  } catch {
    return false;
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
