/** The general ledger of Kashoo: every account's journal entries, in home currency. */
import {
  type DataWarning,
  elementsOf,
  type LedgerAccount,
  type LedgerChange,
  type LedgerChanges,
  type LedgerLine,
  type LedgerOpening,
  type LedgerReader,
  listByOffset,
  type PlatformSession,
} from '@tributary/connector-kit';
import { cleanText, instant, localDate } from '@tributary/model';
import { homeCurrencyOf, readable } from './load-lookup.ts';
import { isMoneyType, normalSideOf, sectionOf } from './mapping/accounts.ts';
import { centsOf, recordTypeOf } from './mapping/journals.ts';
import { businessOf, PAGE_LIMIT } from './pull.ts';
import { byId } from './raw-records.ts';
import * as wire from './wire.ts';
import { centsOrNone, idOrNone, type Moment, textOrNone } from './wire-values.ts';

export const ledger: LedgerReader = {
  async accounts(session) {
    const pages = listByOffset({
      session,
      path: wire.paths.accounts(businessOf(session)),
      query: {},
      limit: PAGE_LIMIT,
      checkpoint: undefined,
      ...byId,
    });
    const accounts = new Map<string, LedgerAccount>();
    const warnings: DataWarning[] = [];
    let platformTimeMs: number | undefined;
    for await (const page of pages) {
      platformTimeMs ??= page.platformTimeMs;
      warnings.push(...page.warnings);
      for (const { raw } of page.records) {
        const account = ledgerAccount(raw, warnings);
        if (account !== undefined) accounts.set(account.id, account);
      }
    }
    const homeCurrency = await homeCurrencyOf(session);
    return { homeCurrency, accounts: [...accounts.values()], platformTimeMs, warnings };
  },

  async openings(session, accounts) {
    const openings: LedgerOpening[] = [];
    const warnings: DataWarning[] = [];
    // Classic posts them as records.
    if (session.info['site'] !== wire.TRULY_SMALL_SITE) return { openings, warnings };
    for (const account of accounts) openings.push(...(await openingsOf(session, account, warnings)));
    return { openings, warnings };
  },

  changes,

  async *lines(session, { accountId, fromDate, checkpoint }) {
    const pages = listByOffset({
      session,
      path: wire.paths.journalLines(accountId),
      query: { ...wire.parameters.journalLines, startDate: fromDate },
      limit: PAGE_LIMIT,
      checkpoint,
      ...byId,
      emptyStatuses: [404],
    });
    for await (const page of pages) {
      const warnings = [...page.warnings];
      const lines = page.records.flatMap(({ id, raw }) => ledgerLine(id, raw, warnings) ?? []);
      yield { lines, checkpoint: page.checkpoint, platformTimeMs: page.platformTimeMs, warnings };
    }
  },
};

function ledgerAccount(raw: string, warnings: DataWarning[]): LedgerAccount | undefined {
  const account = readable(wire.account, raw);
  const id = idOrNone(account?.id);
  if (account === undefined || id === undefined) {
    warnings.push({
      ruleId: 'account-unreadable',
      message: 'An account could not be read; its lines are missing',
    });
    return undefined;
  }
  const normalSide = normalSideOf(account);
  const section = sectionOf(account);
  if (section === undefined) {
    warnings.push({
      ruleId: 'unknown-account-type',
      itemId: id,
      message: `Account type ${JSON.stringify((account.type ?? '').slice(0, 40))} is not known; by its normal side the account counts as ${normalSide === 'credit' ? 'a liability' : 'an asset'}`,
    });
  }
  const name = textOrNone(account.name);
  return {
    id,
    name: name === undefined ? undefined : cleanText(name).text,
    section: section ?? (normalSide === 'credit' ? 'liability' : 'asset'),
    isBank: isMoneyType(account.type),
    normalSide,
  };
}

async function openingsOf(
  session: PlatformSession,
  account: LedgerAccount,
  warnings: DataWarning[],
): Promise<LedgerOpening[]> {
  const path = wire.paths.openingBalances(account.id);
  const response = await session.request({ method: 'GET', path, accept: [404] });
  if (response.status === 404) return [];
  const byDate = new Map<string, bigint>();
  for (const raw of elementsOf(response, path)) {
    const opening = readable(wire.openingBalance, raw);
    const date = calendarDate(opening?.date);
    const amount = centsOrNone(opening?.amount);
    if (date === undefined || amount === undefined) {
      warnings.push({
        ruleId: 'opening-balance-unreadable',
        itemId: account.id,
        message: 'An opening balance of the account has no readable date or amount and was left out',
      });
      continue;
    }
    byDate.set(date, (byDate.get(date) ?? 0n) + (account.normalSide === 'credit' ? -amount : amount));
  }
  return [...byDate].map(([date, cents]) => ({ accountId: account.id, date, cents }));
}

/** Every record that changed, whatever its type. [assumed: a listing without a type is of all types] */
async function changes(
  session: PlatformSession,
  modifiedSinceMs: number,
): Promise<LedgerChanges | undefined> {
  const pages = listByOffset({
    session,
    path: wire.paths.records(businessOf(session)),
    query: { ...wire.parameters.records, ...wire.recordFilters({ modifiedSinceMs, fromDate: undefined }) },
    limit: PAGE_LIMIT,
    checkpoint: undefined,
    ...byId,
    // A platform that wants a type after all says so in one of these ways: what changed is not known then.
    emptyStatuses: [400, 404],
  });
  const records = new Map<string, LedgerChange>();
  let platformTimeMs: number | undefined;
  for await (const page of pages) {
    if (page.status !== 200 || page.warnings.length > 0) return undefined;
    platformTimeMs ??= page.platformTimeMs;
    for (const { id, raw } of page.records) {
      const record = readable(wire.anyRecord, raw);
      const date = calendarDate(record?.date);
      if (record === undefined || date === undefined) return undefined;
      const modifiedMs = millisecondsOf(record.lastModified);
      records.set(id, { recordId: id, date, isRemoved: record.removed === true, modifiedMs });
    }
  }
  return { records: [...records.values()], platformTimeMs };
}

function ledgerLine(id: string, raw: string, warnings: DataWarning[]): LedgerLine | undefined {
  const line = readable(wire.journalLine, raw);
  const recordId = idOrNone(line?.record);
  const date = calendarDate(line?.date);
  if (line === undefined || recordId === undefined || date === undefined) {
    warnings.push({
      ruleId: 'journal-line-unreadable',
      itemId: id,
      message: 'A line of the ledger lacks its record or its date, or has a member of the wrong kind',
    });
    return undefined;
  }
  const recordType = cleanText(recordTypeOf(line)).text;
  return {
    id: cleanText(id).text,
    recordId: cleanText(recordId).text,
    recordType,
    date,
    cents: centsOf(line),
    isClosing: recordType === wire.YEAR_END_ADJUSTMENT,
    raw,
  };
}

function calendarDate(value: string | null | undefined): string | undefined {
  const date = textOrNone(value);
  if (date === undefined) return undefined;
  try {
    localDate(date);
    return date;
  } catch {
    return undefined;
  }
}

function millisecondsOf(value: Moment): number | undefined {
  if (value === undefined || value === null || value === '' || value === 0) return undefined;
  try {
    return Date.parse(instant(value));
  } catch {
    return undefined;
  }
}
