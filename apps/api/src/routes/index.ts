import type { FastifyPluginAsync } from 'fastify';
import apiKeys from './api-keys/index.ts';
import companies from './companies/index.ts';
import connections from './connections/index.ts';
import data from './data/index.ts';
import health from './health/index.ts';
import integrations from './integrations/index.ts';
import link from './link/index.ts';
import logos from './logos/index.ts';
import portal from './portal/index.ts';
import profile from './profile/index.ts';
import syncSettings from './sync-settings/index.ts';
import webhooks from './webhooks/index.ts';

/** Routes that need an API key. */
export const clientRoutes: readonly FastifyPluginAsync[] = [
  companies,
  connections,
  integrations,
  apiKeys,
  profile,
  syncSettings,
  webhooks,
  data,
];

/** Routes that need none: what browsers open, and what watches the process. */
export const publicRoutes: readonly FastifyPluginAsync[] = [health, logos, portal, link];
