/** One attempt over HTTP: bounded in time, without redirects, and with an eye on where it goes. */
import { Agent, type Dispatcher, errors, request } from 'undici';
import { answerTimeoutMs } from './policy.ts';
import { createGuardedConnector, PrivateTargetError, type Resolve } from './target.ts';

/** What came of an attempt. */
export interface AttemptResult {
  /** Absent: no answer came. */
  readonly statusCode: number | undefined;
  /** Why no answer came, for the client to read. */
  readonly failure: string | undefined;
  /** The beginning of the answer's body, where there is one. */
  readonly excerpt: string | undefined;
}

interface Attempt {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ends the attempt without a result. */
  readonly signal: AbortSignal;
}

export interface Sender {
  /** Never throws for what a target does. @throws when `signal` ends it */
  send(attempt: Attempt): Promise<AttemptResult>;
  close(): Promise<void>;
}

const excerptCharacters = 500;
/** An answer's body is not waited for; what has come by then is the excerpt. */
const excerptPatienceMs = 500;

export function createSender(options: {
  allowPrivateTargets: boolean;
  timeoutMs?: number;
  /** For tests: looks names up instead of the system. */
  resolve?: Resolve;
}): Sender {
  const { timeoutMs = answerTimeoutMs } = options;
  const agent = new Agent({
    connect: options.allowPrivateTargets
      ? { timeout: timeoutMs }
      : createGuardedConnector({
          timeoutMs,
          ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
        }),
    pipelining: 1,
    // Enough for one consumer's share; idle connections go soon, for there may be many consumers.
    connections: 32,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 30_000,
    maxHeaderSize: 16_384,
  });
  return {
    async send({ url, headers, body, signal }) {
      const late = AbortSignal.timeout(timeoutMs);
      try {
        const answer = await request(url, {
          method: 'POST',
          headers,
          body,
          dispatcher: agent,
          signal: AbortSignal.any([signal, late]),
        });
        const excerpt = await readExcerpt(answer.body);
        return { statusCode: answer.statusCode, failure: undefined, excerpt };
      } catch (error) {
        if (signal.aborted) throw error;
        const failure = late.aborted ? `No answer within ${timeoutMs / 1000} seconds` : failureOf(error);
        return { statusCode: undefined, failure, excerpt: undefined };
      }
    },
    close: () => agent.destroy(),
  };
}

/** The beginning of a body; the rest is not read. A body that is cut or never ends changes nothing about the answer. */
async function readExcerpt(body: Dispatcher.ResponseData['body']): Promise<string | undefined> {
  const patience = setTimeout(() => body.destroy(), excerptPatienceMs);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= excerptCharacters * 4) break;
    }
  } catch {
    // What has come so far is shown.
  } finally {
    clearTimeout(patience);
  }
  const text = Buffer.concat(chunks).toString('utf8').replaceAll('\u0000', '').toWellFormed();
  return text === '' ? undefined : text.slice(0, excerptCharacters).toWellFormed();
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The host name is not known',
  EAI_AGAIN: 'The host name could not be looked up',
  ECONNREFUSED: 'The connection was refused',
  ECONNRESET: 'The connection was closed before an answer came',
  EPIPE: 'The connection was closed before an answer came',
  EHOSTUNREACH: 'The host cannot be reached',
  ENETUNREACH: 'The host cannot be reached',
  ETIMEDOUT: 'The connection took too long',
  UND_ERR_CONNECT_TIMEOUT: 'The connection took too long',
  UND_ERR_SOCKET: 'The connection was closed before an answer came',
  CERT_HAS_EXPIRED: 'The certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The certificate is not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another name',
};

/** Says what went wrong in words of our own: an error's text can hold addresses of the operator's network. */
function failureOf(error: unknown): string {
  if (error instanceof PrivateTargetError) return error.message;
  if (error instanceof errors.ConnectTimeoutError) return 'The connection took too long';
  if (error instanceof AggregateError) return failureOf(error.errors[0]);
  if (error instanceof Error && error.cause instanceof PrivateTargetError) return error.cause.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? 'No valid answer came';
}
