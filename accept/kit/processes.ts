import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How a process ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that the walk started. */
export interface Process {
  name: string;
  pid: number;
  /** Everything that it wrote to both its outputs, line by line. */
  lines: string[];
  /** Standard output alone. */
  output: string[];
  ended: Promise<Ending>;
  isRunning(): boolean;
  /** Signals the process itself. */
  signal(signal: NodeJS.Signals): void;
  /** Signals its whole group, as Ctrl-C in a terminal does. */
  signalGroup(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL after the limit. */
  stop(options?: { signal?: NodeJS.Signals; limitMs?: number }): Promise<Ending>;
}

export interface Command {
  program: string;
  args: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  cwd: string;
  uid?: number;
  gid?: number;
}

/** In the environment of everything that the walk starts, and so of whatever that starts. */
const marker = 'ACCEPTANCE_WALK';

const stopLimitMs = 15_000;
const lastLinesMs = 1_000;

/** Reads until the walk is gone, however it ended; then ends what it left and removes its folder. */
const watchdogScript = `
cat >/dev/null
while read -r group; do kill -s KILL -- "-$group" 2>/dev/null; done <"$1/groups"
sleep 0.2
rm -rf "$1"
`;

/** Every process of the walk, and the temporary folder that they work in. Nothing of it outlives the walk. */
export class Processes {
  /** Passable for other users, since PostgreSQL runs as one of them. */
  readonly folder: string;
  readonly #all = new Set<Process>();
  readonly #watchdog: ChildProcess;
  #isClosing = false;

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'tributary-accept-')));
    chmodSync(this.folder, 0o711);
    this.#writeGroups();
    this.#watchdog = spawn('sh', ['-c', watchdogScript, 'watchdog', this.folder], {
      detached: true,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#watchdog.unref();
  }

  /** A new folder below the walk's own. */
  newFolder(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  start(name: string, command: Command, stdio: StdioOptions = ['ignore', 'pipe', 'pipe']): Process {
    if (this.#isClosing) throw new Error('The walk is ending.');
    const { program, args, environment, cwd, uid, gid } = command;
    const child = spawn(program, [...args], {
      cwd,
      env: {
        ...Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined)),
        [marker]: this.folder,
      },
      detached: true,
      stdio,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    const lines: string[] = [];
    const output: string[] = [];
    const keep = (stream: typeof child.stdout, kept: string[][]): void => {
      if (!stream) return;
      createInterface({ input: stream }).on('line', (line) => {
        for (const list of kept) list.push(line);
      });
    };
    keep(child.stdout, [lines, output]);
    keep(child.stderr, [lines]);
    let isRunning = true;
    const ended = new Promise<Ending>((done) => {
      child.once('error', (error) => {
        lines.push(error.message);
        isRunning = false;
        done({ code: 127, signal: null });
      });
      child.once('exit', () => {
        isRunning = false;
      });
      // The last lines have been read at `close`, which a grandchild that keeps the pipe could hold up for ever.
      child.once('close', (code, signal) => done({ code, signal }));
      child.once('exit', (code, signal) => setTimeout(done, lastLinesMs, { code, signal }));
    });
    const pid = child.pid ?? 0;
    const signalGroup = (signal: NodeJS.Signals): void => {
      if (pid === 0) return;
      try {
        process.kill(-pid, signal);
      } catch {
        // Gone already.
      }
    };
    const started: Process = {
      name,
      pid,
      lines,
      output,
      ended,
      isRunning: () => isRunning,
      signal: (signal) => void child.kill(signal),
      signalGroup,
      stop: async ({ signal = 'SIGTERM', limitMs = stopLimitMs } = {}) => {
        child.kill(signal);
        const force = setTimeout(() => signalGroup('SIGKILL'), limitMs);
        const ending = await ended;
        clearTimeout(force);
        return ending;
      },
    };
    this.#all.add(started);
    void ended.then(() => {
      this.#all.delete(started);
      this.#writeGroups();
    });
    this.#writeGroups();
    return started;
  }

  /** Runs a command to its end. */
  async run(name: string, command: Command): Promise<Ending & { lines: string[]; output: string[] }> {
    const started = this.start(name, command);
    const ending = await started.ended;
    return { ...ending, lines: started.lines, output: started.output };
  }

  /** Ends everything and removes the folder. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const running = [...this.#all].reverse();
    await Promise.all(running.map((started) => started.stop({ signal: 'SIGTERM', limitMs: 5_000 })));
    for (const { pid } of this.left()) endAtOnce(pid);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    this.#watchdog.kill('SIGKILL');
  }

  /** What is still there of all that was ever started. */
  left(): { pid: number; command: string }[] {
    return processesWith(`${marker}=${this.folder}\0`);
  }

  #writeGroups(): void {
    // A signal can end the walk while it cleans up: the folder may be gone.
    if (!existsSync(this.folder)) return;
    const groups = [...this.#all].map(({ pid }) => `${pid}\n`).join('');
    writeFileSync(join(this.folder, 'groups'), groups);
  }
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** Processes of the system whose environment or command line holds a text. */
export function processesWith(text: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = readOrNothing(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim();
      const environment = readOrNothing(`/proc/${name}/environ`);
      // A zombie has neither.
      return command.includes(text) || environment.includes(text) ? [{ pid: Number(name), command }] : [];
    });
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
