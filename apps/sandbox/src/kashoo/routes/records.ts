import type { FastifyInstance } from 'fastify';
import { type Json, writeJson } from '../../exact/json.ts';
import { createLedger } from '../edits/ledger.ts';
import { badRequest, notFound } from '../errors.ts';
import { RECORD_TYPES, type RecordType } from '../records.ts';
import { type Access, sendJson, sendList } from './access.ts';
import { type Query, recordQuery, typesIn } from './query.ts';

/** Collections of one type each, below `/records`. */
const COLLECTIONS: readonly (readonly [path: string, type: RecordType])[] = [
  ['invoices', 'INVOICE'],
  ['bills', 'BILL'],
  ['invoicePayments', 'INVOICE_PAYMENT'],
  ['billPayments', 'BILL_PAYMENT'],
];

export interface RecordRoutesOptions {
  access: Access;
  nowMs(): number;
  /** The most rows of one page. */
  pageLimit: number;
}

/** Lists, single reads and writes of records. */
export function recordRoutes(
  app: FastifyInstance,
  { access, nowMs, pageLimit }: RecordRoutesOptions,
  done: () => void,
): void {
  app.get('/businesses/:business/records', async (request, reply) => {
    const { listing } = await access.ofBusiness(request);
    const query = request.query as Query;
    return sendList(reply, listing.page(recordQuery(query, typesIn(query), pageLimit)));
  });

  app.post('/businesses/:business/records', async (request, reply) => {
    const { store } = await access.ofBusiness(request);
    const body = request.body as Json;
    const named =
      typeof body === 'object' && body !== null && 'type' in body ? String(body.type).toUpperCase() : '';
    const type = RECORD_TYPES.find((known) => known === named);
    if (!type) throw badRequest(`type: expected one of ${RECORD_TYPES.join(', ')}`);
    return sendJson(reply.code(201), writeJson(createLedger(store, nowMs).create(type, body)));
  });

  for (const [path, type] of COLLECTIONS) {
    app.get(`/businesses/:business/records/${path}`, async (request, reply) => {
      const { listing } = await access.ofBusiness(request);
      return sendList(reply, listing.page(recordQuery(request.query as Query, [type], pageLimit)));
    });
    app.post(`/businesses/:business/records/${path}`, async (request, reply) => {
      const { store } = await access.ofBusiness(request);
      return sendJson(
        reply.code(201),
        writeJson(createLedger(store, nowMs).create(type, request.body as Json)),
      );
    });
  }

  app.get('/records/:id', async (request, reply) => {
    const { books, id } = await access.ofEntity(request);
    const body = books.store.get('SELECT body FROM bodies WHERE id = ?', id)?.['body'];
    if (typeof body !== 'string') throw notFound(`record ${id}`);
    return sendJson(reply, body);
  });

  app.put('/records/:id', async (request, reply) => {
    const { books, id } = await access.ofEntity(request);
    return sendJson(reply, writeJson(createLedger(books.store, nowMs).update(id, request.body as Json)));
  });

  app.delete('/records/:id', async (request, reply) => {
    const { books, id } = await access.ofEntity(request);
    createLedger(books.store, nowMs).remove(id);
    return reply.code(204).send();
  });
  done();
}
