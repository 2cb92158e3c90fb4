/** Balance sheets and profit and loss, as KashFlow draws them up, month by month. */
import type { JsonValue, PlatformSession, PullRequest } from '@tributary/connector-kit';
import { lastDayOfMonth } from '@tributary/model';
import type { Pages } from './pages.ts';
import { jsonOf, wireRecord } from './raw-records.ts';
import { type Answer, call } from './soap.ts';
import { firstDay, statementMonths } from './windows.ts';

export async function* pullStatements(session: PlatformSession, request: PullRequest, nowMs: number): Pages {
  const done = lastMonth(request.checkpoint);
  for (const month of statementMonths(nowMs, request.modifiedSinceMs !== undefined)) {
    if (month <= done) continue;
    const { result, platformTimeMs } = await readMonth(session, request.dataType, month);
    const records = result === undefined ? [] : [wireRecord(month, { month, report: jsonOf(result) })];
    yield { records, checkpoint: { after: month }, platformTimeMs, warnings: [] };
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
