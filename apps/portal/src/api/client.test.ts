import { expect, test, vi } from 'vitest';
import { createApiClient } from './client.ts';
import { ApiProblem } from './errors.ts';

const correlationId = '0123456789abcdef0123456789abcdef';

/** A client whose server gives one answer, and what the server was asked. */
function clientOf(answer: () => Response | Promise<Response>, csrfToken: string | undefined = 'the-token') {
  const asked: { url: string; init: RequestInit }[] = [];
  const onSessionEnded = vi.fn();
  const api = createApiClient({
    fetch: async (url, init = {}) => {
      asked.push({ url: String(url), init });
      return answer();
    },
    csrfToken: () => csrfToken,
    onSessionEnded,
  });
  return { api, asked, onSessionEnded };
}

const refusal = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { 'x-correlation-id': correlationId } });

async function problemIn(call: Promise<unknown>): Promise<ApiProblem> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiProblem)) throw new Error(`no problem: ${String(error)}`);
  return error;
}

test('only what changes something carries the token against forged requests', async () => {
  const { api, asked } = clientOf(() => new Response('{}'));
  await api.get('/companies', { query: { page: 2, query: 'name~"a&b"', orderBy: undefined } });
  await api.post('/companies', { name: 'Café' }, { idempotencyKey: 'once' });
  const [read, write] = asked;
  expect(read?.url).toBe('/companies?page=2&query=name%7E%22a%26b%22');
  expect(read?.init.headers).not.toHaveProperty('x-csrf-token');
  expect(write?.init).toMatchObject({
    method: 'POST',
    body: '{"name":"Café"}',
    credentials: 'same-origin',
    headers: { 'x-csrf-token': 'the-token', 'idempotency-key': 'once', 'content-type': 'application/json' },
  });
});

test('amounts keep their digits, and an empty answer is none', async () => {
  const { api } = clientOf(() => new Response('{"total": 99999999999999999.99}'));
  const { total } = await api.get<{ total: { rawJSON: string } }>('/invoices');
  expect(total.rawJSON).toBe('99999999999999999.99');
  const gone = clientOf(() => new Response(null, { status: 204 }));
  expect(await gone.api.delete('/companies/1')).toBeUndefined();
});

test('a refusal tells what the server said, where, and under which id', async () => {
  const body = {
    error: 'The request is not valid.',
    correlationId,
    validation: { errors: [{ itemId: 'body.name', message: 'must not be empty' }, 'nonsense'], warnings: [] },
  };
  const { api, onSessionEnded } = clientOf(() => refusal(400, body));
  const problem = await problemIn(api.post('/companies', {}));
  expect(problem).toMatchObject({ status: 400, message: 'Name must not be empty.', correlationId });
  expect(problem.fieldProblem('name')).toBe('must not be empty');
  expect(problem.fieldProblem('description')).toBeUndefined();
  expect(onSessionEnded).not.toHaveBeenCalled();
});

test('a session that has ended is told once there was one, and not while signing in', async () => {
  const body = { error: 'Sign in.' };
  const ended = clientOf(() => refusal(401, body));
  expect((await problemIn(ended.api.get('/companies'))).status).toBe(401);
  expect(ended.onSessionEnded).toHaveBeenCalledOnce();
  const { api, onSessionEnded } = createClientWithoutSession(body);
  await problemIn(api.post('/portal/api/session', {}));
  expect(onSessionEnded).not.toHaveBeenCalled();
});

function createClientWithoutSession(body: object) {
  const onSessionEnded = vi.fn();
  const api = createApiClient({
    fetch: async () => refusal(401, body),
    csrfToken: () => undefined,
    onSessionEnded,
  });
  return { api, onSessionEnded };
}

test.each([
  [502, '<html>Bad gateway</html>', 'The server is in trouble (502). Try again in a moment.'],
  [429, '', 'There were too many requests. Wait a moment and try again.'],
  [418, '[]', 'The server refused this (418).'],
])('an answer %d that is not of the API gets words of its own', async (status, text, message) => {
  const { api } = clientOf(() => new Response(text, { status }));
  expect((await problemIn(api.get('/companies'))).message).toBe(message);
});

test('success with a page in place of JSON is a problem, and so is no answer; a cancelled request is none', async () => {
  const page = clientOf(() => new Response('<html>Sign in to the Wi-Fi</html>'));
  expect((await problemIn(page.api.get('/companies'))).message).toContain('not from Tributary');
  const away = clientOf(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(await problemIn(away.api.get('/companies'))).toMatchObject({ status: 0 });
  const cancelled = clientOf(() => Promise.reject(new DOMException('gone', 'AbortError')));
  await expect(cancelled.api.get('/companies')).rejects.toMatchObject({ name: 'AbortError' });
});
