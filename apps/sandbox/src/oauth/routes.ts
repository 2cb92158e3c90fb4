import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DEFAULT_USER, USERS } from '../kashoo/catalogue.ts';
import type { Authority, TokenFailure, TokenPair } from './authority.ts';
import { consentPage, refusalPage } from './pages.ts';

export interface OAuthOptions {
  authority: Authority;
  clientId: string;
  clientSecret: string;
}

type Fields = Readonly<Record<string, string>>;

/** Query or form fields that came once each: a repeated parameter counts as missing (RFC 6749, section 3.1). */
function fieldsOf(source: unknown): Fields {
  if (typeof source !== 'object' || source === null) return {};
  return Object.fromEntries(
    Object.entries(source).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  );
}

/** What is wrong with an authorisation request that must not be redirected; `undefined` when nothing is. */
function refusalOf(query: Fields, clientId: string): string | undefined {
  if (query['client_id'] === undefined) return 'It names no application: client_id is missing.';
  if (query['client_id'] !== clientId) return `No application “${query['client_id']}” is registered here.`;
  const redirectUri = query['redirect_uri'];
  if (redirectUri === undefined) return 'It does not say where to return to: redirect_uri is missing.';
  if (!/^https?:\/\//i.test(redirectUri) || !URL.canParse(redirectUri))
    return 'Its redirect_uri is not an http or https address.';
  if (query['response_type'] !== 'code') return 'Its response_type must be “code”.';
  return undefined;
}

function redirectTarget(query: Fields, parameters: Fields): string {
  const target = new URL(query['redirect_uri'] ?? '');
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  if (query['state'] !== undefined) target.searchParams.set('state', query['state']);
  return target.href;
}

/** Client id and secret of a Basic header, plain or form-encoded as RFC 6749, section 2.3.1 asks. */
function clientCredentials(header: string | undefined): readonly [id: string, secret: string] | undefined {
  const encoded = /^basic\s+(\S+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const decoded = (part: string): string => {
    try {
      return decodeURIComponent(part.replaceAll('+', ' '));
    } catch {
      return part;
    }
  };
  return [decoded(text.slice(0, colon)), decoded(text.slice(colon + 1))];
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  invalid_client: 'unknown client, or a wrong secret',
  invalid_grant:
    'the code or refresh token is unknown, used, expired, revoked or meant for another redirect_uri',
  invalid_request: 'a required parameter is missing',
  unsupported_grant_type: 'grant_type must be authorization_code or refresh_token',
};

function fail(reply: FastifyReply, status: number, error: string): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Basic realm="kashoo"');
  return reply.code(status).send({ error, error_description: DESCRIPTIONS[error] });
}

function redeem(
  authority: Authority,
  client: string,
  form: Fields,
): TokenPair | TokenFailure | 'unsupported_grant_type' {
  const { grant_type: grantType, code, redirect_uri: redirectUri, refresh_token: refreshToken } = form;
  if (grantType === undefined) return 'invalid_request';
  if (grantType === 'authorization_code') {
    return code === undefined || redirectUri === undefined
      ? 'invalid_request'
      : authority.redeemCode({ client, code, redirectUri });
  }
  if (grantType !== 'refresh_token') return 'unsupported_grant_type';
  return refreshToken === undefined ? 'invalid_request' : authority.refresh({ client, refreshToken });
}

/** `/authorize` (consent page and its form) and `/token`, below the prefix they are registered with. */
export function oauthRoutes(
  app: FastifyInstance,
  { authority, clientId, clientSecret }: OAuthOptions,
  done: () => void,
): void {
  const refused = (request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined => {
    const reason = refusalOf(fieldsOf(request.query), clientId);
    return reason === undefined
      ? undefined
      : reply.code(400).type('text/html; charset=utf-8').send(refusalPage(reason));
  };

  app.get('/authorize', async (request, reply) => {
    const refusal = refused(request, reply);
    if (refusal) return refusal;
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(consentPage({ client: clientId, users: USERS, preselected: DEFAULT_USER }));
  });

  app.post('/authorize', async (request, reply) => {
    const refusal = refused(request, reply);
    if (refusal) return refusal;
    const query = fieldsOf(request.query);
    const { decision, user: chosen = DEFAULT_USER.toString() } = fieldsOf(request.body);
    if (decision === 'deny') return reply.redirect(redirectTarget(query, { error: 'access_denied' }), 302);
    const user = USERS.find(({ id }) => id.toString() === chosen);
    if (decision !== 'allow' || !user) {
      const reason = user ? 'The form was sent without a decision.' : `There is no user ${chosen} here.`;
      return reply.code(400).type('text/html; charset=utf-8').send(refusalPage(reason));
    }
    const code = authority.issueCode({
      client: clientId,
      user: user.id,
      redirectUri: query['redirect_uri'] ?? '',
    });
    return reply.redirect(redirectTarget(query, { code }), 302);
  });

  app.post('/token', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const [id, secret] = clientCredentials(request.headers.authorization) ?? [];
    if (id !== clientId || secret !== clientSecret) return fail(reply, 401, 'invalid_client');
    const result = redeem(authority, clientId, fieldsOf(request.body));
    if (typeof result === 'string') return fail(reply, 400, result);
    return {
      access_token: result.accessToken,
      expires_in: result.expiresInSeconds,
      refresh_token: result.refreshToken,
      token_type: 'bearer',
      userId: result.user.toString(),
    };
  });
  done();
}
