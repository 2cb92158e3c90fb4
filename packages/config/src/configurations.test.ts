import { describe, expect, test } from 'vitest';
import {
  apiConfiguration,
  ConfigurationError,
  clientConfiguration,
  exitOnConfigurationError,
  migrateConfiguration,
  readEnvironment,
  startConfiguration,
  workerConfiguration,
} from './index.ts';

const key = Buffer.alloc(32, 7);
const minimal = {
  DATABASE_URL: 'postgresql://user:pa55word@localhost:5432/books',
  ENCRYPTION_KEYS: `main:${key.toString('base64')}`,
};

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe('api configuration', () => {
  test('the two required variables are enough, and the rest takes the documented defaults', () => {
    expect(readEnvironment(apiConfiguration, minimal)).toEqual({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      autoMigrate: false,
      databaseUrl: minimal.DATABASE_URL,
      databasePoolSize: 10,
      redisUrl: undefined,
      encryptionKeys: [{ id: 'main', key }],
      bootstrapApiKey: undefined,
      bootstrapPortalUser: undefined,
      kashoo: {
        apiUrl: 'https://app.kashoo.com/api',
        trulySmallApiUrl: 'https://app.trulysmall.com/api',
        oauthUrl: 'https://app.kashoo.com/oauth2',
        authorizeUrl: 'https://app.kashoo.com/oauth2/authorize',
        clientId: undefined,
        clientSecret: undefined,
        requestsPerSecond: 10,
        requestsPerHour: undefined,
      },
      kashflow: { soapUrl: 'https://securedwebapp.com/api/service.asmx', requestsPerSecond: 4 },
      allowPrivateWebhookTargets: false,
      requestsPerClientPerDay: 1_000_000,
      syncHourSeconds: 3600,
      logLevel: 'info',
      metrics: undefined,
    });
  });

  test('an empty variable counts as unset', () => {
    const config = readEnvironment(apiConfiguration, { ...minimal, PORT: '', REDIS_URL: ' ', LOG_LEVEL: '' });
    expect(config).toMatchObject({ port: 3000, redisUrl: undefined, logLevel: 'info' });
  });

  test('the public URL follows the port and loses its trailing slash', () => {
    expect(readEnvironment(apiConfiguration, { ...minimal, PORT: '8080' }).publicUrl).toBe(
      'http://localhost:8080',
    );
    const config = readEnvironment(apiConfiguration, {
      ...minimal,
      PUBLIC_URL: 'https://books.example.com/',
    });
    expect(config.publicUrl).toBe('https://books.example.com');
  });

  test('platform URLs lose their trailing slash and the consent page follows the OAuth URL', () => {
    const { kashoo } = readEnvironment(apiConfiguration, {
      ...minimal,
      KASHOO_API_URL: 'http://127.0.0.1:3100/api/',
      KASHOO_OAUTH_URL: 'http://127.0.0.1:3100/oauth2/',
    });
    expect(kashoo.apiUrl).toBe('http://127.0.0.1:3100/api');
    expect(kashoo.authorizeUrl).toBe('http://127.0.0.1:3100/oauth2/authorize');
  });

  test('several encryption keys keep their order', () => {
    const second = Buffer.alloc(32, 9);
    const config = readEnvironment(apiConfiguration, {
      ...minimal,
      ENCRYPTION_KEYS: `new:${second.toString('base64')}, main:${key.toString('base64')}`,
    });
    expect(config.encryptionKeys).toEqual([
      { id: 'new', key: second },
      { id: 'main', key },
    ]);
  });

  test('a metrics listener exists only where a port is set', () => {
    const config = readEnvironment(apiConfiguration, { ...minimal, METRICS_PORT: '9100' });
    expect(config.metrics).toEqual({ host: '127.0.0.1', port: 9100 });
  });

  test('everything wrong is listed at once, each line with the variable and what to put', () => {
    const problems = problemsOf(() =>
      readEnvironment(apiConfiguration, {
        PORT: '99999',
        PUBLIC_URL: 'https://books.example.com/path',
        AUTO_MIGRATE: 'perhaps',
        LOG_LEVEL: 'loud',
        REDIS_URL: 'http://localhost',
        KASHOO_REQUESTS_PER_HOUR: '1.5',
        KASHOO_CLIENT_ID: 'half-of-a-pair',
      }),
    );
    const variables = problems.map((problem) => problem.split(':')[0]);
    expect(variables.toSorted()).toEqual([
      'AUTO_MIGRATE',
      'DATABASE_URL',
      'ENCRYPTION_KEYS',
      'KASHOO_CLIENT_SECRET',
      'KASHOO_REQUESTS_PER_HOUR',
      'LOG_LEVEL',
      'PORT',
      'PUBLIC_URL',
      'REDIS_URL',
    ]);
    for (const problem of problems) expect(problem).toMatch(/^[A-Z_]+: .+; put .+/);
    expect(problems).toContain('PORT: "99999" is out of range; put a whole number from 1 to 65535');
  });

  test.each([
    ['DATABASE_URL', 'mysql://user:hunter2@localhost/db'],
    ['ENCRYPTION_KEYS', 'hunter2'],
    ['ENCRYPTION_KEYS', 'main:hunter2'],
    ['ENCRYPTION_KEYS', `${minimal.ENCRYPTION_KEYS},${minimal.ENCRYPTION_KEYS}`],
    ['BOOTSTRAP_API_KEY', 'hunter2'],
    ['BOOTSTRAP_API_KEY', 'hunter2:with-a-colon'],
    ['BOOTSTRAP_PORTAL_USER', 'hunter2'],
    ['KASHOO_API_URL', 'https://user:hunter2@example.com'],
  ])('a wrong %s is refused without showing its value', (variable, value) => {
    const problems = problemsOf(() => readEnvironment(apiConfiguration, { ...minimal, [variable]: value }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${variable}: its value `);
    expect(problems[0]).not.toContain('hunter2');
    expect(problems[0]).not.toContain(key.toString('base64'));
  });

  test.each(['1e3', '0x10', 'Infinity', '-1', '3.5', '3000 '.repeat(2), '½'])(
    'the port %j is refused',
    (value) => {
      expect(problemsOf(() => readEnvironment(apiConfiguration, { ...minimal, PORT: value }))).toHaveLength(
        1,
      );
    },
  );
});

describe('the other processes', () => {
  test('worker takes the documented defaults', () => {
    expect(readEnvironment(workerConfiguration, minimal)).toMatchObject({
      concurrency: 8,
      syncTickSeconds: 15,
      syncHourSeconds: 3600,
      deletionBrakePercent: 20,
      writeSettleSeconds: 30,
      retention: { requestLogDays: 30, historyDays: 365, webhookLogDays: 30 },
    });
  });

  test('worker also requires the database and the keys', () => {
    expect(problemsOf(() => readEnvironment(workerConfiguration, {}))).toHaveLength(2);
  });

  test('migrate and client need the database alone', () => {
    for (const schema of [migrateConfiguration, clientConfiguration]) {
      expect(readEnvironment(schema, { DATABASE_URL: minimal.DATABASE_URL }).databaseUrl).toBe(
        minimal.DATABASE_URL,
      );
      expect(problemsOf(() => readEnvironment(schema, {}))).toEqual([
        expect.stringMatching(/^DATABASE_URL: is not set; put a connection string/),
      ]);
    }
  });

  test('start needs nothing', () => {
    expect(readEnvironment(startConfiguration, {})).toMatchObject({
      dataDir: '.tributary',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      sandbox: { host: '127.0.0.1', port: 3100, clientId: 'sandbox', clientSecret: 'sandbox-secret' },
      databaseUrl: undefined,
    });
  });
});

describe('exitOnConfigurationError', () => {
  class Exited extends Error {}
  const edge = () => {
    const written: string[] = [];
    const codes: number[] = [];
    return {
      written,
      codes,
      writeError: (text: string) => void written.push(text),
      exit: (code: number): never => {
        codes.push(code);
        throw new Exited();
      },
    };
  };

  test('prints the list and exits with 1', () => {
    const observed = edge();
    expect(() => exitOnConfigurationError(() => readEnvironment(clientConfiguration, {}), observed)).toThrow(
      Exited,
    );
    expect(observed.codes).toEqual([1]);
    expect(observed.written.join('')).toMatch(/^The configuration is wrong:\n {2}DATABASE_URL: /);
  });

  test('lets every other error through', () => {
    const observed = edge();
    expect(() =>
      exitOnConfigurationError(() => {
        throw new TypeError('a defect');
      }, observed),
    ).toThrow(TypeError);
    expect(observed.codes).toEqual([]);
  });
});
