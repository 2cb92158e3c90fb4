/** The general ledger, for connectors whose journal entries come as lines by account. */
import { centsToExactNumber, type DataTypeKey, validateRecord } from '@tributary/model';
import { describe, expect, test } from 'vitest';
import type { DataTypeManifest, LedgerAccount, LedgerLine, LedgerPage, LedgerReader } from '../connector.ts';
import type { ConformanceOptions } from './platform.ts';
import { mapAll, platformErrorOf, type Stage, type Visit } from './stage.ts';

const DAY_MS = 86_400_000;

interface PostedLine {
  readonly account: LedgerAccount;
  readonly line: LedgerLine;
}

export function describeLedger(
  stageOf: () => Stage,
  options: ConformanceOptions,
  dataTypes: ReadonlyMap<DataTypeKey, DataTypeManifest>,
): void {
  if (![...dataTypes.values()].some(({ derivation }) => derivation === 'ledger')) return;
  const visit = async (): Promise<Visit & { ledger: LedgerReader }> => {
    const { ledger } = stageOf().connector;
    if (ledger === undefined) throw new Error('The manifest declares a ledger, and the connector has none');
    return { ledger, ...(await stageOf().visit()) };
  };
  const readLines = async (
    { ledger, session }: Pick<Awaited<ReturnType<typeof visit>>, 'ledger' | 'session'>,
    accountId: string,
    how: { fromDate?: string; checkpoint?: LedgerPage['checkpoint'] } = {},
  ): Promise<LedgerPage[]> => {
    const { fromDate, checkpoint } = how;
    return Array.fromAsync(ledger.lines(session, { accountId, fromDate, checkpoint }));
  };
  const readBooks = async (): Promise<{ accounts: readonly LedgerAccount[]; posted: PostedLine[] }> => {
    const visited = await visit();
    const { accounts } = await visited.ledger.accounts(visited.session);
    const posted: PostedLine[] = [];
    for (const account of accounts) {
      for (const { lines } of await readLines(visited, account.id))
        posted.push(...lines.map((line) => ({ account, line })));
    }
    return { accounts, posted };
  };
  let known: ReturnType<typeof readBooks> | undefined;
  const healthy = () => {
    known ??= readBooks();
    return known;
  };
  /** The account with most lines: more than fit two pages. */
  const longest = async (): Promise<{ accountId: string; lines: LedgerLine[] }> => {
    const byAccount = Map.groupBy((await healthy()).posted, ({ account }) => account.id);
    const [first] = [...byAccount].toSorted(([, one], [, other]) => other.length - one.length);
    return { accountId: first?.[0] ?? '', lines: (first?.[1] ?? []).map(({ line }) => line) };
  };
  const idsOf = (pages: readonly LedgerPage[]): string[] =>
    [...new Set(pages.flatMap(({ lines }) => lines.map(({ id }) => id)))].toSorted();
  const fault = (
    kind: string,
    parameters: Readonly<Record<string, unknown>>,
    times: number | null = 1,
    skip = 0,
  ) => stageOf().platform.setFaults([{ on: { ledgerLines: true }, kind, parameters, times, skip }]);

  describe('the ledger', () => {
    test('has every account of the books, and every line, once', async () => {
      const { platform } = stageOf();
      const { session } = await visit();
      const { accounts, posted } = await healthy();
      const expected = await platform.ledgerLineIdsOf?.(session.businessId ?? '');
      expect(accounts.map(({ id }) => id).toSorted()).toEqual(
        [...(await platform.idsOf('chartOfAccounts', session.businessId ?? ''))].toSorted(),
      );
      expect(posted.map(({ line }) => line.id).toSorted()).toEqual(expected?.toSorted());
      expect(posted.length).toBeGreaterThan(100);
    });

    test('balances: the lines of each record add up to nothing', async () => {
      const sums = new Map<string, bigint>();
      for (const { line } of (await healthy()).posted)
        sums.set(line.recordId, (sums.get(line.recordId) ?? 0n) + line.cents);
      expect([...sums].filter(([, cents]) => cents !== 0n)).toEqual([]);
    });

    test('comes to the balance that the platform tells of each account, openings included', async () => {
      const { connector, healthy: pagesOf } = stageOf();
      const { ledger, session } = await visit();
      const { accounts, posted } = await healthy();
      const sums = new Map(accounts.map(({ id }): [string, bigint] => [id, 0n]));
      const { openings, warnings } = await ledger.openings(session, accounts);
      for (const { accountId, cents } of [
        ...openings,
        ...posted.map(({ account, line }) => ({ accountId: account.id, cents: line.cents })),
      ])
        sums.set(accountId, (sums.get(accountId) ?? 0n) + cents);
      const computed = accounts.map(({ id, normalSide }) => {
        const cents = sums.get(id) ?? 0n;
        return [id, JSON.stringify(centsToExactNumber(normalSide === 'credit' ? -cents : cents))];
      });
      const lookup = await connector.loadLookup(session, 'chartOfAccounts');
      const told = mapAll(connector, 'chartOfAccounts', await pagesOf('chartOfAccounts'), lookup).flatMap(
        (outcome) =>
          outcome.kind === 'mapped' && 'currentBalance' in outcome.record
            ? [[outcome.id, JSON.stringify(outcome.record.currentBalance)]]
            : [],
      );
      expect(computed.toSorted()).toEqual(told.toSorted());
      expect(warnings).toEqual([]);
    });

    test('is the same when it is read again, and when it is resumed after any page', async () => {
      const { accountId, lines } = await longest();
      const visited = await visit();
      const pages = await readLines(visited, accountId);
      expect(pages.filter((page) => page.lines.length > 0).length).toBeGreaterThan(2);
      expect(pages.flatMap((page) => page.lines)).toEqual(lines);
      for (const [index, page] of pages.entries()) {
        const checkpoint = JSON.parse(JSON.stringify(page.checkpoint));
        const rest = await readLines(visited, accountId, { checkpoint });
        expect(idsOf([...pages.slice(0, index + 1), ...rest])).toEqual(idsOf(pages));
      }
    });

    test('from a date on leaves out what is older, and nothing else', async () => {
      const { accountId, lines } = await longest();
      const fromDate = lines.map(({ date }) => date).toSorted()[Math.floor(lines.length / 2)] ?? '';
      const wanted = lines.filter(({ date }) => date >= fromDate).map(({ id }) => id);
      expect(wanted.length).toBeLessThan(lines.length);
      expect(idsOf(await readLines(await visit(), accountId, { fromDate }))).toEqual(wanted.toSorted());
    });

    test('has no lines of an account that the platform denies', async () => {
      expect(idsOf(await readLines(await visit(), options.unknownId))).toEqual([]);
    });

    test('tells what changed: everything since the beginning, nothing since tomorrow, the later since an instant', async () => {
      const { ledger, session } = await visit();
      const changed = async (sinceMs: number) =>
        new Map((await ledger.changes(session, sinceMs))?.records.map((change) => [change.recordId, change]));
      const all = await changed(1);
      for (const { line } of (await healthy()).posted) {
        expect(all.get(line.recordId)).toMatchObject({ isRemoved: false });
        expect(line.date >= (all.get(line.recordId)?.date ?? '')).toBe(true);
      }
      const { connector, healthy: pagesOf } = stageOf();
      const dataType = options.pagedDataType;
      const lookup = await connector.loadLookup(session, dataType);
      const removed = mapAll(connector, dataType, await pagesOf(dataType), lookup).filter(
        (outcome) => outcome.kind === 'mapped' && outcome.isDeleted,
      );
      expect(removed.length).toBeGreaterThan(0);
      for (const { id } of removed) expect(all.get(id)).toMatchObject({ isRemoved: true });

      const instants = [...all.values()].map(({ modifiedMs = 0 }) => modifiedMs).toSorted((a, b) => a - b);
      const since = instants[Math.floor(instants.length / 2)] ?? 0;
      expect(since).toBeGreaterThan(instants[0] ?? 0);
      expect([...(await changed(since)).keys()].toSorted()).toEqual(
        [...all].flatMap(([id, { modifiedMs = 0 }]) => (modifiedMs >= since ? [id] : [])).toSorted(),
      );
      expect([...(await changed(Date.now() + DAY_MS))]).toEqual([]);
    });

    test('goes on from the last page after a limit that outlasts it', async () => {
      const { accountId, lines } = await longest();
      const visited = await visit();
      await fault('rateLimited', { retryAfterSeconds: 600 }, 1, 1);
      const pages: LedgerPage[] = [];
      const reading = async (): Promise<void> => {
        const request = { accountId, fromDate: undefined, checkpoint: undefined };
        for await (const page of visited.ledger.lines(visited.session, request)) pages.push(page);
      };
      expect((await platformErrorOf(stageOf(), reading())).code).toBe('rateLimited');
      const rest = await readLines(visited, accountId, { checkpoint: pages.at(-1)?.checkpoint ?? null });
      expect(idsOf([...pages, ...rest])).toEqual(lines.map(({ id }) => id).toSorted());
    });

    test.each(['wrongTypes', 'notAnObject'])(
      'a malformed line (%s) is told, and no other is lost',
      async (damage) => {
        const { accountId, lines } = await longest();
        const visited = await visit();
        await fault('malformedRecord', { damage, index: 1 });
        const pages = await readLines(visited, accountId);
        const [, damaged] = lines;
        expect(idsOf(pages)).toEqual(lines.flatMap(({ id }) => (id === damaged?.id ? [] : [id])).toSorted());
        expect(pages.flatMap(({ warnings }) => warnings)).toHaveLength(1);
      },
    );

    test.each(['endlessListing', 'duplicateRecords'])(
      '%s brings every line, and comes to an end',
      async (kind) => {
        const { accountId, lines } = await longest();
        const visited = await visit();
        await fault(kind, {}, null);
        expect(idsOf(await readLines(visited, accountId))).toEqual(lines.map(({ id }) => id).toSorted());
        expect(visited.exchanges.length).toBeLessThan(2 * lines.length);
      },
    );

    test('maps to journals, entries that add up to nothing, and account transactions', async () => {
      const { connector } = stageOf();
      const { session } = await visit();
      const { posted } = await healthy();
      const raws: Partial<Record<DataTypeKey, [id: string, raw: string][]>> = {
        journals: [...new Set(posted.map(({ line }) => line.recordType))].map((id) => [
          id,
          JSON.stringify({ id }),
        ]),
        journalEntries: [...Map.groupBy(posted, ({ line }) => line.recordId)].map(([id, lines]) => [
          id,
          `{"id":${JSON.stringify(id)},"lines":[${lines.map(lineText).join(',')}]}`,
        ]),
        accountTransactions: posted
          .filter(({ account }) => account.isBank)
          .map((one) => [one.line.id, `{"id":${JSON.stringify(one.line.id)},${lineText(one).slice(1)}`]),
      };
      for (const [dataType, records] of Object.entries(raws) as [DataTypeKey, [string, string][]][]) {
        if (!dataTypes.has(dataType)) continue;
        const lookup = await connector.loadLookup(session, dataType);
        expect(records.length).toBeGreaterThan(0);
        for (const [id, raw] of records) {
          const outcome = connector.map(dataType, { id, raw }, lookup);
          expect(outcome).toMatchObject({ kind: 'mapped', id });
          if (outcome.kind === 'mapped')
            expect(validateRecord(dataType, outcome.record)).toMatchObject({ ok: true });
        }
      }
    });
  });
}

const lineText = ({ account, line }: PostedLine): string =>
  `{"account":${JSON.stringify(account.id)},"line":${line.raw}}`;
