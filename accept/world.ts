import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from './kit/api.ts';
import { send } from './kit/http.ts';
import { query } from './kit/postgres-client.ts';
import { type PostgresServer, startPostgres } from './kit/postgres-server.ts';
import type { Command, Process, Processes } from './kit/processes.ts';
import { startRedis } from './kit/redis-server.ts';
import { Sandbox } from './kit/sandbox.ts';
import { freePort, until } from './kit/wait.ts';

/** How long a schedule's hour is while the walk runs. */
export const hourSeconds = 2;
/** Requests a second that the product may send to the platform while the walk runs. */
export const requestsPerSecond = 60;
/** Life of the platform's access tokens: shorter than the walk, so that every connection has to refresh. */
const tokenSeconds = 40;

type Environment = Readonly<Record<string, string | undefined>>;

/** What the walk was asked for on its command line. */
export interface WalkOptions {
  redis: boolean;
  dataset: string | undefined;
  verbose: boolean;
  /** Ids of points to run; all when empty. */
  only: readonly string[];
}

/** A company that was linked during the walk. */
export interface LinkedCompany {
  companyId: string;
  connectionId: string;
  linkUrl: string;
}

/** What earlier points found out and later ones build on. */
export interface Findings {
  /** Linked to the default user's business by the first point that links. */
  main?: LinkedCompany;
  /** Linked to the business with ids above 2^53. */
  largeIds?: LinkedCompany;
  /** Another client of the same deployment. */
  otherClient?: { api: Api; key: string; clientId: string };
  /** Another deployment, whose clients may ask three times a day. */
  limitedApi?: Api;
}

/** The product under test and what surrounds it, each a process of its own. */
export class World {
  readonly root: string;
  readonly options: WalkOptions;
  readonly processes: Processes;
  readonly postgres: PostgresServer;
  readonly redisUrl: string | undefined;
  readonly ports: { readonly api: number; readonly sandbox: number };
  readonly sandbox: Sandbox;
  /** The first client's key, made by BOOTSTRAP_API_KEY. */
  readonly apiKey = `walk${randomBytes(24).toString('hex')}`;
  readonly #encryptionKeys = `walk:${randomBytes(32).toString('base64')}`;
  readonly #scripts: Readonly<Record<string, string | undefined>>;
  readonly found: Findings = {};
  apiProcess: Process | undefined;
  sandboxProcess: Process | undefined;
  readonly workers: Process[] = [];

  private constructor(
    base: Pick<World, 'root' | 'options' | 'processes' | 'postgres' | 'redisUrl' | 'ports'>,
  ) {
    this.root = base.root;
    this.options = base.options;
    this.processes = base.processes;
    this.postgres = base.postgres;
    this.redisUrl = base.redisUrl;
    this.ports = base.ports;
    const keys = {
      clientId: 'walk-application',
      clientSecret: `walk-secret-${randomBytes(12).toString('hex')}`,
    };
    this.sandbox = new Sandbox(`http://127.0.0.1:${base.ports.sandbox}`, keys);
    const manifest = JSON.parse(readFileSync(join(base.root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    this.#scripts = manifest.scripts;
  }

  /** Starts the servers that the product needs; the product itself is started by the points. */
  static async create(root: string, options: WalkOptions, processes: Processes): Promise<World> {
    const [postgres, redisUrl, api, sandbox] = await Promise.all([
      startPostgres(processes, root),
      options.redis ? startRedis(processes) : undefined,
      freePort(),
      freePort(),
    ]);
    return new World({ root, options, processes, postgres, redisUrl, ports: { api, sandbox } });
  }

  /** Where the platform keeps its books and grants. */
  get sandboxFolder(): string {
    return this.processes.newFolder('sandbox');
  }

  get publicUrl(): string {
    return `http://127.0.0.1:${this.ports.api}`;
  }

  get databaseUrl(): string {
    return this.postgres.url('walk');
  }

  /** The API as the first client. */
  get api(): Api {
    return new Api(this.publicUrl, this.apiKey);
  }

  async createDatabase(name: string): Promise<string> {
    await query(this.postgres.url('postgres'), `CREATE DATABASE ${name}`);
    return this.postgres.url(name);
  }

  /** Nothing of the caller's environment but what programs need to run at all. */
  bareEnvironment(): Environment {
    const names = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'npm_config_cache'];
    return Object.fromEntries(names.map((name) => [name, process.env[name]]));
  }

  /** The environment of `api`, `worker`, `migrate` and `client`. */
  environment(changes: Environment = {}): Environment {
    const { origin } = this.sandbox;
    return {
      ...this.bareEnvironment(),
      DATABASE_URL: this.databaseUrl,
      REDIS_URL: this.redisUrl,
      ENCRYPTION_KEYS: this.#encryptionKeys,
      HOST: '127.0.0.1',
      PORT: String(this.ports.api),
      PUBLIC_URL: this.publicUrl,
      BOOTSTRAP_API_KEY: this.apiKey,
      KASHOO_API_URL: `${origin}/api`,
      KASHOO_TSA_API_URL: `${origin}/tsa/api`,
      KASHOO_OAUTH_URL: `${origin}/oauth2`,
      KASHOO_REQUESTS_PER_SECOND: String(requestsPerSecond),
      SYNC_HOUR_SECONDS: String(hourSeconds),
      SYNC_TICK_SECONDS: '0.5',
      ...changes,
    };
  }

  /** The command behind a script of package.json, run by this Node; anything else than `node [--flag…] FILE` goes through npm. */
  command(script: string, environment: Environment, args: readonly string[] = []): Command {
    const [, flags = '', file] =
      /^(?:exec )?node ((?:--\S+ )*)([^-]\S*)$/.exec(this.#scripts[script] ?? '') ?? [];
    const direct = {
      program: process.execPath,
      args: [...flags.split(' ').filter((flag) => flag !== ''), join(this.root, file ?? ''), ...args],
    };
    const throughNpm = { program: 'npm', args: ['run', '-s', script, '--', ...args] };
    return { ...(file ? direct : throughNpm), environment, cwd: this.root };
  }

  async startSandbox(changes: Environment = {}): Promise<Process> {
    const { clientId, clientSecret, origin } = this.sandbox;
    const environment = {
      ...this.bareEnvironment(),
      SANDBOX_PORT: String(this.ports.sandbox),
      SANDBOX_CLIENT_ID: clientId,
      SANDBOX_CLIENT_SECRET: clientSecret,
      SANDBOX_TOKEN_SECONDS: String(tokenSeconds),
      SANDBOX_DATASET: this.options.dataset,
      DATA_DIR: this.sandboxFolder,
      ...changes,
    };
    const started = this.processes.start('sandbox', this.command('sandbox', environment));
    this.sandboxProcess = started;
    await this.answering(started, `${origin}/healthz`);
    return started;
  }

  async startApi(): Promise<Process> {
    const started = this.processes.start('api', this.command('api', this.environment()));
    this.apiProcess = started;
    await this.answering(started, `${this.publicUrl}/readyz`);
    return started;
  }

  startWorker(): Process {
    const started = this.processes.start(
      `worker ${this.workers.length + 1}`,
      this.command('worker', this.environment()),
    );
    this.workers.push(started);
    return started;
  }

  /** What API and workers logged as errors. */
  errorLines(): string[] {
    const started = [...(this.apiProcess ? [this.apiProcess] : []), ...this.workers];
    return started.flatMap(({ name, lines }) =>
      lines
        .filter((line) => /"level":("error"|"fatal"|50|60)/.test(line))
        .map((line) => `${name}: ${line.slice(0, 1_500)}`),
    );
  }

  /** Waits until a URL answers 200; a process that ends meanwhile is reported with its last lines. */
  async answering(started: Process, url: string): Promise<void> {
    await until(
      `${started.name} answers at ${url}`,
      async () => {
        if (!started.isRunning()) return true;
        return (await send(url, { timeoutMs: 2_000 })).status === 200;
      },
      { seconds: 60, everyMs: 50 },
    );
    if (!started.isRunning()) throw new Error(`${started.name} ended by itself: ${lastLines(started)}`);
  }
}

/** The end of what a process wrote, in one line. */
export function lastLines(started: Pick<Process, 'lines'>, count = 6): string {
  return started.lines.slice(-count).join(' ⏎ ').slice(-800);
}
