import type { FastifyPluginAsync } from 'fastify';
import { html } from 'ghtml';

const routes: FastifyPluginAsync = async (app) => {
  app.get('/portal', { schema: { hide: true } }, async (_request, reply) => {
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    return page();
  });
};

function page(): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tributary</title>
<style>body { font: 1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }</style></head>
<body>
<h1>The portal is not there yet</h1>
<p>Everything that it will show is in the API already: see the <a href="/docs">API reference</a>.</p>
</body>
</html>
`;
}

export default routes;
