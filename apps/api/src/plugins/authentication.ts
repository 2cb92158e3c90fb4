import cookie from '@fastify/cookie';
import { findIntegrationKeyOwner, hashApiKey } from '@tributary/store';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { forbidden, notFound, signInNeeded, unauthorized } from '../errors.ts';
import { sessionTokenOf } from '../portal/cookie.ts';
import { isSafe, reaches } from '../portal/roles.ts';
import { isFromElsewhere } from '../portal/same-origin.ts';
import { createPortalSessions, type PortalSessions } from '../portal/sessions.ts';
import { isCsrfToken } from '../portal/tokens.ts';
import { type AuthenticatedClient, type Authenticator, apiKeysIn } from '../services/authenticator.ts';
import { isIntegrationKey } from '../services/webhooks.ts';
import { originHeader } from './cors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The access token of a company opens this route, for that company. */
    companyToken?: boolean;
    /** The client's key for Zapier opens this route too. */
    integrationKey?: boolean;
  }
}

/**
 * Every request of this scope carries a known API key, or the access token of a company on a route that it opens, or the cookie of
 * a portal user whose role reaches it; or it ends here with 401 or 403. `request.client` is whom it acts for.
 */
export default fp<{ authenticator: Authenticator }>(
  async (app, { authenticator }) => {
    const sessions = createPortalSessions(app.dependencies);
    await app.register(cookie);
    app.decorateRequest('client', null as never);
    app.decorateRequest('portal', undefined);
    app.addHook('onRequest', async (request, reply) => {
      // Answers hold a client's data, and keys when they are made: nothing on the way may keep them.
      reply.header('cache-control', 'no-store');
      if (request.headers.authorization === undefined && (await readSession(request, sessions))) return;
      const client =
        (await authenticator.authenticate(request.headers.authorization)) ??
        (await ownerOfIntegrationKey(request));
      if (client === undefined) throw isForPages(request) ? signInNeeded() : unauthorized();
      if (request.routeOptions.config.sessionOnly === true)
        throw forbidden('This is for users of the portal; an API key does not open it.');
      request.client = client;
      if (client.company === undefined) reply.removeHeader(originHeader);
      else checkReach(request, client.company);
    });
  },
  { name: 'authentication', dependencies: ['error-envelope', 'correlation', 'cors'] },
);

/** @returns false when the request carries no session that is good, or carries it from another site's page */
async function readSession(request: FastifyRequest, sessions: PortalSessions): Promise<boolean> {
  const token = sessionTokenOf(request);
  const { publicUrl } = request.server.dependencies;
  if (token === undefined || (isSafe(request.method) && isFromElsewhere(request, publicUrl))) return false;
  const session = await sessions.find(token);
  if (session === undefined) return false;
  if (!isSafe(request.method)) checkOrigin(request, token, publicUrl);
  const { role = 'owner' } = request.routeOptions.config;
  if (!reaches(session.user.role, role))
    throw forbidden(
      `This needs the role ${role}; yours is ${session.user.role}. Ask an owner of the portal.`,
    );
  const { id, name } = session.user;
  request.client = { ...session.client, actor: { type: 'user', id, name } };
  request.portal = { session, token };
  return true;
}

/** Browsers send the cookie along whichever page asks: what changes something has to come from ours. */
function checkOrigin(request: FastifyRequest, token: string, publicUrl: string): void {
  if (isFromElsewhere(request, publicUrl))
    throw forbidden('Pages of other sites may not act for a portal user.');
  if (!isCsrfToken(request.headers['x-csrf-token'], token))
    throw forbidden(
      'The header X-CSRF-Token does not belong to the session. GET /portal/api/session tells the right one; reload the page.',
    );
}

/** Whether the portal asks, whose session is missing or over, and no program with a key. */
function isForPages(request: FastifyRequest): boolean {
  const { authorization, 'sec-fetch-site': site } = request.headers;
  return (
    authorization === undefined &&
    (request.routeOptions.config.sessionOnly === true ||
      site !== undefined ||
      sessionTokenOf(request) !== undefined)
  );
}

/** What a company's token opens: from allowed pages, some routes, with that company in the path if any is. */
function checkReach(request: FastifyRequest, company: NonNullable<AuthenticatedClient['company']>): void {
  const { origin } = request.headers;
  if (origin !== undefined && !company.allowedOrigins.includes(origin))
    throw forbidden('Pages of this origin may not use the access token; allow it in the CORS settings.');
  if (request.routeOptions.config.companyToken !== true)
    throw forbidden('The access token of a company does not open this; use an API key.');
  const { companyId } = request.params as { companyId?: string };
  if (companyId !== undefined && companyId !== company.id) throw notFound('company');
}

async function ownerOfIntegrationKey(request: FastifyRequest): Promise<AuthenticatedClient | undefined> {
  if (request.routeOptions.config.integrationKey !== true) return undefined;
  const { pool } = request.server.dependencies.store;
  for (const key of apiKeysIn(request.headers.authorization)) {
    const owner = isIntegrationKey(key) ? await findIntegrationKeyOwner(pool, hashApiKey(key)) : undefined;
    if (owner !== undefined) return { ...owner, actor: { type: 'integrationKey' } };
  }
  return undefined;
}
