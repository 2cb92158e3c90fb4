import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { readableLine } from './log-line.ts';

/** One of the processes that `npm start` runs. */
export interface ManagedProcess {
  name: string;
  /** Resolves when the process says over its channel that it is ready. */
  ready: Promise<void>;
  /** Resolves, with a readable reason, when the process ends without having been stopped. */
  crashed: Promise<string>;
  /** Asks the process to end, and ends it when it does not within the bound. */
  stop(): Promise<void>;
}

const endWithParent = new URL('./end-with-parent.ts', import.meta.url).href;
const keptLines = 20;
/** Longer than the processes give themselves. */
const stopLimitMs = 25_000;
const pollMs = 50;
const readyLimitMs = 60_000;

/**
 * Starts a process of the project with this very Node.
 *
 * It runs in a process group of its own, so that Ctrl-C in a terminal leaves the order of stopping to us; should this
 * process vanish, the child notices by its closed channel.
 */
export function startProcess(options: {
  name: string;
  program: string;
  /** For Node itself. */
  nodeArguments?: readonly string[];
  environment: NodeJS.ProcessEnv;
  print: (line: string) => void;
}): ManagedProcess {
  const { name, program, nodeArguments = [], environment, print } = options;
  const child = spawn(process.execPath, [...nodeArguments, '--import', endWithParent, program], {
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lastLines = collectLines(child, (line) => print(`${name.padEnd(7)} | ${readableLine(line)}`));
  let isStopping = false;
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message));
    // `close`, not `exit`: its last lines have been read by then.
    child.once('close', (code, signal) => done(signal ? `signal ${signal}` : `code ${code}`));
  });
  const crashed = new Promise<string>((report) => {
    void ended.then((how) => {
      if (!isStopping) report([`${name} ended by itself (${how}). Its last lines:`, ...lastLines].join('\n'));
    });
  });
  const stop = async () => {
    isStopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    await ended;
    clearTimeout(force);
  };
  const ready = new Promise<void>((done) => {
    child.once('message', () => done());
  });
  return { name, ready, crashed, stop };
}

/** Prints each line of a process as it comes, and keeps the last ones. */
function collectLines(child: ChildProcess, print: (line: string) => void): string[] {
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      print(line);
      last.push(readableLine(line));
      if (last.length > keptLines) last.shift();
    });
  }
  return last;
}

/**
 * Waits until a URL answers 200.
 * @throws {Error} when it does not within a minute, naming the process and its last answer
 */
export async function untilAnswers(name: string, url: string): Promise<void> {
  let last = 'no answer';
  for (const deadline = Date.now() + readyLimitMs; Date.now() < deadline; await delay(pollMs)) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) return;
      last = `${response.status} ${await response.text()}`;
    } catch {
      // Not listening yet.
    }
  }
  throw new Error(`${name} was not ready after ${readyLimitMs / 1000} seconds (${last})`);
}

/** Waits for something, unless one of the processes ends by itself first. @throws {Error} with its last lines */
export async function unlessCrashed<Result>(
  work: Promise<Result>,
  processes: readonly Pick<ManagedProcess, 'crashed'>[],
): Promise<Result> {
  const crash = Promise.race(processes.map(({ crashed }) => crashed)).then((reason) => {
    throw new Error(reason);
  });
  return Promise.race([work, crash]);
}
