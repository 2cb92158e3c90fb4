import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ApiError, badRequest } from '../errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was sent; undefined when there is none. */
    bodyText: string | undefined;
  }
}

/**
 * Request bodies are JSON in UTF-8. An empty one counts as none whatever its content type says, because client libraries send
 * `application/json` with nothing.
 */
export default fp(
  async (app) => {
    app.decorateRequest('bodyText', undefined);
    const parseJson = app.getDefaultJsonParser('error', 'error');
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
      const text = textOf(body);
      request.bodyText = text;
      if (text?.trim() === '') done(null, undefined);
      else if (!isUtf8(request)) done(unsupportedMediaType(request));
      else if (text === undefined) done(badRequest('The body is not valid UTF-8.'));
      else parseJson(request, text, done);
    });
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
      if (textOf(body)?.trim() === '') done(null, undefined);
      else done(unsupportedMediaType(request));
    });
  },
  { name: 'json-body' },
);

/** Undefined for what is not UTF-8: replacing the broken bytes would store something that nobody sent. */
function textOf(body: string | Buffer): string | undefined {
  if (typeof body === 'string') return body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** RFC 8259 knows no other encoding, and no `charset`; clients that name UTF-8 all the same mean what we do. */
function isUtf8({ headers }: FastifyRequest): boolean {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '') ?? [];
  return /^utf-?8$/i.test(charset);
}

function unsupportedMediaType(request: FastifyRequest): ApiError {
  const type = request.headers['content-type'] ?? 'none';
  return new ApiError(
    415,
    `The content type ${type.slice(0, 100)} is not supported; send application/json in UTF-8.`,
  );
}
