import { allDataTypeKeys } from '@tributary/model';
import { z } from 'zod';
import { pagingQuery } from '../http/paging.ts';
import { credentialText } from '../http/text.ts';
import { sourceType } from './connections.ts';

const datatypeFeature = z
  .object({
    datatype: z.enum(allDataTypeKeys).describe('As the published specification requires it.'),
    dataType: z.enum(allDataTypeKeys).describe('The same, as the published specification describes it.'),
    supportedFeatures: z.array(
      z.object({ featureType: z.enum(['Get']), featureState: z.enum(['Release', 'NotSupported']) }),
    ),
  })
  .meta({ id: 'DataTypeFeature' });

export const integration = z
  .object({
    key: z.string(),
    name: z.string(),
    logoUrl: z.url().describe('An image, served without a key.'),
    enabled: z.boolean(),
    integrationId: z.uuid(),
    sourceId: z.uuid(),
    sourceType,
    integrationType: sourceType.describe('Older name of `sourceType`.'),
    isOfflineConnector: z.boolean(),
    isBeta: z.boolean(),
    datatypeFeatures: z.array(datatypeFeature),
  })
  .meta({ id: 'Integration', description: 'A platform that companies can be connected to.' });

export type Integration = z.output<typeof integration>;

const brandingImage = z
  .object({ image: z.object({ src: z.url(), alt: z.string() }) })
  .meta({ id: 'BrandingImage' });

export const branding = z
  .object({
    logo: z.object({ full: brandingImage, square: brandingImage }),
    button: z.object({ default: brandingImage, hover: brandingImage }),
    sourceId: z.uuid(),
  })
  .meta({ id: 'Branding' });

export type Branding = z.output<typeof branding>;

const knownSourceTypes = new Map(sourceType.options.map((option) => [option.toLowerCase(), option]));

export const integrationsQuery = pagingQuery.extend({
  integrationType: z
    .string()
    .transform((text) => (text === '' ? undefined : (knownSourceTypes.get(text.toLowerCase()) ?? text)))
    .pipe(sourceType.optional())
    .optional()
    .describe('Older form of `query=sourceType=…`.'),
});

export const integrationParameters = z.object({
  platformKey: z.string().describe('Key (or older word, such as `kashoo`) of the integration, in any case.'),
});

export const integrationUpdate = z
  .object({ enabled: z.boolean({ error: 'is needed: true or false' }) })
  .meta({ id: 'UpdateIntegration' });

export const newApplicationKeys = z
  .object({
    clientId: credentialText({ maximum: 500 }).describe('Client id of your application at the platform.'),
    clientSecret: credentialText({ maximum: 2000 }).describe(
      'Its secret; it is stored encrypted and never shown again.',
    ),
  })
  .meta({ id: 'SaveApplicationKeys' });

export const applicationKeys = z
  .object({
    clientId: z.string(),
    clientSecret: z.string().describe('Masked.'),
    alert: z
      .string()
      .optional()
      .describe('Why the platform refused these keys when they were last used; saving keys clears it.'),
  })
  .meta({ id: 'ApplicationKeys' });
