/** Receipts, which are purchases: bills, and credit from suppliers. */
import type { JsonValue, PlatformSession, PullRequest } from '@tributary/connector-kit';
import { type ElementPage, listByPage } from './list-by-page.ts';
import type { Pages } from './pages.ts';
import { isCredit, recordsOf } from './raw-records.ts';
import { call } from './soap.ts';

/** The most that the platform gives. */
const PER_PAGE = 100;

export async function* pullReceipts(session: PlatformSession, request: PullRequest): Pages {
  const wantsCredit = request.dataType === 'billCreditNotes';
  for await (const { elements, ...page } of listReceipts(session, request.checkpoint)) {
    const wanted = elements.filter((element) => isCredit(element) === wantsCredit);
    yield { ...page, records: recordsOf(wanted, 'InvoiceDBID') };
  }
}

/** All receipts. The plain `GetReceipts` gives the last hundred and says nothing of the others: it is never called. */
export function listReceipts(
  session: PlatformSession,
  checkpoint: JsonValue | undefined,
): AsyncGenerator<ElementPage, void, void> {
  return listByPage({
    what: 'receipts',
    idMember: 'InvoiceDBID',
    checkpoint,
    read: (page) =>
      call(
        session,
        'GetReceiptsWithPaging',
        [
          ['Page', page],
          ['PerPage', PER_PAGE],
          ['FilterBy', 'All'],
        ],
        'nothing',
      ),
  });
}
