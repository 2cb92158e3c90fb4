import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ApiError } from '../errors.ts';

/**
 * Request bodies are JSON. An empty one counts as none whatever its content type says, because client libraries send
 * `application/json` with nothing.
 */
export default fp(
  async (app) => {
    const parseJson = app.getDefaultJsonParser('error', 'error');
    app.removeAllContentTypeParsers();

    app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
      if (isBlank(body)) done(null, undefined);
      else parseJson(request, String(body), done);
    });

    app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
      if (isBlank(body)) done(null, undefined);
      else done(unsupportedMediaType(request));
    });
  },
  { name: 'json-body' },
);

function isBlank(body: string | Buffer): boolean {
  return String(body).trim() === '';
}

function unsupportedMediaType(request: FastifyRequest): ApiError {
  const type = request.headers['content-type'] ?? 'none';
  return new ApiError(415, `The content type ${type.slice(0, 100)} is not supported; send application/json.`);
}
