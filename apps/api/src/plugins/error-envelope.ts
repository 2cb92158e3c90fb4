import { QueryError } from '@tributary/model';
import { CursorError, isDatabaseAway } from '@tributary/store';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ApiError, badRequest, refused, serviceUnavailable } from '../errors.ts';
import type { ErrorMessage } from '../http/error-schema.ts';
import { correlationHeader } from './correlation.ts';

/** The one place where what was thrown becomes the API's error body. */
export default fp(
  async (app) => {
    app.setErrorHandler(sendError);
    app.setNotFoundHandler((request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '/';
      sendError(new ApiError(404, `There is no ${request.method} ${path.slice(0, 200)}.`), request, reply);
    });
  },
  { name: 'error-envelope' },
);

/** Answers with the envelope of any error. Also given to Fastify for errors before routing, where no hook has run. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = toApiError(error);
  if (known.statusCode >= 500) request.log.error({ err: error }, 'request failed');
  void reply
    .code(known.statusCode)
    .headers(known.headers)
    .header(correlationHeader, request.id)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(envelopeOf(known, request.id));
}

/** The body that tells an error. */
export function envelopeOf(error: ApiError, correlationId: string): ErrorMessage {
  return {
    statusCode: error.statusCode,
    service: 'PublicApi',
    error: error.message,
    correlationId,
    validation: { errors: [...error.errors], warnings: [] },
    canBeRetried: error.canBeRetried,
    detailedErrorCode: error.detailedErrorCode,
  };
}

/** Whatever was thrown, as an error that a client may see. Nothing of an unknown error leaks. */
function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof QueryError) return badRequest(error.message);
  if (error instanceof CursorError) return refused('query.cursor', error.message, 'Cursor');
  if (isDatabaseAway(error)) return serviceUnavailable('The database cannot be reached at the moment.');
  if (isUnstorableText(error)) return badRequest('The request holds a character that cannot be stored.');
  const fastifyError = fromFastify(error);
  return fastifyError ?? new ApiError(500, 'An internal error occurred.', { canBeRetried: 'Unknown' });
}

/** PostgreSQL refuses U+0000 in text and in JSON; where no schema caught it, it is the client's mistake all the same. */
function isUnstorableText(error: unknown): boolean {
  for (
    let current = error, depth = 0;
    current instanceof Error && depth < 5;
    current = current.cause, depth += 1
  ) {
    if ('code' in current && (current.code === '22021' || current.code === '22P05')) return true;
  }
  return false;
}

const frameworkMessages: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than 1 MB.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as its Content-Length says.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The content type is not supported; send application/json.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_BAD_URL: 'The URL is malformed.',
  FST_ERR_MAX_PARAM_LENGTH: 'An id in the path is too long.',
};

/** Fastify's own complaints about a request, in our words. */
function fromFastify(error: unknown): ApiError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { statusCode, code } = error as Partial<FastifyError>;
  const message = code === undefined ? undefined : frameworkMessages[code];
  if (message !== undefined && statusCode !== undefined) return new ApiError(statusCode, message);
  // secure-json-parse and JSON.parse throw a SyntaxError, which Fastify marks with 400.
  if (error instanceof SyntaxError && statusCode === 400)
    return new ApiError(400, 'The body is not valid JSON.');
  const isRequestError =
    code?.startsWith('FST_') === true && statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return isRequestError ? new ApiError(statusCode, 'The request could not be read.') : undefined;
}
