/**
 * The floors of serving, a process of its own. It knows no key, no quota, no log and no envelope; what an answer of the API costs beyond
 * its own is what the house costs.
 *
 * - `/text`: a bare Fastify route that runs the statement of the page and joins the documents, with the driver as it comes.
 * - `/bytes`: the same on the store's connections, which leave documents encoded.
 * - `/prisma`: what a user of Prisma would write, `findMany` and `count`.
 */
import { openStore, queryBytes } from '@tributary/store';
import { type FastifyRequest, fastify } from 'fastify';
import pg from 'pg';

const databaseUrl = process.env['DATABASE_URL'] ?? '';
const max = 10;
const plain = new pg.Pool({ connectionString: databaseUrl, max, options: '-c TimeZone=UTC' });
const store = openStore({
  databaseUrl,
  poolSize: max,
  applicationName: 'bare',
  onError: (error) => void process.stderr.write(`${error.message}\n`),
});

const text = `SELECT document::text AS document, modified_at::text AS modified, is_deleted FROM invoices
  WHERE company_id = $1 AND connection_id = $2 AND seq > $3::bigint AND seq <= $4::bigint ORDER BY seq`;

type Query = { company: string; connection: string; page?: string; pageSize?: string };

function readQuery({ query }: FastifyRequest) {
  const { company, connection, page = '1', pageSize = '100' } = query as Query;
  const [number, size] = [Number(page), Number(pageSize)];
  const scope = { companyId: company, connectionId: connection };
  return {
    scope,
    size,
    skip: (number - 1) * size,
    values: [company, connection, (number - 1) * size, number * size],
  };
}

const app = fastify();
const json = 'application/json; charset=utf-8';

app.get('/text', async (request, reply) => {
  const { rows } = await plain.query<{ document: string }>({
    name: 'page',
    text,
    values: readQuery(request).values,
  });
  return reply.type(json).send(`{"results":[${rows.map(({ document }) => document).join(',')}]}`);
});

app.get('/bytes', async (request, reply) => {
  const rows = await queryBytes(store.pool, { name: 'page', text, values: readQuery(request).values });
  return reply
    .type(json)
    .send(Buffer.from(`{"results":[${rows.map(([document]) => document).join(',')}]}`, 'latin1'));
});

app.get('/prisma', async (request) => {
  const { scope, size, skip } = readQuery(request);
  const [records, totalResults] = await Promise.all([
    store.prisma.invoicesRecord.findMany({ where: scope, orderBy: { seq: 'asc' }, skip, take: size }),
    store.prisma.invoicesRecord.count({ where: scope }),
  ]);
  const results = records.map(({ document, modifiedAt, isDeleted }) => ({
    ...(document as object),
    modifiedDate: modifiedAt,
    metadata: { isDeleted },
  }));
  return { results, totalResults };
});

await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
process.send?.('ready');
process.on('SIGTERM', () => process.exit(0));
