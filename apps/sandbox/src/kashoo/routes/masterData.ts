import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { parseJson } from '../../exact/json.ts';
import { accountBalance, journalEntries, openingBalances } from '../books/accounts.ts';
import { writeContact, writeItem } from '../books/masterData.ts';
import type { BookStore } from '../books/store.ts';
import { CREDIT_TYPES } from '../chart.ts';
import { accountInput, contactInput, itemInput } from '../edits/input.ts';
import { badRequest, notFound } from '../errors.ts';
import type { Books } from '../library.ts';
import { type Access, sendJson, sendList } from './access.ts';
import { dateIn, entryQuery, flagIn, pageIn, type Query, valuesOf } from './query.ts';

export interface MasterDataOptions {
  access: Access;
  nowMs(): number;
  /** The most rows of one page. */
  pageLimit: number;
}

function bodyOf(store: BookStore, table: 'accounts' | 'contacts' | 'items', id: bigint): string {
  const body = store.get(`SELECT body FROM ${table} WHERE id = ?`, id)?.['body'];
  if (typeof body !== 'string') throw notFound(`${table} ${id}`);
  return body;
}

/** Lists of accounts or contacts, by id, filtered by the columns that both have. */
function listOf(store: BookStore, table: 'accounts' | 'contacts', query: Query, pageLimit: number): string[] {
  const types = valuesOf(query, 'type').map((type) => type.toUpperCase());
  const archived = flagIn(query, 'archived');
  const { offset, limit } = pageIn(query, pageLimit, pageLimit);
  const conditions = [
    ...(types.length > 0 ? [`type IN (${types.map(() => '?').join(', ')})`] : []),
    ...(archived === undefined ? [] : [`archived = ${archived ? 1 : 0}`]),
    ...(flagIn(query, 'includeRemoved') ? [] : ['removed = 0']),
    '1',
  ].join(' AND ');
  return store
    .all(
      `SELECT body FROM ${table} WHERE ${conditions} ORDER BY id LIMIT ? OFFSET ?`,
      ...types,
      limit,
      offset,
    )
    .map((row) => String(row['body']));
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw badRequest(
    result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '),
  );
}

/** TrulySmall has no items: the path does not exist there. */
function withItems({ profile, store }: Books): BookStore {
  if (profile.product === 'trulysmall') throw notFound('items');
  return store;
}

/** Accounts, contacts, items and taxes. */
export function masterDataRoutes(
  app: FastifyInstance,
  { access, nowMs, pageLimit }: MasterDataOptions,
  done: () => void,
): void {
  for (const table of ['accounts', 'contacts'] as const) {
    app.get(`/businesses/:business/${table}`, async (request, reply) => {
      const { store } = await access.ofBusiness(request);
      return sendList(reply, listOf(store, table, request.query as Query, pageLimit));
    });
    app.get(`/${table}/:id`, async (request, reply) => {
      const { books, id } = await access.ofEntity(request);
      return sendJson(reply, bodyOf(books.store, table, id));
    });
  }

  app.get('/businesses/:business/items', async (request, reply) => {
    const store = withItems(await access.ofBusiness(request));
    const rows = store.all(
      `SELECT body FROM items WHERE ${flagIn(request.query as Query, 'includeRemoved') ? '1' : 'removed = 0'} ORDER BY id`,
    );
    return sendList(
      reply,
      rows.map((row) => String(row['body'])),
    );
  });

  app.get('/businesses/:business/items/:id', async (request, reply) => {
    const business = withItems(await access.ofBusiness(request));
    const { books, id } = await access.ofEntity(request);
    if (books.store !== business) throw notFound(`items ${id}`);
    return sendJson(reply, bodyOf(business, 'items', id));
  });

  app.get('/businesses/:business/taxes', async (request, reply) => {
    const { store } = await access.ofBusiness(request);
    return sendList(
      reply,
      store.all('SELECT body FROM taxes ORDER BY id').map((row) => String(row['body'])),
    );
  });

  app.get('/accounts/:id/balances', async (request, reply) => {
    const { books, id } = await access.ofEntity(request);
    const balance = accountBalance(books.store, id, dateIn(request.query as Query, 'date'));
    if (balance === undefined) throw notFound(`accounts ${id}`);
    return sendJson(reply, `{"balance":${balance}}`);
  });

  app.get('/accounts/:id/journalEntries', async (request, reply) => {
    const { books, id } = await access.ofEntity(request);
    bodyOf(books.store, 'accounts', id);
    return sendList(reply, journalEntries(books.store, entryQuery(request.query as Query, id, pageLimit)));
  });

  app.get('/accounts/:id/openingBalances', async (request, reply) => {
    const { books, id } = await access.ofEntity(request);
    bodyOf(books.store, 'accounts', id);
    return sendList(reply, openingBalances(books.store, id));
  });

  const putContact = (store: BookStore, id: bigint, body: unknown): string => {
    const { homeCurrency } = store.book.profile;
    const { type, name, email, archived, currency = homeCurrency, ...rest } = read(contactInput, body);
    const address = { street: '', city: '', province: '', postalCode: '', country: '' };
    writeContact(store, {
      id,
      type,
      persona: {
        organization: false,
        ...address,
        ...rest.contactInformation?.address,
        name,
        email,
        phone: rest.phoneNumbers,
      },
      currency,
      archived,
      removed: false,
      taxCode: '',
      atMs: nowMs(),
    });
    return bodyOf(store, 'contacts', id);
  };

  app.post('/businesses/:business/contacts', async (request, reply) => {
    const { store } = await access.ofBusiness(request);
    return sendJson(reply.code(201), putContact(store, store.nextId(), request.body));
  });

  app.put('/contacts/:id', async (request, reply) => {
    const { books, id } = await access.ofEntity(request);
    const existing = parseJson(bodyOf(books.store, 'contacts', id));
    return sendJson(reply, putContact(books.store, id, Object.assign({}, existing, request.body)));
  });

  app.post('/businesses/:business/items', async (request, reply) => {
    const store = withItems(await access.ofBusiness(request));
    const { name, sku, ...input } = read(itemInput, request.body);
    for (const account of [input.creditAccount, input.debitAccount])
      if (account !== undefined) bodyOf(store, 'accounts', account);
    const id = store.nextId();
    writeItem(store, {
      id,
      code: sku,
      name,
      sellRate: input.defaultSellRate,
      buyRate: input.defaultBuyRate,
      taxCode: input.defaultTaxCode,
      description: input.description,
      creditAccount: input.creditAccount,
      debitAccount: input.debitAccount,
      archived: false,
      removed: false,
      atMs: nowMs(),
    });
    return sendJson(reply.code(201), bodyOf(store, 'items', id));
  });

  app.post('/businesses/:business/accounts', async (request, reply) => {
    const { store, profile } = await access.ofBusiness(request);
    const { name, number, description, type } = read(accountInput, request.body);
    const id = store.nextId();
    store.insertAccount(
      { id, type, archived: false, removed: false },
      {
        id,
        business: profile.id,
        name,
        type,
        number,
        description,
        archived: false,
        removed: false,
        normalBalanceCredit: CREDIT_TYPES.has(type),
        currency: profile.homeCurrency,
        lastModified: BigInt(nowMs()),
        links: [],
      },
    );
    return sendJson(reply.code(201), bodyOf(store, 'accounts', id));
  });
  done();
}
