/** Link: the pages on which a small business connects its books. Server-rendered; they work without JavaScript. */
import { randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { lendersPage } from '../../link/confirmation.ts';
import type { CredentialsForm } from '../../link/credentials.ts';
import { type Arrival, createLinkService } from '../../link/link-service.ts';
import { loadAssets, serveAssets } from './assets.ts';
import { handleLinkErrors } from './errors.ts';
import { authorizeTargets, redirectTargets } from './form-targets.ts';
import { cookieOptions, fieldsOf, idsOf, publicAddress, sendPage, sendRedirect, setCookie } from './http.ts';
import { companyPage } from './pages/company.ts';
import { confirmationPage } from './pages/confirmation.ts';
import { credentialsPage } from './pages/credentials.ts';
import { connectionPath } from './pages/layout.ts';
import { readerOf } from './reader.ts';

/** No part of the public API's document. */
const schema = { hide: true } as const;
/** A look at the head of these would begin or use up a journey. */
const getOnly = { schema, exposeHeadRoute: false } as const;
const connection = '/link/companies/:companyId/connections/:connectionId';

/** Of what is typed into the search. */
const longestSearch = 100;

const linkRoutes: FastifyPluginAsync = async (app) => {
  const { publicUrl, connectors, store, vault, credentials, sync, events, clock, newId, logger } =
    app.dependencies;
  const service = createLinkService({
    publicUrl,
    connectors,
    store,
    vault,
    credentials,
    sync,
    events,
    clock,
    newId,
    logger,
    randomBytes,
  });
  await app.register(cookie);
  await app.register(formbody);
  const assets = loadAssets(connectors);
  serveAssets(app, assets);
  handleLinkErrors(app, assets);

  const arrive = (
    reply: FastifyReply,
    { link, receipt, spentCookie }: Arrival,
    ids: { companyId: string; connectionId: string },
  ) => {
    if (spentCookie !== undefined) void reply.clearCookie(spentCookie, cookieOptions(publicUrl));
    if (receipt !== undefined) setCookie(reply, publicUrl, receipt);
    const lender = receipt === undefined ? undefined : lendersPage(link);
    return sendRedirect(reply, 303, lender ?? connectionPath(ids, 'done'));
  };

  const sendForm = (reply: FastifyReply, form: CredentialsForm) =>
    sendPage(reply, {
      status: form.problem === undefined ? 200 : 422,
      page: credentialsPage(assets, form),
      lender: form.link.lender,
      formTargets: redirectTargets(form.link.redirectUrl),
    });

  app.get('/link/company/:companyId', { schema }, async (request, reply) => {
    const elsewhere = publicAddress(request, publicUrl);
    if (elsewhere !== undefined) return sendRedirect(reply, 302, elsewhere);
    const view = await service.viewCompany(idsOf(request).companyId);
    return sendPage(reply, {
      page: companyPage(assets, view, fieldsOf(request.query)['q']?.slice(0, longestSearch)),
      lender: view.lender,
      formTargets: authorizeTargets(view.platforms, publicUrl),
    });
  });

  app.post('/link/company/:companyId', { schema }, async (request, reply) => {
    const { companyId } = idsOf(request);
    const { connectionId } = await service.choosePlatform(companyId, fieldsOf(request.body)['platformKey']);
    return sendRedirect(reply, 303, connectionPath({ companyId, connectionId }, 'start'));
  });

  app.get(`${connection}/start`, getOnly, async (request, reply) => {
    const elsewhere = publicAddress(request, publicUrl);
    if (elsewhere !== undefined) return sendRedirect(reply, 302, elsewhere);
    const start = await service.start(idsOf(request));
    setCookie(reply, publicUrl, start.cookie);
    return 'form' in start ? sendForm(reply, start.form) : sendRedirect(reply, 302, start.redirectTo);
  });

  app.post(`${connection}/start`, { schema }, async (request, reply) => {
    const ids = idsOf(request);
    const { state, username, password } = fieldsOf(request.body);
    const { cookies, correlationId: traceId } = request;
    const arrival = await service.submitCredentials(ids, { state, username, password, cookies, traceId });
    return 'form' in arrival ? sendForm(reply, arrival.form) : arrive(reply, arrival, ids);
  });

  app.get('/link/callback/:platformKey', getOnly, async (request, reply) => {
    const { platformKey = '' } = fieldsOf(request.params);
    const { state, code, error } = fieldsOf(request.query);
    const { cookies, correlationId: traceId } = request;
    const arrival = await service.callback({ platformKey, state, code, error, cookies, traceId });
    const { id: connectionId, companyId } = arrival.link.connection;
    return arrive(reply, arrival, { companyId, connectionId });
  });

  app.get(`${connection}/done`, { schema }, async (request, reply) => {
    const view = await service.viewConfirmation(idsOf(request), request.cookies);
    return sendPage(reply, {
      page: confirmationPage(assets, view, {
        reader: readerOf(request.headers['accept-language']),
        isStill: fieldsOf(request.query)['still'] !== undefined,
      }),
      lender: view.link.lender,
      isLive: view.kind === 'linked' && view.underWay,
      formTargets: redirectTargets(view.link.redirectUrl),
    });
  });

  // Forms end here; somebody who opens their address (a reload, a bookmark) wants to see what has become of it.
  for (const action of ['choose', 'withdraw']) {
    app.get(`${connection}/${action}`, { schema }, async (request, reply) =>
      sendRedirect(reply, 303, connectionPath(idsOf(request), 'done')),
    );
  }

  app.post(`${connection}/choose`, { schema }, async (request, reply) => {
    const ids = idsOf(request);
    const { businessId } = fieldsOf(request.body);
    const { cookies, correlationId: traceId } = request;
    const arrival = await service.chooseBusiness(ids, { businessId, cookies, traceId });
    return arrive(reply, arrival, ids);
  });

  app.post(`${connection}/withdraw`, { schema }, async (request, reply) => {
    const ids = idsOf(request);
    await service.withdraw(ids, request.cookies);
    return sendRedirect(reply, 303, connectionPath(ids, 'done'));
  });
};

export default linkRoutes;
