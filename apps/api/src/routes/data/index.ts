import type { FastifyPluginAsync } from 'fastify';
import attachments from './attachments.ts';
import financials from './financials/index.ts';
import notOffered from './not-offered.ts';
import notServed from './not-served.ts';
import pullHistory from './pull-history.ts';
import pullOperations from './pull-operations.ts';
import records from './records.ts';
import reports from './reports/index.ts';

/** Data of small businesses: reading records, asking for syncs, their status and history. */
const routes: FastifyPluginAsync = async (app) => {
  await app.register(records);
  await app.register(financials);
  await app.register(reports);
  await app.register(attachments);
  await app.register(pullOperations);
  await app.register(pullHistory);
  await app.register(notServed);
  await app.register(notOffered);
};

export default routes;
