/** Pages of 5,000: what they hold in memory, and when their first byte leaves. */
import { request } from 'node:http';
import { type Figure, median } from '../framework/benchmark.ts';
import type { BenchContext } from '../kit/context.ts';
import type { Books } from './fill.ts';
import { invoicesOf } from './pages.ts';
import type { Stage } from './stage.ts';

const mostGrowthMb = 60;

export async function streamedPages(context: BenchContext, stage: Stage, books: Books): Promise<Figure[]> {
  const path = `${invoicesOf(books)}?pageSize=5000`;
  const read = () => readPage(`${stage.api.origin}${path}`, stage.headers);
  const pages: Awaited<ReturnType<typeof read>>[] = [];
  /** The most memory at any moment while so many pairs of pages are read. */
  const mostWhile = async (pairs: number): Promise<number> => {
    let most = 0;
    for (let turn = 0; turn < pairs; turn += 1) {
      pages.push(...(await Promise.all([read(), read()])));
      most = Math.max(most, stage.api.residentMb());
    }
    return most;
  };
  // Where memory settles is up to the garbage collector; what is asked is whether it stays there.
  const before = await mostWhile(context.size(50, 2));
  const most = await mostWhile(context.size(100, 4));
  const megabytes = pages.reduce((sum, { bytes }) => sum + bytes, 0) / 1024 ** 2;
  let unread = false;
  // The whole page fits into the buffers between two processes of a machine: the question may come too late.
  for (let turn = 0; turn < 5 && !unread; turn += 1) unread = await isUnreadAtFirstByte(stage, path);
  return [
    {
      what: `\`pageSize=5000\`: memory of the API over ${pages.length} pages (${Math.round(megabytes)} MB), two at a time`,
      floor: { what: 'over the first third of them', value: before, unit: 'MB' },
      measured: { value: most, unit: 'MB' },
      ratio: most / before,
      target: `flat: at most ${mostGrowthMb} MB more`,
      met: most - before <= mostGrowthMb,
    },
    {
      what: '`pageSize=5000`: the first byte leaves before the last row is read',
      floor: { what: 'the whole page', value: median(pages.map(({ wholeMs }) => wholeMs)), unit: 'ms' },
      measured: { value: median(pages.map(({ firstMs }) => firstMs)), unit: 'ms' },
      ratio: median(pages.map(({ firstMs, wholeMs }) => firstMs / wholeMs)),
      target: 'the database’s cursor is still open then',
      met: unread,
    },
  ];
}

function readPage(url: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ firstMs: number; wholeMs: number; bytes: number }>((resolve, reject) => {
    const started = performance.now();
    request(url, { headers }, (answer) => {
      let firstMs: number | undefined;
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        firstMs ??= performance.now() - started;
        bytes += chunk.length;
      });
      answer.on('end', () => resolve({ firstMs: firstMs ?? 0, wholeMs: performance.now() - started, bytes }));
      answer.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

/** Takes the first bytes, reads no further, and looks whether the database still has rows to give: its session is inside the snapshot. */
function isUnreadAtFirstByte(stage: Stage, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const asked = request(`${stage.api.origin}${path}`, { headers: stage.headers }, (answer) => {
      answer.once('readable', () => {
        answer.read(1);
        answer.pause();
        stage.house.store.pool
          .query(
            `SELECT FROM pg_stat_activity WHERE application_name = 'tributary-api' AND xact_start IS NOT NULL AND query LIKE 'FETCH%'`,
          )
          .then(({ rowCount }) => resolve((rowCount ?? 0) > 0), reject)
          .finally(() => answer.destroy());
      });
    });
    asked.on('error', reject).end();
  });
}
