/** One request and what came back. */
export interface Exchange {
  method: string;
  url: string;
  requestBody: string | undefined;
  status: number;
  headers: Headers;
  text: string;
  durationMs: number;
}

export interface SendOptions {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | URLSearchParams | Uint8Array<ArrayBuffer>;
  timeoutMs?: number;
}

const defaultTimeoutMs = 20_000;

/**
 * Sends one request and reads the whole answer; redirects are not followed.
 * @throws {Error} naming the request when nothing comes back
 */
export async function send(url: string, options: SendOptions = {}): Promise<Exchange> {
  const { method = 'GET', headers = {}, body, timeoutMs = defaultTimeoutMs } = options;
  const startedMs = performance.now();
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    const durationMs = performance.now() - startedMs;
    const requestBody = body === undefined ? undefined : shownBody(body);
    return { method, url, requestBody, status: response.status, headers: response.headers, text, durationMs };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    throw new Error(`${method} ${url}: ${error instanceof Error ? error.message : String(error)}${cause}`);
  }
}

function shownBody(body: string | URLSearchParams | Uint8Array): string {
  return body instanceof Uint8Array ? `${body.length} bytes` : body.toString();
}

const shownRequest = 200;
const shownAnswer = 400;

/** `POST http://… {…} → 400 {…}` in one line, shortened. */
export function describe(exchange: Exchange): string {
  const body = exchange.requestBody ? ` ${shorten(exchange.requestBody, shownRequest)}` : '';
  const location = exchange.headers.get('location');
  const to = location ? ` location: ${shorten(location, shownRequest)}` : '';
  const answer = exchange.headers.get('content-type')?.includes('html')
    ? exchange.text
        .replaceAll(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>|<!--[\s\S]*?-->|<[^>]*>/g, ' ')
        .trim()
    : exchange.text;
  const { method, url, status } = exchange;
  return `${method} ${shorten(url, shownRequest)}${body} → ${status}${to} ${shorten(answer, shownAnswer)}`.trim();
}

/** One line of at most so many characters. */
function shorten(text: string, characters: number): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > characters ? `${line.slice(0, characters)}…` : line;
}
