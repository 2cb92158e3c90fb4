// `npm start`, `npm test` and their like on a machine with Node 20 and npm alone: makes sure that
// dependencies are there, and hands over to the Node 24 that is one of them. Plain JavaScript without dependencies.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const oldestNode = 20;

/** What each command runs. @type {Record<string, string | undefined>} */
const programs = {
  start: 'apps/cli/src/start.ts',
  test: 'scripts/test.ts',
  check: 'scripts/check.ts',
  accept: 'accept/accept.ts',
  bench: 'bench/bench.ts',
};

/** @param {string} message @returns {never} */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/**
 * npm passes signals on, but one that is killed outright can not: whoever lost it is told within a second.
 * @param {() => void} react
 */
function whenNpmVanishes(react) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) react();
  }, 1000).unref();
}

/**
 * The program's exit code, or what a shell makes of the signal that ended it.
 * @param {number | null} code @param {NodeJS.Signals | null} signal
 */
function exitCode(code, signal) {
  return signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1);
}

/**
 * Runs a program to its end and answers its exit code. Signals are passed on to it; should this process be killed
 * outright, the program notices by its closed channel.
 * @param {string} program @param {string[]} args @returns {Promise<number>}
 */
function run(program, args) {
  const binaries = join(root, 'node_modules', '.bin');
  const child = spawn(join(root, 'node_modules', 'node', 'bin', 'node'), [join(root, program), ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` },
  });
  /** @type {NodeJS.Signals[]} */
  const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of passedOn) process.on(signal, () => child.kill(signal));
  whenNpmVanishes(() => child.kill('SIGTERM'));
  return new Promise((done, broken) => {
    child.once('error', broken);
    child.once('exit', (code, signal) => done(exitCode(code, signal)));
  });
}

const [command = '', ...args] = process.argv.slice(2);
const program = programs[command];
const major = Number.parseInt(process.versions.node, 10);
if (major < oldestNode) fail(`Node.js ${oldestNode} or newer is needed; this is ${process.version}.`);
if (!program) fail(`There is no command "${command}"; there are ${Object.keys(programs).join(', ')}.`);
if (!existsSync(join(root, program))) fail(`${program} is missing from this checkout.`);
try {
  await ensureInstalled(root);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
// An update of the checkout can change the schema and nothing else.
const generated = await run('scripts/generate.mjs', []);
process.exitCode = generated === 0 ? await run(program, args) : generated;
