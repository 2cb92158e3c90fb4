import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createPool, findPortalUserSecret, listAuditLog, verifyPassword } from '@tributary/store';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '@tributary/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function run(
  program: string,
  words: readonly string[],
  databaseUrl: string | undefined = database.databaseUrl,
  more: Record<string, string> = {},
) {
  const path = fileURLToPath(new URL(`./${program}.ts`, import.meta.url));
  const environment = { ...process.env, DATABASE_URL: databaseUrl, ...more };
  return spawnSync(process.execPath, [path, ...words], { encoding: 'utf8', env: environment });
}

const uuid = /^[\da-f-]{36}$/;

describe('npm run client', () => {
  test('create prints one JSON line and nothing else, with a key that is shown this once', () => {
    const { stdout, status } = run('client', ['create', 'Lender', 'Ltd']);
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const created = JSON.parse(stdout);
    expect(created).toEqual({
      clientId: expect.stringMatching(uuid),
      name: 'Lender Ltd',
      apiKey: expect.stringMatching(/^[\w-]{40,}$/),
    });
    const listed = run('client', ['list']).stdout;
    expect(listed).toContain(created.clientId);
    expect(listed).not.toContain(created.apiKey);
  });

  test('delete removes the client that it names, and no other', () => {
    const first = JSON.parse(run('client', ['create', 'First']).stdout);
    const second = JSON.parse(run('client', ['create', 'Second']).stdout);
    expect(run('client', ['delete', first.clientId]).status).toBe(0);
    const listed = run('client', ['list']).stdout;
    expect(listed).not.toContain(first.clientId);
    expect(listed).toContain(second.clientId);
  });

  test('portal-user makes a user with a password that is shown this once; reset-password gives another', async () => {
    const { clientId } = JSON.parse(run('client', ['create', 'Portal']).stdout);
    const created = JSON.parse(run('client', ['portal-user', clientId, 'Boss@Example.com']).stdout);
    expect(created).toEqual({
      userId: expect.stringMatching(uuid),
      clientId,
      email: 'boss@example.com',
      role: 'owner',
      password: expect.stringMatching(/^[\w-]{24}$/),
    });
    expect(run('client', ['portal-user', clientId, 'boss@example.com']).stderr).toContain('already');
    const viewer = JSON.parse(run('client', ['portal-user', clientId, 'v@example.com', 'viewer']).stdout);
    expect(viewer.role).toBe('viewer');
    const reset = JSON.parse(run('client', ['reset-password', 'BOSS@example.com']).stdout);
    expect(reset).toEqual({
      userId: created.userId,
      clientId,
      email: 'boss@example.com',
      password: expect.any(String),
    });
    expect(reset.password).not.toBe(created.password);
    const pool = createPool({
      databaseUrl: database.databaseUrl,
      max: 1,
      applicationName: 'test',
      onError: () => undefined,
    });
    const secret = await findPortalUserSecret(pool, 'boss@example.com');
    expect(await verifyPassword(reset.password, secret?.passwordHash ?? '')).toBe(true);
    expect(await verifyPassword(created.password, secret?.passwordHash ?? '')).toBe(false);
    const { rows } = await listAuditLog(pool, clientId, { page: 1, pageSize: 10 });
    await pool.end();
    expect(rows).toMatchObject([
      { action: 'reset-portal-password', actorType: 'system', targetId: created.userId },
      { action: 'create-portal-user', targetId: viewer.userId },
      { action: 'create-portal-user', targetId: created.userId },
    ]);
  });

  test.each([
    ['no address', ['portal-user', '00000000-0000-4000-8000-000000000000'], 'needs an e-mail address'],
    ['no client id', ['portal-user', 'a@b.c'], 'The client id is a UUID'],
    [
      'an unknown client',
      ['portal-user', '00000000-0000-4000-8000-000000000000', 'a@b.c'],
      'There is no client',
    ],
    [
      'an unknown role',
      ['portal-user', '00000000-0000-4000-8000-000000000000', 'a@b.c', 'king'],
      'The role is one of viewer, operator, admin, owner',
    ],
    ['an unknown user', ['reset-password', 'nobody@example.com'], 'There is no user'],
    ['no command', [], 'Usage: '],
    ['an unknown command', ['rename', 'x'], 'Usage: '],
    ['no name', ['create', ' '], 'The client needs a name'],
    ['a name that is too long', ['create', 'x'.repeat(201)], 'longer than 200 characters'],
    ['a control character', ['create', 'a\u0007b'], 'control characters'],
    ['an id that is no UUID', ['delete', '7'], 'The client id is a UUID'],
    ['an unknown id', ['delete', '00000000-0000-4000-8000-000000000000'], 'There is no client'],
  ])('%s is refused in one line, with nothing on standard output', (_what, words, message) => {
    const { stdout, stderr, status } = run('client', words);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a database that is away is told in one line', () => {
    const { stderr, status } = run('client', ['list'], 'postgresql://nobody@127.0.0.1:1/none');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The database at DATABASE_URL cannot be reached \(.*ECONNREFUSED.*\)\. Start it/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('an unset DATABASE_URL is named', () => {
    const { stderr, status } = run('client', ['list'], '');
    expect(status).toBe(1);
    expect(stderr).toContain('DATABASE_URL: is not set');
  });
});

describe('npm run migrate', () => {
  test('brings an empty database up to date, once', async () => {
    const empty = await createEmptyDatabase();
    expect(run('client', ['list'], empty.databaseUrl).stderr).toContain('npm run migrate');
    const first = run('migrate', [], empty.databaseUrl);
    expect(first.status).toBe(0);
    expect(first.stderr).toMatch(/Applied \d+ migrations\./);
    expect(run('migrate', [], empty.databaseUrl).stderr).toContain('up to date');
    expect(run('client', ['list'], empty.databaseUrl).status).toBe(0);
    await empty.drop();
  });

  test('says what is wrong when the database is away', () => {
    const { stderr, status } = run('migrate', [], 'postgresql://nobody@127.0.0.1:1/none');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The database at DATABASE_URL cannot be reached \(.*ECONNREFUSED.*\)\. Start it/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe.each(['operate', 'rekey'])('npm run %s', (program) => {
  test('says what is wrong when the database is away', () => {
    const key = `main:${Buffer.alloc(32, 7).toString('base64')}`;
    const words = program === 'operate' ? ['retry-failed'] : [];
    const { stderr, status } = run(program, words, 'postgresql://nobody@127.0.0.1:1/none', {
      ENCRYPTION_KEYS: key,
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The database at DATABASE_URL cannot be reached \(.*ECONNREFUSED.*\)\. Start it/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
