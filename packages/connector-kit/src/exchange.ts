/**
 * One HTTP exchange, bounded in time and size: the part that data calls and token calls share.
 * It does not retry, follow redirects or judge the status.
 */
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, type Dispatcher, request } from 'undici';

/**
 * Why an exchange came to no answer.
 * - `notSent`: no connection came about, so the platform never saw the request
 * - `timeout`: no complete answer within the limit; the platform may have acted
 * - `broken`: the connection broke, or the body was cut or could not be decompressed; the platform may have acted
 * - `tooLarge`: the body is larger than allowed
 */
export type ExchangeFailureReason = 'notSent' | 'timeout' | 'broken' | 'tooLarge';

export class ExchangeFailure extends Error {
  readonly reason: ExchangeFailureReason;
  /** HTTP status, when headers had arrived before it failed. */
  readonly status: number | undefined;

  constructor(
    reason: ExchangeFailureReason,
    message: string,
    details: { status?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ExchangeFailure';
    this.reason = reason;
    this.status = details.status;
  }
}

export interface ExchangeRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** From the first byte sent to the last byte read: a platform that drips byte by byte is cut off too. */
  readonly timeoutMs: number;
  /** Of the decompressed body. */
  readonly maxBodyBytes: number;
  readonly dispatcher?: Dispatcher | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ExchangeAnswer {
  readonly status: number;
  /** Decompressed. */
  readonly body: Buffer;
  /** The body as text: made when it is asked for, once. */
  readonly text: string;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  /** The `Date` header in epoch milliseconds. */
  readonly platformTimeMs: number | undefined;
  /** The `Location` header as it came. */
  readonly location: string | undefined;
}

/** What carries calls to platforms. Named here, so that packages without undici of their own can pass one on. */
export type PlatformDispatcher = Dispatcher;

/** Connection pool for calls to platforms, to be shared by all sessions of a process. Close it when the process ends. */
export function createPlatformDispatcher(
  options: { readonly connectTimeoutMs?: number } = {},
): PlatformDispatcher {
  return new Agent({ connect: { timeout: options.connectTimeoutMs ?? 10_000 } });
}

/** Failures while a connection is being made: nothing of the request has left this machine. */
const NOT_SENT_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Sends the request and reads the whole answer.
 * @throws ExchangeFailure when there is none; the signal's reason when the caller aborts
 */
export async function exchange(options: ExchangeRequest): Promise<ExchangeAnswer> {
  options.signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', abort, { once: true });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort(new Error('time limit'));
  }, options.timeoutMs);
  let status: number | undefined;
  try {
    const response = await request(options.url, {
      method: options.method,
      headers: { ...options.headers, 'accept-encoding': 'gzip, deflate, br' },
      body: options.body ?? null,
      headersTimeout: options.timeoutMs,
      bodyTimeout: options.timeoutMs,
      signal: controller.signal,
      ...(options.dispatcher === undefined ? {} : { dispatcher: options.dispatcher }),
    });
    status = response.statusCode;
    const body = await readBody(response, options.maxBodyBytes);
    let text: string | undefined;
    return {
      status,
      body,
      get text() {
        text ??= body.toString('utf8');
        return text;
      },
      contentType: headerText(response.headers['content-type']) ?? '',
      retryAfter: headerText(response.headers['retry-after']),
      platformTimeMs: instantOf(headerText(response.headers['date'])),
      location: headerText(response.headers['location']),
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    throw failureOf(error, { timedOut, timeoutMs: options.timeoutMs, status });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

function failureOf(
  error: unknown,
  context: { timedOut: boolean; timeoutMs: number; status: number | undefined },
): Error {
  if (error instanceof ExchangeFailure) return error;
  const { status } = context;
  const code = errorCode(error);
  if (code === 'UND_ERR_INVALID_ARG') return error instanceof Error ? error : new Error(code);
  if (NOT_SENT_CODES.has(code)) {
    return new ExchangeFailure('notSent', `No connection to the platform (${code})`, {
      status,
      cause: error,
    });
  }
  if (context.timedOut || code.endsWith('_TIMEOUT')) {
    return new ExchangeFailure('timeout', `No complete answer within ${context.timeoutMs} ms`, {
      status,
      cause: error,
    });
  }
  return new ExchangeFailure('broken', `The connection broke before the answer was complete (${code})`, {
    status,
    cause: error,
  });
}

function errorCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

async function readBody(response: Dispatcher.ResponseData, maxBodyBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) throw tooLarge(maxBodyBytes, response.statusCode);
      chunks.push(chunk);
    }
  };
  const declared = Number(headerText(response.headers['content-length']));
  if (declared > maxBodyBytes) {
    response.body.on('error', () => {}).destroy();
    throw tooLarge(maxBodyBytes, response.statusCode);
  }
  const decompress = decompressorOf(
    headerText(response.headers['content-encoding']) ?? '',
    response.statusCode,
  );
  // A decompressor reads on only as fast as `collect` takes, so that a small body that expands without end is cut at the limit.
  if (decompress === undefined) await collect(response.body);
  else await pipeline(response.body, decompress, collect);
  return Buffer.concat(chunks, bytes);
}

function tooLarge(maxBodyBytes: number, status: number): ExchangeFailure {
  return new ExchangeFailure('tooLarge', `The answer is larger than ${maxBodyBytes} bytes`, { status });
}

function decompressorOf(encoding: string, status: number) {
  switch (encoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new ExchangeFailure('broken', 'The answer is compressed in a way that was not asked for', {
        status,
      });
  }
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function instantOf(date: string | undefined): number | undefined {
  const milliseconds = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
