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
  // As they are read below: what is in memory at a time is part of where memory settles.
  for (let turn = 0; turn < context.size(40, 2); turn += 1) await Promise.all([read(), read()]);
  const before = stage.api.residentMb();
  const pages = [];
  let most = before;
  for (let turn = 0; turn < context.size(100, 4); turn += 1) {
    pages.push(...(await Promise.all([read(), read()])));
    most = Math.max(most, stage.api.residentMb());
  }
  const megabytes = pages.reduce((sum, { bytes }) => sum + bytes, 0) / 1024 ** 2;
  const unread = await isUnreadAtFirstByte(stage, path);
  return [
    {
      what: `\`pageSize=5000\`: memory of the API over ${pages.length} pages (${Math.round(megabytes)} MB), two at a time`,
      floor: { what: 'before', value: before, unit: 'MB' },
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
