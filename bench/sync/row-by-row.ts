import { normalisePage } from '@tributary/sync';
import { type Benchmark, interleave, median } from '../framework/benchmark.ts';
import { everyInvoice } from '../kit/floor.ts';
import { businesses } from '../kit/platform.ts';

/** What one would write without Tributary: the same pages, mapped the same way, and an upsert by Prisma for each record. */
export const rowByRow: Benchmark = {
  name: 'row-by-row',
  async measure(context) {
    const invoices = context.size(10_000, 1_500);
    const platform = await context.platform({ invoices });
    const rates = await interleave(context.size(3, 1), {
      prisma: () =>
        context.round(async () => {
          const house = await context.house(platform);
          const { companyId, id: connectionId, ...rest } = await house.link(businesses[0].user);
          const session = await house.sessionOf({ companyId, id: connectionId, ...rest });
          const startedMs = performance.now();
          const lookup = await house.connector.loadLookup(session, 'invoices');
          let seq = 0;
          for await (const page of house.connector.pull(session, everyInvoice)) {
            for (const { id, document, contentHash, isDeleted, sourceModifiedAt } of (
              await normalisePage(house.connector, 'invoices', page, lookup)
            ).records) {
              seq += 1;
              const values = {
                document: JSON.parse(document.toString()) as object,
                contentHash,
                isDeleted,
                modifiedAt: new Date(),
                sourceModifiedAt: sourceModifiedAt ?? null,
              };
              await house.store.prisma.invoicesRecord.upsert({
                where: { companyId_connectionId_id: { companyId, connectionId, id } },
                create: { companyId, connectionId, id, seq, ...values },
                update: values,
              });
            }
          }
          return seq / ((performance.now() - startedMs) / 1000);
        }),
      tributary: () =>
        context.round(async () => {
          const house = await context.house(platform);
          const connection = await house.link(businesses[0].user);
          const worker = await house.startWorker();
          const { run, seconds } = await house.pull(connection, 'invoices');
          await worker.stop();
          return run.inserted / seconds;
        }),
    });
    const ratio = median(rates.tributary) / median(rates.prisma);
    return [
      {
        what: `full sync of ${invoices.toLocaleString('en-GB')} invoices, with raw records, checkpoints and all`,
        floor: {
          what: 'the same records, one Prisma upsert each',
          value: median(rates.prisma),
          unit: 'records/s',
        },
        measured: { value: median(rates.tributary), unit: 'records/s' },
        ratio,
        target: 'stated',
        met: undefined,
        details: { recordsPerSecond: rates },
      },
    ];
  },
};
