import {
  apiConfiguration,
  ConfigurationError,
  readEnvironment,
  workerConfiguration,
} from '@tributary/config';
import { describe, expect, test } from 'vitest';
import {
  checkedConfiguration,
  localApiUrl,
  processEnvironment,
  sandboxUrl,
  usesSandbox,
  workerEnvironment,
} from './environments.ts';
import { makeEncryptionKeys } from './secrets.ts';

const encryptionKeys = makeEncryptionKeys();

function environmentFor(given: Record<string, string>) {
  const configuration = checkedConfiguration(given);
  const made = {
    dataDir: '/data',
    databaseUrl: 'postgresql://embedded/tributary',
    encryptionKeys,
    apiKey: 'made-key',
    portalUser: { email: 'owner@example.com', password: 'made:password' },
  };
  return processEnvironment(given, { configuration, ...made });
}

describe('the environment that npm start hands on', () => {
  test('is complete for the API and the worker, and points to the sandbox', () => {
    const environment = environmentFor({});
    const api = readEnvironment(apiConfiguration, environment);
    expect(api).toMatchObject({
      autoMigrate: true,
      allowPrivateWebhookTargets: true,
      bootstrapApiKey: 'made-key',
      bootstrapPortalUser: { email: 'owner@example.com', password: 'made:password' },
      databaseUrl: 'postgresql://embedded/tributary',
      publicUrl: 'http://localhost:3000',
    });
    expect(api.kashoo).toMatchObject({
      apiUrl: 'http://127.0.0.1:3100/api',
      trulySmallApiUrl: 'http://127.0.0.1:3100/tsa/api',
      oauthUrl: 'http://127.0.0.1:3100/oauth2',
    });
    expect(readEnvironment(workerConfiguration, environment).kashoo).toEqual(api.kashoo);
    expect(api.kashflow.soapUrl).toBe('http://127.0.0.1:3100/kashflow/service.asmx');
  });

  test('keeps what the operator set, and takes an empty variable for unset', () => {
    const environment = environmentFor({
      LOG_LEVEL: 'debug',
      AUTO_MIGRATE: 'false',
      KASHOO_API_URL: '',
      PORT: '8080',
    });
    expect(environment).toMatchObject({
      LOG_LEVEL: 'debug',
      AUTO_MIGRATE: 'false',
      KASHOO_API_URL: 'http://127.0.0.1:3100/api',
      PUBLIC_URL: 'http://localhost:8080',
    });
  });
});

test('an address that listens on every interface is reached through the loopback one', () => {
  const configuration = checkedConfiguration({ HOST: '0.0.0.0', SANDBOX_HOST: '::', SANDBOX_PORT: '4000' });
  expect(localApiUrl(configuration)).toBe('http://127.0.0.1:3000');
  expect(sandboxUrl(configuration)).toBe('http://[::1]:4000');
});

test('API and worker show their metrics on ports of their own', () => {
  expect(workerEnvironment(environmentFor({ METRICS_PORT: '9464' }))).toMatchObject({ METRICS_PORT: '9465' });
  expect(workerEnvironment(environmentFor({}))).not.toHaveProperty('METRICS_PORT');
});

test('a platform that the operator named is not the sandbox', () => {
  expect(usesSandbox({ KASHOO_OAUTH_URL: ' ' })).toBe(true);
  expect(usesSandbox({ KASHOO_OAUTH_URL: 'https://app.kashoo.com/oauth2' })).toBe(false);
});

test('what is wrong for any of the processes is listed before one is started', () => {
  const wrong = { PORT: 'x', WORKER_CONCURRENCY: '0', REQUESTS_PER_CLIENT_PER_DAY: '-1' };
  let problems: readonly string[] = [];
  try {
    checkedConfiguration(wrong);
  } catch (error) {
    if (error instanceof ConfigurationError) problems = error.problems;
  }
  expect(problems.map((problem) => problem.split(':')[0]).toSorted()).toEqual(Object.keys(wrong).toSorted());
});
