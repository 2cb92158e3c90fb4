/** The platform of the guide in CONTRIBUTING.md: sets of books with clients and invoices, for the tests of the guide alone. */
import type { FastifyInstance } from 'fastify';
import type { PlatformRoutesOptions } from '../app.ts';

const BOOKS = [{ id: 7, name: 'Corner Bakery' }];
const PAGE_LIMIT = 12;
const HOUR_MS = 3_600_000;

interface Row {
  readonly id: number;
  readonly changed: number;
}

function booksOf(nowMs: number): Readonly<Record<string, readonly Row[]>> {
  const clients = Array.from({ length: 20 }, (_, index) => ({
    id: 100 + index,
    name: `Client ${index} & “Söhne”`,
    changed: nowMs - (20 - index) * HOUR_MS,
  }));
  const invoices = Array.from({ length: 40 }, (_, index) => ({
    id: 1000 + index,
    number: `INV-${index}`,
    ...(index % 5 === 0 ? {} : { client: 100 + (index % 20) }),
    date: new Date(nowMs - index * 24 * HOUR_MS).toISOString().slice(0, 10),
    amount: 1999 + index * 101,
    memo: `Order ${index}`,
    changed: nowMs - (60 - index) * HOUR_MS,
  }));
  return { clients, invoices };
}

/** Everything below the platform's API root. */
export function exampleRoutes(
  app: FastifyInstance,
  { userOf, nowMs }: PlatformRoutesOptions,
  done: () => void,
): void {
  const books = booksOf(nowMs);
  app.get<{ Params: { listing: string } }>('/ids/:listing', async ({ params }) =>
    (books[params.listing] ?? []).map(({ id }) => String(id)),
  );

  app.get('/books', async (request) => {
    userOf(request);
    return BOOKS;
  });

  app.get<{ Params: { books: string; listing: string }; Querystring: Record<string, string | undefined> }>(
    '/books/:books/:listing',
    async (request, reply) => {
      userOf(request);
      const rows = books[request.params.listing];
      if (rows === undefined || request.params.books !== String(BOOKS[0]?.id))
        return reply.code(404).send({});
      const { offset = '0', limit = '12', changedSince = '0' } = request.query;
      const found = rows.filter(({ changed }) => changed >= Number(changedSince));
      return found.slice(Number(offset), Number(offset) + Math.min(Number(limit), PAGE_LIMIT));
    },
  );

  app.get<{ Params: { books: string; listing: string; id: string } }>(
    '/books/:books/:listing/:id',
    async (request, reply) => {
      userOf(request);
      const { listing, id } = request.params;
      return books[listing]?.find((row) => String(row.id) === id) ?? reply.code(404).send({});
    },
  );
  done();
}
