import { expect, Failure, status } from './expect.ts';
import { type Exchange, send } from './http.ts';
import { at, type Json, json, listAt, numberAt, textAt } from './json.ts';

/** The product's public API, as one client sees it. */
export class Api {
  readonly baseUrl: string;
  readonly #key: string | undefined;

  constructor(baseUrl: string, key: string | undefined) {
    this.baseUrl = baseUrl;
    this.#key = key;
  }

  async request(
    method: string,
    path: string,
    options: {
      body?: unknown;
      text?: string;
      headers?: Readonly<Record<string, string>>;
      timeoutMs?: number;
    } = {},
  ): Promise<Exchange> {
    const { headers = {}, timeoutMs } = options;
    const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    return send(`${this.baseUrl}${path}`, {
      method,
      headers: {
        ...(this.#key === undefined ? {} : { authorization: basic(this.#key) }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }

  get(path: string): Promise<Exchange> {
    return this.request('GET', path);
  }

  /** Reads JSON that must come with 200. */
  async read(path: string): Promise<Json> {
    return json(status(await this.get(path), 200));
  }

  post(path: string, body?: unknown): Promise<Exchange> {
    return this.request('POST', path, body === undefined ? {} : { body });
  }

  /** Every record of a list, page by page through `_links.next`; each page is checked against its envelope. */
  async all(path: string): Promise<Json[]> {
    const records: Json[] = [];
    const seen = new Set<string>();
    let next: string | undefined = path;
    let total = -1;
    while (next !== undefined) {
      expect(!seen.has(next), `_links.next leads back to ${next}`);
      seen.add(next);
      const exchange = status(await this.get(next), 200);
      const page = json(exchange);
      const results = listAt(page, 'results');
      total = numberAt(page, 'totalResults');
      expect(results.length <= numberAt(page, 'pageSize'), 'more results than pageSize', exchange);
      expect(typeof at(page, '_links', 'self', 'href') === 'string', 'no _links.self.href', exchange);
      expect(typeof at(page, '_links', 'current', 'href') === 'string', 'no _links.current.href', exchange);
      records.push(...results);
      const href = at(page, '_links', 'next', 'href');
      expect(
        href === undefined || (typeof href === 'string' && href.startsWith('/')),
        '_links.next is not relative',
        exchange,
      );
      next = href as string | undefined;
    }
    if (records.length !== total)
      throw new Failure(`${path}: ${records.length} records on the pages, totalResults ${total}`);
    return records;
  }
}

/** The usual form of the key in a header: Basic, base64 of the key alone. */
export function basic(key: string): string {
  return `Basic ${Buffer.from(key).toString('base64')}`;
}

/**
 * Checks the error envelope: the status twice, the members that clients read, and a correlation id that is also in
 * the header. `naming` is the offender, which the message has to name.
 */
export function expectError(exchange: Exchange, codes: readonly number[], naming?: string | RegExp): Json {
  status(exchange, ...codes);
  const type = exchange.headers.get('content-type') ?? '';
  expect(/^application\/json; charset=utf-8$/i.test(type), `content type ${type} of an error`, exchange);
  const body = json(exchange);
  expect(numberAt(body, 'statusCode') === exchange.status, 'statusCode is not the status', exchange);
  expect(typeof at(body, 'error') === 'string' && textAt(body, 'error') !== '', 'no error text', exchange);
  expect(typeof at(body, 'service') === 'string', 'no service', exchange);
  const retried = at(body, 'canBeRetried');
  expect(
    retried === 'True' || retried === 'False' || retried === 'Unknown',
    'canBeRetried is none of its words',
    exchange,
  );
  numberAt(body, 'detailedErrorCode');
  const correlationId = textAt(body, 'correlationId');
  expect(/^[\da-f]{32}$/.test(correlationId), 'correlationId is not 32 hex digits', exchange);
  expect(
    exchange.headers.get('x-correlation-id') === correlationId,
    'X-Correlation-Id differs from the body',
    exchange,
  );
  if (naming !== undefined) {
    const said = `${textAt(body, 'error')} ${JSON.stringify(at(body, 'validation') ?? '')}`;
    const names =
      typeof naming === 'string' ? said.toLowerCase().includes(naming.toLowerCase()) : naming.test(said);
    expect(names, `the error does not name ${naming}`, exchange);
  }
  return body;
}
