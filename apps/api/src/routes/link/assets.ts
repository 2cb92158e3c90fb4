import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Connector } from '@tributary/connector-kit';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { themeOf } from '../../link/brand-colour.ts';
import type { PageAssets } from './pages/layout.ts';

interface Asset {
  readonly contentType: string;
  readonly body: Buffer;
}

/** What the pages load, by path, and the addresses that pages name it by. */
export interface LoadedAssets extends PageAssets {
  readonly files: ReadonlyMap<string, Asset>;
}

/** The address names the content, so it may be kept for ever. */
const keepForEver = 'public, max-age=31536000, immutable';
const stylesheet = '/link/assets/link.css';
const script = '/link/assets/link.js';
const icon = '/link/assets/icon.svg';
const logo = (platformKey: string): string => `/link/assets/logos/${platformKey}`;

const versionOf = (body: Buffer | string): string => hash('sha256', body).slice(0, 16);

/** Reads the stylesheet, the script and the platforms' logos of the Link pages. */
export function loadAssets(connectors: ReadonlyMap<string, Connector>): LoadedAssets {
  const read = (file: string): Buffer => readFileSync(new URL(file, import.meta.url));
  const files = new Map<string, Asset>([
    [stylesheet, { contentType: 'text/css; charset=utf-8', body: read('./link.css') }],
    [script, { contentType: 'text/javascript; charset=utf-8', body: read('./browser/link.js') }],
    [icon, { contentType: 'image/svg+xml', body: read('./icon.svg') }],
  ]);
  for (const { manifest } of connectors.values()) {
    const { contentType, body } = manifest.logo;
    files.set(logo(manifest.platformKey), { contentType, body: Buffer.from(body) });
  }
  const versioned = (path: string): string => {
    const body = files.get(path)?.body;
    return body === undefined ? path : `${path}?v=${versionOf(body)}`;
  };
  return {
    files,
    stylesheetPath: versioned(stylesheet),
    scriptPath: versioned(script),
    iconPath: versioned(icon),
    logoPath: (platformKey) => versioned(logo(platformKey)),
    themePath: (colour) => `/link/theme/${colour.slice(1)}.css?v=${versionOf(themeOf(colour))}`,
  };
}

/** Serves what the pages load. A theme is computed from the colour in its address: it tells nothing about a client. */
export function serveAssets(app: FastifyInstance, { files }: LoadedAssets): void {
  for (const [path, asset] of files) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => sendAsset(reply, asset));
  }
  app.get<{ Params: { colour: string } }>(
    '/link/theme/:colour(^[\\da-fA-F]{6}).css',
    { schema: { hide: true } },
    async ({ params: { colour } }, reply) =>
      sendAsset(reply, {
        contentType: 'text/css; charset=utf-8',
        body: Buffer.from(themeOf(`#${colour.toLowerCase()}`)),
      }),
  );
}

function sendAsset(reply: FastifyReply, { contentType, body }: Asset) {
  return reply
    .type(contentType)
    .headers({
      'cache-control': keepForEver,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'",
    })
    .send(body);
}
