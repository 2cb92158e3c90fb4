/** Balance sheets and profit and loss, as KashFlow draws them up, month by month. */
import type { JsonValue, PlatformSession, PullRequest, WireRecord } from '@tributary/connector-kit';
import { lastDayOfMonth } from '@tributary/model';
import type { Pages } from './pages.ts';
import { jsonOf, wireRecord } from './raw-records.ts';
import { type Answer, call } from './soap.ts';
import { firstDay, statementMonths } from './windows.ts';

/** What is lost, and asked for again, when a rate limit ends a page. */
const MONTHS_PER_PAGE = 6;

export async function* pullStatements(session: PlatformSession, request: PullRequest, nowMs: number): Pages {
  const done = lastMonth(request.checkpoint);
  const left = statementMonths(nowMs, request.modifiedSinceMs !== undefined).filter((month) => month > done);
  for (let start = 0; start < left.length; start += MONTHS_PER_PAGE) {
    const months = left.slice(start, start + MONTHS_PER_PAGE);
    const records: WireRecord[] = [];
    let platformTimeMs: number | undefined;
    for (const month of months) {
      const answer = await readMonth(session, request.dataType, month);
      platformTimeMs ??= answer.platformTimeMs;
      if (answer.result !== undefined)
        records.push(wireRecord(month, { month, report: jsonOf(answer.result) }));
    }
    yield { records, checkpoint: { after: months.at(-1) ?? done }, platformTimeMs, warnings: [] };
  }
}

function readMonth(
  session: PlatformSession,
  dataType: PullRequest['dataType'],
  month: string,
): Promise<Answer> {
  const end = `${lastDayOfMonth(month)}T00:00:00`;
  if (dataType === 'balanceSheet') return call(session, 'GetBalanceSheet', [['Date', end]]);
  return call(session, 'GetProfitAndLoss', [
    ['StartDate', `${firstDay(month)}T00:00:00`],
    ['EndDate', end],
  ]);
}

function lastMonth(checkpoint: JsonValue | undefined): string {
  if (typeof checkpoint !== 'object' || checkpoint === null || !('after' in checkpoint)) return '';
  return typeof checkpoint.after === 'string' ? checkpoint.after : '';
}
