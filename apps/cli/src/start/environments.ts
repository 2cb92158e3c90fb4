import {
  apiConfiguration,
  ConfigurationError,
  type Environment,
  readEnvironment,
  type StartConfiguration,
  startConfiguration,
  workerConfiguration,
} from '@tributary/config';
import { makeEncryptionKeys } from './secrets.ts';

/** What the embedded defaults are made of: values of the configuration, or those that the data folder keeps. */
export interface EnvironmentParts {
  configuration: StartConfiguration;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string;
  encryptionKeys: string;
  apiKey: string;
  /** The first owner of the portal. */
  portalUser: { email: string; password: string };
}

/**
 * Reads what `npm start` needs, and checks what it hands on to the API and the worker, before anything is started.
 * @throws {ConfigurationError} with everything wrong in any of them
 */
export function checkedConfiguration(given: Environment): StartConfiguration {
  const problems = new Set<string>();
  const collect = <Result>(read: () => Result): Result | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      for (const problem of error.problems) problems.add(problem);
      return undefined;
    }
  };
  // Values in place of those that a start makes itself.
  const made = { DATABASE_URL: 'postgresql://127.0.0.1/tributary', ENCRYPTION_KEYS: makeEncryptionKeys() };
  const handedOn = { ...made, ...withoutEmpty(given) };
  const configuration = collect(() => readEnvironment(startConfiguration, given));
  collect(() => readEnvironment(apiConfiguration, handedOn));
  collect(() => readEnvironment(workerConfiguration, handedOn));
  if (!configuration || problems.size > 0) throw new ConfigurationError([...problems]);
  return configuration;
}

function withoutEmpty(given: Environment): Record<string, string> {
  const set = Object.entries(given).filter((entry): entry is [string, string] => Boolean(entry[1]?.trim()));
  return Object.fromEntries(set);
}

/** An address that listens on every interface is reached through the loopback one. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function urlOf({ host, port }: { host: string; port: number }): string {
  const reachable = reachableHost(host);
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** The sandbox as the API and the worker reach it. */
export function sandboxUrl(configuration: StartConfiguration): string {
  return urlOf(configuration.sandbox);
}

/** The API as this machine reaches it. */
export function localApiUrl(configuration: StartConfiguration): string {
  return urlOf(configuration);
}

/** Whether the platform is the sandbox, and not one that the operator named. */
export function usesSandbox(given: Environment): boolean {
  return !given['KASHOO_OAUTH_URL']?.trim() && !given['KASHOO_API_URL']?.trim();
}

/**
 * The environment of the processes that `npm start` runs: what the operator set wins, empty variables aside, and the
 * embedded defaults fill the rest.
 */
export function processEnvironment(given: Environment, parts: EnvironmentParts): Record<string, string> {
  const { configuration } = parts;
  const platform = sandboxUrl(configuration);
  const defaults: Record<string, string> = {
    LOG_LEVEL: 'warn',
    AUTO_MIGRATE: 'true',
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
    KASHOO_API_URL: `${platform}/api`,
    KASHOO_TSA_API_URL: `${platform}/tsa/api`,
    KASHOO_OAUTH_URL: `${platform}/oauth2`,
    // The sandbox on this machine has no limit to keep; the demo's first sync need not wait for one.
    ...(usesSandbox(given) && { KASHOO_REQUESTS_PER_SECOND: '100', SANDBOX_URL: platform }),
    KASHFLOW_SOAP_URL: `${platform}/kashflow/service.asmx`,
    ...(!given['KASHFLOW_SOAP_URL']?.trim() && { KASHFLOW_REQUESTS_PER_SECOND: '100' }),
    PUBLIC_URL: configuration.publicUrl,
    DATABASE_URL: parts.databaseUrl,
    ENCRYPTION_KEYS: parts.encryptionKeys,
    BOOTSTRAP_API_KEY: parts.apiKey,
    BOOTSTRAP_PORTAL_USER: `${parts.portalUser.email}:${parts.portalUser.password}`,
  };
  return { ...defaults, ...withoutEmpty(given), DATA_DIR: parts.dataDir };
}

/** The environment of the worker, which stands beside the API on one machine: its metrics are on the next port. */
export function workerEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  const { METRICS_PORT: apiPort, ...others } = environment;
  return apiPort === undefined ? others : { ...others, METRICS_PORT: String(Number(apiPort) + 1) };
}
