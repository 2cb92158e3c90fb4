/** The portal's own files. Its pages are one page: a script shows which of them it is. */
import { fileURLToPath } from 'node:url';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { html } from 'ghtml';
import { ApiError } from '../../errors.ts';
import { type BuiltFile, createBuiltFiles } from '../../portal/built-files.ts';

const builtFolder = fileURLToPath(new URL('../../../../portal/dist', import.meta.url));

/** No part of the public API's document. */
const schema = { hide: true } as const;

/** Scripts are files of ours and nothing else. Components set styles while they move, hence the one exception. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const pageHeaders = {
  'content-security-policy': policy,
  'cache-control': 'no-cache',
  // Addresses of invitations hold a secret.
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-frame-options': 'DENY',
};
const fileHeaders = {
  'content-security-policy': "default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
};
const keepForEver = 'public, max-age=31536000, immutable';

type PathRoute = { Params: { readonly '*': string } };

const routes: FastifyPluginAsync = async (app) => {
  const files = createBuiltFiles(app.dependencies.portalFolder ?? builtFolder);

  const sendIndex = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers(pageHeaders);
    const index = await files.read('index.html', request.headers['accept-encoding']);
    if (index !== undefined) return sendFile(reply, index);
    return reply.type('text/html; charset=utf-8').send(notBuiltPage());
  };

  app.get('/portal', { schema }, sendIndex);

  // What a build no longer has is told so, and not answered with a page.
  app.get<PathRoute>('/portal/assets/*', { schema }, async (request, reply) => {
    const path = request.params['*'];
    const file = await files.read(`assets/${path}`, request.headers['accept-encoding']);
    if (file === undefined) throw notThere(request);
    return sendFile(reply.headers({ ...fileHeaders, 'cache-control': keepForEver }), file);
  });

  app.get<PathRoute>('/portal/*', { schema }, async (request, reply) => {
    const path = request.params['*'];
    if (/^(?:api|assets)(?:\/|$)/i.test(path)) throw notThere(request);
    const file =
      path === 'index.html' ? undefined : await files.read(path, request.headers['accept-encoding']);
    if (file === undefined) return sendIndex(request, reply);
    return sendFile(reply.headers({ ...fileHeaders, 'cache-control': 'no-cache' }), file);
  });
};

function sendFile(reply: FastifyReply, { contentType, body, encoding }: BuiltFile): FastifyReply {
  if (encoding !== undefined) reply.header('content-encoding', encoding);
  return reply.header('vary', 'origin, accept-encoding').type(contentType).send(body);
}

function notThere({ method, url }: FastifyRequest): ApiError {
  return new ApiError(404, `There is no ${method} ${url.split('?', 1)[0]?.slice(0, 200)}.`);
}

function notBuiltPage(): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tributary</title>
<style>body { font: 1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }</style></head>
<body>
<h1>The portal is not built yet</h1>
<p>Run <code>node apps/portal/build.ts</code> in Tributary’s folder and load this page again; <code>npm start</code> does it by itself.</p>
<p>Everything that the portal shows is in the API too: see the <a href="/docs">API reference</a>.</p>
</body>
</html>
`;
}

export default routes;
