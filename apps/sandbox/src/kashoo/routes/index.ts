import type { FastifyInstance } from 'fastify';
import { writeJson } from '../../exact/json.ts';
import { type BusinessProfile, USERS } from '../catalogue.ts';
import { notFound } from '../errors.ts';
import { type Access, sendJson, sendList } from './access.ts';
import { masterDataRoutes } from './masterData.ts';
import { pageIn, type Query } from './query.ts';
import { recordRoutes } from './records.ts';

export interface KashooRoutesOptions {
  access: Access;
  nowMs(): number;
  /** The most rows of one page. */
  pageLimit: number;
}

const SITES = { classic: 'app.kashoo.com', trulysmall: 'app.trulysmall.com' } as const;

function businessBody(profile: BusinessProfile): string {
  return writeJson({
    id: profile.id,
    name: profile.name,
    contactInformation: { name: profile.name, address: profile.address },
    homeCurrency: profile.homeCurrency,
    fiscalYearEnd: profile.fiscalYearEnd,
    site: SITES[profile.product],
  });
}

/** Everything below the platform's API root. Both hosts of the platform serve it: they share one backend. */
export function kashooRoutes(
  app: FastifyInstance,
  { access, nowMs, pageLimit }: KashooRoutesOptions,
  done: () => void,
): void {
  // Asked before anything else, so that a stranger learns nothing about paths or parameters.
  app.addHook('onRequest', async (request) => void access.userOf(request));

  app.get('/users/me', async (request, reply) => {
    const user = USERS.find(({ id }) => id === access.userOf(request));
    if (!user) throw notFound('user');
    return sendJson(
      reply,
      writeJson({
        id: user.id,
        name: user.name,
        email: user.email,
        verified: true,
        active: true,
        removed: false,
      }),
    );
  });

  app.get('/users/me/businesses', async (request, reply) => {
    const { offset, limit } = pageIn(request.query as Query, pageLimit, pageLimit);
    return sendList(
      reply,
      access
        .businessesOf(request)
        .slice(offset, offset + limit)
        .map(businessBody),
    );
  });

  app.register(masterDataRoutes, { access, nowMs, pageLimit });
  app.register(recordRoutes, { access, nowMs, pageLimit });
  done();
}
