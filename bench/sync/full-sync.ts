import { randomUUID } from 'node:crypto';
import { type Benchmark, interleave, median } from '../framework/benchmark.ts';
import type { BenchContext } from '../kit/context.ts';
import { type Listing, type MappedBook, mapInvoices, readAndDiscard, writeRows } from '../kit/floor.ts';
import type { House } from '../kit/house.ts';
import { businesses, type Platform } from '../kit/platform.ts';

/** A full sync of one business's invoices by one worker, beside the floor of the same run. */
export const fullSync: Benchmark = {
  name: 'full-sync',
  async measure(context) {
    const invoices = context.size(100_000, 2_000);
    const platform = await context.platform({ invoices });
    const floor = await prepareFloor(context, platform);
    const reading: number[] = [];
    const writing: number[] = [];
    const rounds = await interleave(context.size(3, 1), {
      floor: async () => {
        reading.push(await readAndDiscard(await floor.listing()));
        writing.push(await floor.write());
        return (reading.at(-1) ?? 0) + (writing.at(-1) ?? 0);
      },
      sync: () =>
        context.round(async () => {
          const house = await context.house(platform);
          const worker = await house.startWorker();
          const connection = await house.link(businesses[0].user);
          const { seconds, run } = await house.pull(connection, 'invoices');
          await worker.stop();
          if (run.inserted !== floor.book.records)
            throw new Error(`${run.inserted} of ${floor.book.records} were stored`);
          context.say(
            `   sync ${seconds.toFixed(2)} s, floor ${reading.at(-1)?.toFixed(2)} + ${writing.at(-1)?.toFixed(2)} s`,
          );
          return seconds;
        }),
    });
    const rate = (seconds: readonly number[]) => floor.book.records / median(seconds);
    const ratio = rate(rounds.sync) / rate(rounds.floor);
    return [
      {
        what: `full sync of ${floor.book.records.toLocaleString('en-GB')} invoices, one worker`,
        floor: {
          what: 'reading the pages, then writing the rows',
          value: rate(rounds.floor),
          unit: 'records/s',
        },
        measured: { value: rate(rounds.sync), unit: 'records/s' },
        ratio,
        target: 'at least 0.5 of the floor',
        met: ratio >= 0.5,
        details: { syncSeconds: rounds.sync, readingSeconds: reading, writingSeconds: writing },
      },
    ];
  },
};

interface Floor {
  readonly book: MappedBook;
  /** With a token that is valid now. */
  listing(): Promise<Listing>;
  /** Into a fresh database. @returns seconds */
  write(): Promise<number>;
}

async function prepareFloor(context: BenchContext, platform: Platform): Promise<Floor> {
  const house = await context.house(platform);
  const connection = await house.link(businesses[0].user);
  const session = await house.sessionOf(connection);
  const book = await mapInvoices(house, session, await house.connector.loadLookup(session, 'invoices'));
  const path = `${platform.origin}/api/businesses/${businesses[0].id}/records/invoices`;
  const urls: string[] = [];
  let offset = 0;
  for (const { count } of book.pages) {
    urls.push(`${path}?includeRemoved=true&sortColumn=date&sortOrder=asc&offset=${offset}&limit=1000`);
    offset += count;
  }
  return {
    book,
    listing: async () => ({ urls, accessToken: await platform.signIn(businesses[0].user) }),
    write: () =>
      context.round(async () => {
        const fresh = await context.house(platform);
        const target = await fresh.link(businesses[0].user);
        return writeRows(fresh.databaseUrl, await runOf(fresh, target), book);
      }),
  };
}

/** A run and a dataset to write for, that no worker knows of. */
async function runOf(house: House, connection: { id: string; clientId: string; companyId: string }) {
  const scope = {
    clientId: connection.clientId,
    companyId: connection.companyId,
    connectionId: connection.id,
  };
  const runId = randomUUID();
  await house.store.pool.query(
    `INSERT INTO pull_operations (id, client_id, company_id, connection_id, data_type, "trigger", priority, lease_until)
     VALUES ($1, $2, $3, $4, 'invoices', 'request', 0, now() + interval '1 hour')`,
    [runId, scope.clientId, scope.companyId, scope.connectionId],
  );
  await house.store.pool.query(
    `INSERT INTO datasets (company_id, connection_id, client_id, data_type) VALUES ($1, $2, $3, 'invoices')`,
    [scope.companyId, scope.connectionId, scope.clientId],
  );
  return { companyId: scope.companyId, connectionId: scope.connectionId, runId };
}
