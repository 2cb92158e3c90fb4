import type { FastifyPluginAsync } from 'fastify';
import type { LeastRoles } from '../portal/roles.ts';
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
import portalApi from './portal/api.ts';
import { logoRoutes } from './portal/branding.ts';
import portal from './portal/pages.ts';
import portalSignIn from './portal/sign-in.ts';
import products from './products/index.ts';
import profile from './profile/index.ts';
import push from './push/index.ts';
import supplementalData from './supplemental-data/index.ts';
import syncSettings from './sync-settings/index.ts';
import webhooks from './webhooks/index.ts';

/** Routes of one resource, and which portal users they serve where a route says nothing else. */
export interface ClientRoutes {
  readonly routes: FastifyPluginAsync;
  readonly roles: LeastRoles;
}

/** Daily work with companies and their data. */
const work: LeastRoles = { read: 'viewer', write: 'operator' };
/** How the client is set up. */
const setup: LeastRoles = { read: 'viewer', write: 'admin' };

/** Routes that need an API key, or a portal user who is signed in. */
export const clientRoutes: readonly ClientRoutes[] = [
  { routes: companies, roles: work },
  { routes: companyAccess, roles: { read: 'operator', write: 'operator' } },
  { routes: connections, roles: work },
  { routes: integrations, roles: setup },
  { routes: apiKeys, roles: setup },
  { routes: profile, roles: setup },
  { routes: syncSettings, roles: setup },
  { routes: corsSettings, roles: setup },
  { routes: products, roles: work },
  { routes: push, roles: work },
  { routes: supplementalData, roles: setup },
  { routes: customData, roles: setup },
  { routes: webhooks, roles: setup },
  { routes: data, roles: work },
  { routes: portalApi, roles: { read: 'viewer', write: 'owner' } },
];

/** Routes that need none: what browsers open, and what watches the process. */
export const publicRoutes: readonly FastifyPluginAsync[] = [
  health,
  logos,
  logoRoutes,
  portalSignIn,
  portal,
  link,
];
