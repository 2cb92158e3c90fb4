/**
 * Invoices and credit notes. KashFlow neither pages them nor tells what changed: a full read goes through the months; between full
 * reads come the months in which invoices are still edited, all that are open, and those that a payment of late was for.
 */
import type { JsonValue, PlatformSession, PullRequest } from '@tributary/connector-kit';
import { type Pages, pagesOf } from './pages.ts';
import { readPaymentsSince } from './pull-payments.ts';
import { isCredit, memberText, recordsOf } from './raw-records.ts';
import { type Answer, call } from './soap.ts';
import { allPeriods, type Period, recentPeriods } from './windows.ts';
import type { XmlElement } from './xml.ts';

/** Payments are entered some days after they were made. */
const PAYMENTS_OVERLAP_MS = 14 * 86_400_000;
/** After the months: what is open, then what was paid of late. */
type Stage = 'open' | 'paid' | 'end';

export async function* pullInvoices(session: PlatformSession, request: PullRequest, nowMs: number): Pages {
  const { dataType, fromDate, modifiedSinceMs } = request;
  const isRecent = modifiedSinceMs !== undefined;
  const wanted = (elements: readonly XmlElement[]) =>
    elements.filter((element) => isCredit(element) === (dataType === 'creditNotes'));
  const pages = ({ result, platformTimeMs }: Answer, last: JsonValue, again: JsonValue) =>
    pagesOf(
      { records: recordsOf(wanted(result?.elements ?? []), 'InvoiceDBID'), platformTimeMs },
      { checkpoint: again, last },
    );
  const seen = new Set<string>();
  const note = ({ result }: Answer) => {
    for (const element of result?.elements ?? []) seen.add(memberText(element, 'InvoiceNumber'));
  };

  const reached = placeOf(request.checkpoint);
  if (reached.stage === undefined) {
    const periods = isRecent ? recentPeriods(nowMs, fromDate) : allPeriods(nowMs, fromDate);
    const left = reached.next === undefined ? periods : after(periods, reached.next);
    for (const [index, period] of left.entries()) {
      const answer = await readPeriod(session, period);
      note(answer);
      const next = left[index + 1]?.first;
      const last = next === undefined ? { stage: isRecent ? 'open' : 'end' } : { next };
      const isEmpty = wanted(answer.result?.elements ?? []).length === 0;
      // Most months ahead are empty; the first page is not left out, for it carries the platform's time.
      if (!isEmpty || index === 0 || next === undefined) yield* pages(answer, last, { next: period.first });
    }
  }
  if (!isRecent || reached.stage === 'end') return;
  if (reached.stage !== 'paid') {
    const open = await call(session, 'GetInvoices_Unpaid', [], 'nothing');
    note(open);
    yield* pages(open, { stage: 'paid' }, { stage: 'open' });
  }
  const numbers = await readPaymentsSince(session, modifiedSinceMs - PAYMENTS_OVERLAP_MS, nowMs);
  for (const number of numbers) {
    if (seen.has(number)) continue;
    const { result, platformTimeMs } = await call(
      session,
      'GetInvoice',
      [['InvoiceNumber', number]],
      'nothing',
    );
    if (result === undefined || wanted([result]).length === 0) continue;
    yield* pages(
      { result: { ...result, elements: [result] }, platformTimeMs },
      { stage: 'paid' },
      { stage: 'paid' },
    );
  }
}

export function readPeriod(session: PlatformSession, { first, last }: Period): Promise<Answer> {
  return call(
    session,
    'GetInvoicesByDateRange',
    [
      ['StartDate', `${first}T00:00:00`],
      ['EndDate', `${last}T23:59:59`],
    ],
    'nothing',
  );
}

/** Periods from a date on, the one that it lies in cut: months may have moved on since the date was noted. */
function after(periods: readonly Period[], next: string): Period[] {
  return periods.flatMap(({ first, last }) =>
    last < next ? [] : [{ first: first < next ? next : first, last }],
  );
}

function placeOf(checkpoint: JsonValue | undefined): { next?: string; stage?: Stage } {
  if (typeof checkpoint !== 'object' || checkpoint === null || Array.isArray(checkpoint)) return {};
  const { next, stage } = checkpoint as { next?: unknown; stage?: unknown };
  if (stage === 'open' || stage === 'paid' || stage === 'end') return { stage };
  return typeof next === 'string' ? { next } : {};
}
