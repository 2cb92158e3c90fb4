import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createLogger } from './index.ts';

function observedLogger(level = 'info') {
  const lines: string[] = [];
  const logger = createLogger({
    level,
    name: 'test',
    destination: { write: (line) => void lines.push(line) },
  });
  const last = () => JSON.parse(lines.at(-1) ?? '{}');
  return { logger, lines, last };
}

describe('log lines', () => {
  test('are JSON with level, time, name and message', () => {
    const { logger, last } = observedLogger();
    logger.info({ companyId: 'c1' }, 'run finished');
    expect(last()).toMatchObject({ level: 'info', name: 'test', companyId: 'c1', msg: 'run finished' });
    expect(last().time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  test('below the level are not written', () => {
    const { logger, lines } = observedLogger('warn');
    logger.info('quiet');
    expect(lines).toEqual([]);
  });
});

describe('secrets', () => {
  test.each([
    'authorization',
    'Authorization',
    'cookie',
    'set-cookie',
    'apiKey',
    'api_key',
    'clientSecret',
    'client_secret',
    'accessToken',
    'access_token',
    'refresh_token',
    'password',
    'DATABASE_URL',
    'encryptionKeys',
  ])('a member %s is hidden at every depth', (name) => {
    const { logger, lines } = observedLogger();
    logger.info({
      [name]: 'hunter2',
      headers: { [name]: 'hunter2' },
      list: [{ deep: { [name]: ['hunter2'] } }],
    });
    expect(lines.at(-1)).not.toContain('hunter2');
    expect(lines.at(-1)?.match(/\[redacted\]/g)).toHaveLength(3);
  });

  test('are hidden in a child logger too', () => {
    const { logger, lines } = observedLogger();
    logger.child({ token: 'hunter2', connectionId: 'x' }).info({ secret: 'hunter2' }, 'hello');
    expect(lines.at(-1)).not.toContain('hunter2');
    expect(lines.at(-1)).toContain('"connectionId":"x"');
  });

  test.each([
    'Authorization: Bearer hunter2hunter2',
    'sent Basic aHVudGVyMjpodW50ZXIy',
    'connect to postgresql://user:hunter2@localhost/books',
    'GET /link/callback/ksho?code=hunter2&state=hunter2',
    'GET /x?access_token=hunter2',
  ])('are taken out of the text %j', (text) => {
    const { logger, lines } = observedLogger();
    logger.info(text);
    logger.info({ note: text });
    logger.error(new Error(text));
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).not.toMatch(/hunter2|aHVudGVy/);
      expect(line).toContain('[redacted]');
    }
  });

  test('ordinary codes, states and counts stay readable', () => {
    const { logger, last } = observedLogger();
    logger.info({ code: 'rateLimited', state: 'Complete', tokens: 3, url: '/companies?page=2' });
    expect(last()).toMatchObject({
      code: 'rateLimited',
      state: 'Complete',
      tokens: 3,
      url: '/companies?page=2',
    });
  });

  test('inside instances of classes are not looked for: of those only the class is told', () => {
    class Connection {
      password = 'hunter2';
    }
    const { logger, lines, last } = observedLogger();
    const error = Object.assign(new Error('terminated'), { code: '57P01', client: new Connection() });
    logger.warn({
      err: error,
      connection: new Connection(),
      at: new Date(0),
      url: new URL('https://u:hunter2@x.example'),
    });
    expect(lines.at(-1)).not.toContain('hunter2');
    expect(last()).toMatchObject({
      err: { message: 'terminated', code: '57P01', client: '[Connection]' },
      connection: '[Connection]',
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  test('the object that was logged is left as it is', () => {
    const { logger } = observedLogger();
    const members = { nested: { password: 'hunter2' } };
    logger.info(members);
    expect(members).toEqual({ nested: { password: 'hunter2' } });
  });

  test('a structure that contains itself does not break the logger', () => {
    const { logger, lines } = observedLogger();
    const loop: Record<string, unknown> = { password: 'hunter2' };
    loop['self'] = loop;
    logger.info(loop);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('hunter2');
  });
});

describe('errors', () => {
  test('keep type, message, stack, code and cause', () => {
    const { logger, last } = observedLogger();
    const cause = Object.assign(new RangeError('inner'), { code: 'E_INNER', clientSecret: 'hunter2' });
    logger.error({ err: new Error('outer', { cause }) }, 'it failed');
    expect(last().err).toMatchObject({
      type: 'Error',
      message: 'outer',
      cause: { type: 'RangeError', message: 'inner', code: 'E_INNER', clientSecret: '[redacted]' },
    });
    expect(last().err.stack).toContain('logger.test.ts');
  });

  test('that were collected are all told', () => {
    const { logger, last } = observedLogger();
    logger.error({ err: new AggregateError([new Error('one'), new Error('two')], 'both failed') });
    expect(last().err.errors.map((error: Error) => error.message)).toEqual(['one', 'two']);
  });

  test('that are no errors are told as text', () => {
    const { logger, last } = observedLogger();
    logger.error({ err: 'thrown text' });
    expect(last().err).toMatchObject({ type: 'string', message: 'thrown text' });
  });
});

test('a request is told by method and address, without its headers', () => {
  const { logger, last, lines } = observedLogger();
  class Request {
    method = 'GET';
    url = '/companies?token=hunter2';
    ip = '127.0.0.1';
    headers = { authorization: 'hunter2' };
  }
  logger.info({ req: new Request(), res: { statusCode: 200 } });
  expect(last()).toMatchObject({
    req: { method: 'GET', remoteAddress: '127.0.0.1' },
    res: { statusCode: 200 },
  });
  expect(lines[0]).not.toContain('hunter2');
});

test('a process ends although nobody reads its log any more', async () => {
  const program = fileURLToPath(new URL('./logger.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const ended = once(child, 'exit');
  child.stdin.end();
  expect(await ended).toEqual([0, null]);
});
