import type { FastifyPluginAsync } from 'fastify';
import apiKeys from './api-keys/index.ts';
import companies from './companies/index.ts';
import companyAccess from './company-access/index.ts';
import connections from './connections/index.ts';
import corsSettings from './cors/index.ts';
import customData from './custom-data/index.ts';
import data from './data/index.ts';
import health from './health/index.ts';
import integrations from './integrations/index.ts';
import link from './link/index.ts';
import logos from './logos/index.ts';
import portal from './portal/index.ts';
import products from './products/index.ts';
import profile from './profile/index.ts';
import push from './push/index.ts';
import supplementalData from './supplemental-data/index.ts';
import syncSettings from './sync-settings/index.ts';
import webhooks from './webhooks/index.ts';

/** Routes that need an API key. */
export const clientRoutes: readonly FastifyPluginAsync[] = [
  companies,
  companyAccess,
  connections,
  integrations,
  apiKeys,
  profile,
  syncSettings,
  corsSettings,
  products,
  push,
  supplementalData,
  customData,
  webhooks,
  data,
];

/** Routes that need none: what browsers open, and what watches the process. */
export const publicRoutes: readonly FastifyPluginAsync[] = [health, logos, portal, link];
