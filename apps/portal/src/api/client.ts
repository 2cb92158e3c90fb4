import { parseExactJson } from '@tributary/model/exact-json';
import { problemOf, unreachableProblem, unreadableProblem } from './errors.ts';

/** Values of a query string; what is undefined or empty is left out. */
export type QueryValues = Readonly<Record<string, string | number | undefined>>;

interface Call {
  readonly query?: QueryValues;
  readonly signal?: AbortSignal;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Makes a repeated request one and the same for the API. */
  readonly idempotencyKey?: string;
}

interface Read<Answer> {
  readonly body: Answer;
  readonly headers: Headers;
}

/**
 * Calls the API that serves this page, with the session's cookie. Answers are parsed exactly: a number whose digits a
 * double cannot hold comes as `bigint` or `ExactNumber`, see `parseExactJson`.
 * @throws {ApiProblem} for every answer but a success, and when there is none
 */
export interface ApiClient {
  get<Answer>(path: string, call?: Pick<Call, 'query' | 'signal'>): Promise<Answer>;
  /** The same, together with the answer's headers. */
  read<Answer>(path: string, call?: Pick<Call, 'query' | 'signal'>): Promise<Read<Answer>>;
  post<Answer>(path: string, body?: unknown, call?: Pick<Call, 'idempotencyKey'>): Promise<Answer>;
  put<Answer>(path: string, body: unknown): Promise<Answer>;
  patch<Answer>(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<void>;
}

export interface ApiClientOptions {
  readonly fetch: typeof fetch;
  /** The session's token against forged requests; undefined while nobody is signed in. */
  readonly csrfToken: () => string | undefined;
  /** Called when a request was refused because the session has ended. */
  readonly onSessionEnded: () => void;
}

export function createApiClient(options: ApiClientOptions): ApiClient {
  async function exchange<Answer>(method: string, path: string, call: Call = {}): Promise<Read<Answer>> {
    const response = await answerOf(options, method, path, call);
    const correlationId = response.headers.get('x-correlation-id') ?? undefined;
    const text = await textOf(response);
    const { headers } = response;
    if (response.ok && text === '') return { body: undefined as Answer, headers };
    const body = parsed(text, response);
    if (response.ok) return { body: body as Answer, headers };
    if (response.status === 401 && options.csrfToken() !== undefined) options.onSessionEnded();
    throw problemOf(response.status, body, correlationId);
  }

  const send = async <Answer>(method: string, path: string, call?: Call): Promise<Answer> =>
    (await exchange<Answer>(method, path, call)).body;

  return {
    get: (path, call) => send('GET', path, call),
    read: (path, call) => exchange('GET', path, call),
    post: (path, body, call) => send('POST', path, { body, ...call }),
    put: (path, body) => send('PUT', path, { body }),
    patch: (path, body) => send('PATCH', path, { body }),
    delete: (path) => send('DELETE', path),
  };
}

async function answerOf(
  { fetch, csrfToken }: ApiClientOptions,
  method: string,
  path: string,
  { query, signal, body, idempotencyKey }: Call,
): Promise<Response> {
  const token = method === 'GET' ? undefined : csrfToken();
  const headers = {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token !== undefined && { 'x-csrf-token': token }),
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  };
  try {
    return await fetch(withQuery(path, query), {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(signal && { signal }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw abortedOr(error, signal);
  }
}

async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw abortedOr(error, undefined);
  }
}

/** A request that was given up is no problem to show. */
function abortedOr(error: unknown, signal: AbortSignal | undefined): unknown {
  const isAborted = signal?.aborted || (error instanceof DOMException && error.name === 'AbortError');
  return isAborted ? error : unreachableProblem();
}

function parsed(text: string, response: Response): unknown {
  const correlationId = response.headers.get('x-correlation-id') ?? undefined;
  try {
    return parseExactJson(text);
  } catch {
    // A proxy's own page says nothing that would help; its status does.
    if (!response.ok) return undefined;
    throw unreadableProblem(response.status, correlationId);
  }
}

function withQuery(path: string, query: QueryValues = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
