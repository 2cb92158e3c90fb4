/**
 * What the engine makes of each fault that the sandbox can cause: the run, the connection and the records while it lasts, and that
 * our copy equals the platform's after it has passed.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';

type Linked = Awaited<ReturnType<Harness['link']>>;
type Fault = { readonly kind: string; readonly [parameter: string]: unknown };

let harness: Harness;
beforeAll(async () => {
  // Pages of twenty, so that a listing has several.
  harness = await startHarness({ sandbox: { size: 300, pageLimit: 20 } });
});
afterAll(() => harness.close());

/** Customers are listed in full each time: what a listing lacks is suspicious. */
const dataType = 'customers';
const onListing = { match: 'GET .*/contacts', times: null };

const stored = async (connection: Linked, table: string = dataType) => {
  const { rows } = await harness.store.pool.query<{ id: string; document: string; is_deleted: boolean }>(
    `SELECT id, document::text AS document, is_deleted FROM ${table} WHERE connection_id = $1 ORDER BY id`,
    [connection.id],
  );
  return rows;
};
const faultsAre = (faults: readonly object[]) => harness.control('faults', { faults });
const rulesOf = async (runId: string) =>
  (await harness.store.prisma.dataWarning.findMany({ where: { runId } })).map(({ ruleId }) => ruleId);
const dueNow = (connection: Linked) =>
  harness.store.prisma.pullOperation.updateMany({
    where: { connectionId: connection.id, completedAt: null },
    data: { notBefore: null },
  });

/** A synced connection, what is stored of it, and what two pulls under a fault make of it; then quiet, and two more. */
async function survive(fault: Fault) {
  const connection = await harness.link();
  await harness.pull(connection, dataType);
  const before = await stored(connection);
  expect(before.length).toBeGreaterThan(40);
  await faultsAre([{ ...onListing, ...fault }]);
  const under = [await harness.pull(connection, dataType), await harness.pull(connection, dataType)];
  const during = await stored(connection);
  await faultsAre([]);
  await dueNow(connection);
  const quiet = await harness.pull(connection, dataType);
  const linked = await harness.store.prisma.connection.findUniqueOrThrow({ where: { id: connection.id } });
  return { connection, before, during, under, quiet, after: await stored(connection), linked };
}

describe('a listing that lies', () => {
  it.each([
    ['repeats a page', { kind: 'repeatedPage', skip: 1, times: 2 }, true],
    ['gives its first page over and over', { kind: 'query', set: { offset: '0' } }, true],
    ['never ends', { kind: 'endlessListing' }, true],
    ['moves rows between its pages', { kind: 'movingRows', by: 2 }, false],
    ['caps its pages', { kind: 'shortPage', rows: 3 }, false],
    ['gives every row twice', { kind: 'duplicateRecords' }, false],
  ] as const)(
    'and %s: Complete, and nothing is deleted, doubled or changed',
    async (_what, fault, isTold) => {
      const { before, during, under, quiet, after } = await survive(fault);
      expect(under.map(({ status, deleted, inserted }) => [status, deleted, inserted])).toEqual(
        Array(2).fill(['Complete', 0, 0]),
      );
      if (isTold) expect(await rulesOf(under[0]?.id ?? '')).toContain('listing-repeated-page');
      expect(during).toEqual(before);
      expect([quiet.status, after]).toEqual(['Complete', before]);
    },
  );
});

describe('a first listing that shows a record on two pages', () => {
  it.each([
    ['as it repeats a page', { kind: 'repeatedPage', skip: 1, times: 2 }],
    ['as rows move between pages', { kind: 'movingRows', by: 2 }],
  ] as const)(
    '%s: stores it once, numbers without a gap, and counts what is stored',
    async (_what, fault) => {
      const connection = await harness.link();
      await faultsAre([{ ...onListing, ...fault }]);
      const run = await harness.pull(connection, dataType);
      await faultsAre([]);
      const count = (await stored(connection)).length;
      expect(count).toBeGreaterThanOrEqual(20);
      expect([run.status, run.listing, run.inserted]).toEqual(['Complete', 'initial', count]);
      expect(run.unchanged).toBeGreaterThan(0);
      const { rows } = await harness.store.pool.query<{ last: string; records: string; lastSeq: string }>(
        `SELECT max(seq) AS last, record_count AS records, last_seq AS "lastSeq" FROM customers
       JOIN datasets USING (company_id, connection_id) WHERE connection_id = $1 AND data_type = $2 GROUP BY 2, 3`,
        [connection.id, dataType],
      );
      expect(rows).toEqual([{ last: String(count), records: String(count), lastSeq: String(count) }]);
    },
  );
});

describe('an answer that fails', () => {
  it.each([
    ['500', { kind: 'status', status: 500 }],
    ['503 for long', { kind: 'status', status: 503, retryAfter: 120 }],
    ['HTML', { kind: 'html' }],
    ['a cut connection', { kind: 'cut' }],
    ['a lost answer', { kind: 'answerLost' }],
    ['JSON that ends early', { kind: 'truncatedJson' }],
    ['401, whatever the token', { kind: 'status', status: 401 }],
  ] as const)(
    '%s: the run waits with a message and no lease, and goes on by itself',
    async (_what, fault) => {
      const { under, during, before, quiet, after, linked } = await survive({ ...fault, skip: 1 });
      for (const run of under) {
        expect([run.status, run.completedAt, run.leaseUntil]).toEqual(['Queued', null, null]);
        expect(run.statusDescription).toMatch(/trying again at/);
      }
      expect(during).toEqual(before);
      expect([quiet.id, quiet.status, after, linked.status]).toEqual([
        under[0]?.id,
        'Complete',
        before,
        'Linked',
      ]);
    },
  );

  it.each([
    ['without Retry-After', {}],
    ['for a minute', { retryAfterSeconds: 60 }],
    ['until a date', { retryAfterSeconds: 60, asDate: true }],
  ] as const)('429 %s: no failure is counted', async (_what, parameters) => {
    const { under, quiet, before, after } = await survive({ kind: 'rateLimited', ...parameters });
    expect(under.map(({ status, attempts }) => [status, attempts])).toEqual(Array(2).fill(['Queued', 0]));
    expect(under[0]?.statusDescription).toMatch(/^Paused until /);
    expect([quiet.status, after]).toEqual(['Complete', before]);
  });

  it.each([
    ['300 MB', { kind: 'hugeBody' }],
    ['a gzip bomb', { kind: 'gzipBomb' }],
  ] as const)('%s: the run ends with an error that says so, the records stay', async (_what, fault) => {
    const { under, quiet, before, during, after, linked } = await survive(fault);
    expect(under[0]?.status).toBe('FetchError');
    expect(under[0]?.errorMessage).toMatch(/larger than \d+ bytes/);
    expect([during, quiet.status, after, linked.status]).toEqual([before, 'Complete', before, 'Linked']);
  });

  it('a slow drip is read, as long as it ends within the time limit', async () => {
    const { under, before, after } = await survive({ kind: 'drip', chunkBytes: 2000, pauseMs: 5 });
    expect([under[0]?.status, after]).toEqual(['Complete', before]);
  });

  it('an access token that expires in the middle of a listing is renewed, and nothing is read twice', async () => {
    const { under, before, after } = await survive({ kind: 'tokenExpired', skip: 1, times: 1 });
    expect(under.map(({ status }) => status)).toEqual(['Complete', 'Complete']);
    expect([under[0]?.recordsRead, after]).toEqual([before.length, before]);
  });

  it('a long Retry-After of a 503 is honoured', async () => {
    const { under } = await survive({ kind: 'status', status: 503, retryAfter: 120 });
    expect((under[0]?.notBefore?.getTime() ?? 0) - Date.now()).toBeGreaterThan(60_000);
  });

  it('access that is revoked in the middle ends the link, and keeps the records', async () => {
    const connection = await harness.link('1003');
    await harness.pull(connection, dataType);
    const before = await stored(connection);
    await faultsAre([{ ...onListing, kind: 'accessRevoked', skip: 1, times: 1 }]);
    const run = await harness.pull(connection, dataType);
    const { status } = await harness.store.prisma.connection.findUniqueOrThrow({
      where: { id: connection.id },
    });
    expect([run.status, status, await stored(connection)]).toEqual(['AuthError', 'Deauthorized', before]);
  });

  it('what it says goes into the request log without the persons in it', async () => {
    const body = JSON.stringify({ error: 'invalid_request', message: 'Contact Ann Lee <ann@example.com>' });
    const { under } = await survive({ kind: 'status', status: 400, body });
    const log = await harness.store.prisma.upstreamRequest.findMany({ where: { runId: under[0]?.id ?? '' } });
    const excerpt = '{"error":"invalid_request","message":"Contact …"}';
    expect(log.map((call) => [call.status, call.excerpt])).toEqual([[400, excerpt]]);
    expect(log[0]?.path).toMatch(/contacts\?type=CUSTOMER&includeRemoved=true&offset=0&limit=\d+$/);
  });
});

describe('odd content', () => {
  const onInvoices = { match: 'GET .*/records/invoices' };

  it('99999999999999.99 is stored to the last digit, in the document and in its column', async () => {
    const connection = await harness.link();
    await faultsAre([{ ...onInvoices, kind: 'hugeAmount' }]);
    expect((await harness.pull(connection, 'invoices')).quarantined).toBe(0);
    const { rows } = await harness.store.pool.query(
      `SELECT total_amount::text AS amount FROM invoices
       WHERE connection_id = $1 AND document::text LIKE '%"totalAmount":99999999999999.99%'`,
      [connection.id],
    );
    expect(rows).toEqual([{ amount: '99999999999999.99' }]);
  });

  it('NUL in a text is taken out, with a warning, and stops nothing', async () => {
    const connection = await harness.link();
    await faultsAre([{ ...onInvoices, kind: 'unstorableText', times: null }]);
    const run = await harness.pull(connection, 'invoices');
    expect([run.status, run.quarantined, run.warnings > 0]).toEqual(['Complete', 0, true]);
    expect((await stored(connection, 'invoices')).filter(({ document }) => /\\u0000/.test(document))).toEqual(
      [],
    );
  });

  it.each([-2, 2])('a platform whose clock is off by %i hours: no change is missed', async (hours) => {
    const connection = await harness.link();
    await faultsAre([{ match: '^GET /api/', kind: 'clockSkew', skewMs: hours * 3_600_000, times: null }]);
    await harness.pull(connection, 'invoices');
    await harness.control('live', { edits: 40 });
    const run = await harness.pull(connection, 'invoices');
    expect([run.listing, run.inserted + run.changed > 0]).toEqual(['incremental', true]);
    await faultsAre([]);
    const fresh = await harness.link();
    await harness.pull(fresh, 'invoices');
    expect(await stored(connection, 'invoices')).toEqual(await stored(fresh, 'invoices'));
  });
});
