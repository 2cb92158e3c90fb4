/** How the client shows itself to small businesses on Link pages. */
import { findBranding, findBrandingLogo, saveBranding } from '@tributary/store';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFoundBecause, refused } from '../../errors.ts';
import { errorResponses, publicErrorResponses } from '../../http/error-schema.ts';
import { storedText, webUrl } from '../../http/text.ts';
import { dataUrlOf, largestLogo, readLogo } from '../../portal/logo.ts';
import { email } from '../../schemas/portal.ts';

const longestLogoText = Math.ceil((largestLogo * 4) / 3) + 100;

const branding = z
  .object({
    displayName: z.string().nullable().describe('Null: the name of the client.'),
    logo: z.string().nullable().describe('A data URL.'),
    logoUrl: z
      .string()
      .optional()
      .describe('Where browsers load the logo without a key; it never changes there.'),
    colour: z.string().nullable().describe('`#rrggbb`.'),
    contactEmail: z.string().nullable(),
    helpUrl: z.string().nullable(),
  })
  .meta({ id: 'LinkBranding', description: 'What Link pages show of the client.' });

const replacedBranding = z
  .object({
    displayName: storedText({ maximum: 100 }).nullish(),
    logo: z
      .string({ error: 'must be a data URL, or null' })
      .max(longestLogoText, { error: 'must have at most 256 kB' })
      .nullish()
      .describe('A data URL of a PNG, JPEG or WebP image of at most 256 kB.'),
    colour: z
      .string({ error: 'must be a colour, or null' })
      .regex(/^#[\da-f]{6}$/i, { error: 'must be a colour such as #1a2b3c' })
      .nullish(),
    contactEmail: email.nullish(),
    helpUrl: webUrl().nullish(),
  })
  .meta({ id: 'ReplaceLinkBranding', description: 'What is left out, or null, is removed.' });

export const brandingRoutes: FastifyPluginAsyncZod = async (app) => {
  const { store, publicUrl } = app.dependencies;
  const { pool } = store;
  const shared = { tags: ['Portal'] };

  async function view(clientId: string): Promise<z.input<typeof branding>> {
    const { logoId, ...shown } = await findBranding(pool, clientId);
    const logo = logoId === null ? undefined : await findBrandingLogo(pool, logoId);
    if (logo === undefined) return { ...shown, logo: null };
    return { ...shown, logo: dataUrlOf(logo), logoUrl: `${publicUrl}/branding/logos/${logoId}` };
  }

  app.get(
    '/portal/api/branding',
    {
      schema: {
        ...shared,
        operationId: 'get-link-branding',
        summary: 'Get branding of Link',
        response: { 200: branding, ...errorResponses() },
      },
    },
    ({ client }) => view(client.id),
  );

  app.put(
    '/portal/api/branding',
    {
      config: { role: 'admin', audited: ['displayName', 'colour', 'contactEmail', 'helpUrl'] },
      schema: {
        ...shared,
        operationId: 'replace-link-branding',
        summary: 'Replace branding of Link',
        body: replacedBranding,
        response: { 200: branding, ...errorResponses(400, 413, 415) },
      },
    },
    async ({ client, body }) => {
      const logo = body.logo == null ? null : readLogo(body.logo);
      if (typeof logo === 'string') throw refused('body.logo', logo, 'Logo');
      await saveBranding(pool, client.id, {
        displayName: body.displayName ?? null,
        logo,
        colour: body.colour?.toLowerCase() ?? null,
        contactEmail: body.contactEmail ?? null,
        helpUrl: body.helpUrl ?? null,
      });
      return view(client.id);
    },
  );
};

/** Of a public route: Link pages show the logo to whoever opens them. */
export const logoRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/branding/logos/:logoId',
    {
      schema: {
        operationId: 'get-link-logo',
        summary: 'Get logo of Link',
        description: 'An image; browsers load it without a key. The id is a hash of it.',
        tags: ['Portal'],
        security: [],
        params: z.object({ logoId: z.string().regex(/^[\da-f]{64}$/, { error: 'is no id of a logo' }) }),
        response: {
          200: { description: 'The image.', content: { 'image/png': { schema: z.any() } } },
          ...publicErrorResponses(400, 404, 503),
        },
      },
    },
    async ({ params }, reply) => {
      const logo = await findBrandingLogo(app.dependencies.store.pool, params.logoId);
      if (logo === undefined) throw notFoundBecause('There is no such logo.');
      return reply
        .headers({
          'cache-control': 'public, max-age=31536000, immutable',
          // Whatever the bytes are, a browser that is led here does nothing with them but show them.
          'content-security-policy': "default-src 'none'; sandbox",
        })
        .type(logo.contentType)
        .send(logo.body);
    },
  );
};
