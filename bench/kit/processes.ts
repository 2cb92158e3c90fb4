/** The product's processes, as containers run them: configured by the environment alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface RunningProcess {
  readonly pid: number;
  /** From the start of the process to its word that it is ready. */
  readonly readyMs: number;
  /** Memory that the process holds at this moment, in megabytes (resident set). */
  residentMb(): number;
  /** The most that it ever held, in megabytes. */
  peakResidentMb(): number;
  stop(): Promise<void>;
}

const shownLines = 15;
const killAfterMs = 15_000;

interface Command {
  /** After `node`. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A file as it is; of a script of package.json, which is `exec [env NAME=value…] node [--flag…] FILE`, its command. */
function commandOf(root: string, script: string): Command {
  if (script.endsWith('.ts')) return { words: [script], environment: {} };
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Readonly<Record<string, string>>;
  };
  const [exec, ...words] = (scripts[script] ?? '').split(' ');
  const start = words.indexOf('node');
  const variables = words.slice(words[0] === 'env' ? 1 : 0, Math.max(0, start));
  if (exec !== 'exec' || start < 0 || !variables.every((word) => word.includes('=')))
    throw new Error(`the script ${script} is no program`);
  const pairs = variables.map((word) => [word.split('=', 1)[0], word.slice(word.indexOf('=') + 1)]);
  return { words: words.slice(start + 1), environment: Object.fromEntries(pairs) };
}

/**
 * Starts the program of a script (`api`, `worker`, `sandbox`), or a file, and waits until it says `ready`, or answers at a URL.
 * @throws {Error} with its last lines when it ends before that
 */
export async function startProcess(
  root: string,
  script: string,
  options: {
    environment: Readonly<Record<string, string>>;
    /** Arguments for Node itself. */
    nodeArguments?: readonly string[];
    /** The process has no channel; it is ready when this URL answers. */
    readyUrl?: string;
  },
): Promise<RunningProcess> {
  const startedMs = performance.now();
  const names = ['PATH', 'HOME', 'TMPDIR'];
  const command = commandOf(root, script);
  const child = spawn(process.execPath, [...(options.nodeArguments ?? []), ...command.words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A session of its own: Linux shares out processor time by session, as it does by container and by unit.
    detached: true,
    env: {
      ...Object.fromEntries(names.map((name) => [name, process.env[name]])),
      ...command.environment,
      ...options.environment,
    },
  });
  // Whichever way this process ends, nothing that it started is left.
  const endChild = () => child.kill('SIGKILL');
  process.once('exit', endChild);
  child.once('exit', () => process.off('exit', endChild));
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null)
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > shownLines) lines.shift();
      });
  }
  const ended = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  const tooEarly = ended.then(() => {
    throw new Error(`${script} ended before it was ready:\n${lines.join('\n')}`);
  });
  await Promise.race([
    tooEarly,
    options.readyUrl === undefined ? saysReady(child) : answers(options.readyUrl, child),
  ]);
  tooEarly.catch(() => undefined);
  const readyMs = performance.now() - startedMs;
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} has no process id`);
  return {
    pid,
    readyMs,
    residentMb: () => memoryOf(pid, 'VmRSS'),
    peakResidentMb: () => memoryOf(pid, 'VmHWM'),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const kill = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(kill);
    },
  };
}

function saysReady(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    child.on('message', (message) => {
      if (message === 'ready') done();
    });
  });
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not yet.
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** From Linux's `/proc`; NaN elsewhere, where the figure is then shown as missed. */
function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(
      readFileSync(`/proc/${pid}/status`, 'utf8'),
    )?.[1];
    return Number(kilobytes ?? Number.NaN) / 1024;
  } catch {
    return Number.NaN;
  }
}
