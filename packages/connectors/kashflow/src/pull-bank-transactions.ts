/** What moved on bank accounts, account by account; a transaction's number counts within its account. */
import type { JsonValue, PlatformSession, PullRequest } from '@tributary/connector-kit';
import { type Pages, pagesOf } from './pages.ts';
import { distinct, jsonOf, memberText, ownId, wireRecord } from './raw-records.ts';
import { call } from './soap.ts';

export async function* pullBankTransactions(session: PlatformSession, request: PullRequest): Pages {
  const { result, platformTimeMs } = await call(session, 'GetBankAccounts', [], 'nothing');
  const accounts = (result?.elements ?? [])
    .map((element) => memberText(element, 'AccountID'))
    .filter((id) => /^[1-9][0-9]*$/.test(id))
    .toSorted((one, other) => Number(BigInt(one) - BigInt(other)));
  const done = lastAccount(request.checkpoint);
  if (accounts.length === 0 && done === undefined)
    yield { records: [], checkpoint: { after: '0' }, platformTimeMs, warnings: [] };
  for (const account of accounts) {
    if (done !== undefined && BigInt(account) <= done) continue;
    const answer = await call(session, 'GetBankTransactions', [['AccountID', account]], 'nothing');
    const records = (answer.result?.elements ?? []).map((element) => {
      const id = ownId(element, 'ID');
      const unique = id === undefined ? undefined : `${account}:${id}`;
      return wireRecord(unique, { account, transaction: jsonOf(element) });
    });
    const before = { after: String(BigInt(account) - 1n) };
    yield* pagesOf(
      { records: distinct(records), platformTimeMs: answer.platformTimeMs },
      { checkpoint: before, last: { after: account } },
    );
  }
}

function lastAccount(checkpoint: JsonValue | undefined): bigint | undefined {
  if (typeof checkpoint !== 'object' || checkpoint === null || !('after' in checkpoint)) return undefined;
  return typeof checkpoint.after === 'string' && /^[0-9]+$/.test(checkpoint.after)
    ? BigInt(checkpoint.after)
    : undefined;
}
