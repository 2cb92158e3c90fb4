import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Connector } from '@tributary/connector-kit';
import type { FastifyInstance } from 'fastify';
import type { PageAssets } from './pages/layout.ts';

interface Asset {
  readonly contentType: string;
  readonly body: Buffer;
}

/** The address names the content, so it may be kept for ever. */
const keepForEver = 'public, max-age=31536000, immutable';
const stylesheet = '/link/assets/link.css';
const logo = (platformKey: string): string => `/link/assets/logos/${platformKey}`;

/** Serves the stylesheet and the platforms' logos of the Link pages, and tells their addresses. */
export function serveAssets(app: FastifyInstance, connectors: ReadonlyMap<string, Connector>): PageAssets {
  const css = readFileSync(new URL('./link.css', import.meta.url));
  const assets = new Map<string, Asset>([
    [stylesheet, { contentType: 'text/css; charset=utf-8', body: css }],
  ]);
  for (const { manifest } of connectors.values()) {
    const { contentType, body } = manifest.logo;
    assets.set(logo(manifest.platformKey), { contentType, body: Buffer.from(body) });
  }
  for (const [path, { contentType, body }] of assets) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .type(contentType)
        .headers({
          'cache-control': keepForEver,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'",
        })
        .send(body),
    );
  }
  const versioned = (path: string): string => {
    const body = assets.get(path)?.body;
    return body === undefined ? path : `${path}?v=${hash('sha256', body).slice(0, 16)}`;
  };
  return { stylesheetPath: versioned(stylesheet), logoPath: (platformKey) => versioned(logo(platformKey)) };
}
