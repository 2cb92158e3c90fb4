import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import { overrideExactDecimal } from '@tributary/model';
import fp from 'fastify-plugin';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import manifest from '../../../../package.json' with { type: 'json' };
import { portalSecurity } from '../http/error-schema.ts';
import { onlyReferencedSchemas, withAnswersInFull, withIdempotencyKeys } from '../http/openapi-components.ts';

const description = `Accounting data of small businesses, in one unified model.

Paths match in any case, ids do not. A property without a value is left out. Lists take \`page\`, \`pageSize\`, \`query\` and \`orderBy\`.`;

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;

const override: Override = (context) => {
  if (context.zodSchema._zod.def.type === 'undefined') context.jsonSchema.type = 'null';
  else overrideExactDecimal(context);
};

/** Collects every route's schemas into an OpenAPI 3.1 document; serves it, and a reference that needs nothing from elsewhere. */
export default fp(
  async (app) => {
    const zodToJsonConfig = { override, unrepresentable: 'any' as const };
    const transformObject = createJsonSchemaTransformObject({ zodToJsonConfig });
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: { title: 'Tributary', version: manifest.version, description },
        servers: [{ url: app.dependencies.publicUrl }],
        security: [{ basic: [] }, { bearer: [] }, ...portalSecurity],
        components: {
          securitySchemes: {
            basic: {
              type: 'http',
              scheme: 'basic',
              description: '`Basic base64(apiKey)`, with or without a colon after the key.',
            },
            bearer: { type: 'http', scheme: 'bearer', description: '`Bearer apiKey`' },
            portalSession: {
              type: 'apiKey',
              in: 'cookie',
              name: 'tributary_session',
              description:
                'A portal user who is signed in; the role decides what is open. Requests that change something carry `X-CSRF-Token` as well.',
            },
          },
        },
      },
      transform: createJsonSchemaTransform({ zodToJsonConfig }),
      transformObject: (document) =>
        withAnswersInFull(withIdempotencyKeys(onlyReferencedSchemas(transformObject(document)))),
    });

    await app.register(scalar, {
      routePrefix: '/docs',
      openApiDocumentEndpoints: { json: '/openapi.json', yaml: '/openapi.yaml' },
      // Fonts, proxy and telemetry would be asked of other hosts.
      configuration: {
        url: '/openapi.json',
        withDefaultFonts: false,
        telemetry: false,
        pageTitle: 'Tributary API',
      },
    });

    app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('application/json; charset=utf-8').send(app.swagger()),
    );
  },
  { name: 'openapi' },
);
