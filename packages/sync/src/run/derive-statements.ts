/** Monthly statements from the ledger's lines that are in force. */
import {
  balanceSheetOf,
  cashFlowOf,
  lastDayOfMonth,
  profitAndLossOf,
  type StatementAmount,
} from '@tributary/model';
import {
  type AccountMonth,
  accountMonths,
  type CashMonth,
  type ClaimedRun,
  cashMonths,
  inTransaction,
  type RecordRow,
  type StatementType,
  statementMonths,
} from '@tributary/store';
import { commitRecords, type DeriveDependencies } from './derive-context.ts';
import { finishRun } from './finish.ts';
import { checkIntegrity } from './integrity.ts';
import { columnValues, contentHash } from './page.ts';

export async function buildStatements(
  run: ClaimedRun,
  dataType: StatementType,
  dependencies: DeriveDependencies,
): Promise<void> {
  const { store, connector, now } = dependencies;
  const known = [
    ...(await statementMonths(store.pool, run, dataType)),
    new Date(now()).toISOString().slice(0, 7),
  ];
  const monthsWith = (postings: readonly { readonly month: string }[]) =>
    [...new Set([...postings.map(({ month }) => month), ...known])].sort();
  let reports: StatementReports;
  if (dataType === 'cashFlowStatement') {
    const movements = await cashMonths(store.pool, run);
    reports = cashFlowReports(movements, monthsWith(movements));
  } else {
    const postings = await accountMonths(store.pool, run);
    reports = statementReports(dataType, postings, monthsWith(postings));
  }
  await commitRecords(
    run,
    dependencies,
    reports.map(({ month, report }) => recordRow(dataType, month, report)),
  );
  await checkIntegrity(run, store, 'incremental');
  await inTransaction(store.pool, (client) =>
    finishRun(dependencies, client, run, {
      cursorMs: undefined,
      fromDate: undefined,
      mappingVersion: connector.manifest.dataTypes.get(dataType)?.mappingVersion ?? 0,
    }),
  );
}

type StatementReports = readonly { readonly month: string; readonly report: object }[];

/** The cash flow of months, in their order; pure. */
function cashFlowReports(movements: readonly CashMonth[], months: readonly string[]): StatementReports {
  const byMonth = Map.groupBy(movements, ({ month }) => month);
  return months.map((month) => {
    const period = { from: `${month}-01`, to: lastDayOfMonth(month) };
    return { month, report: cashFlowOf(period, byMonth.get(month) ?? []) };
  });
}

/**
 * The reports of months, in their order; pure.
 * @param postings in the order of months
 * @param months ascending, every month with a posting among them
 */
export function statementReports(
  dataType: Exclude<StatementType, 'cashFlowStatement'>,
  postings: readonly AccountMonth[],
  months: readonly string[],
): StatementReports {
  const byMonth = Map.groupBy(postings, ({ month }) => month);
  if (dataType === 'profitAndLoss') {
    return months.map((month) => {
      const period = { from: `${month}-01`, to: lastDayOfMonth(month) };
      const amounts = (byMonth.get(month) ?? []).map((posting) => amountOf(posting, posting.operatingCents));
      return { month, report: profitAndLossOf(period, amounts) };
    });
  }
  const balances = new Map<string, StatementAmount>();
  const openings = new Map<string, StatementAmount>();
  return months.map((month) => {
    for (const posting of byMonth.get(month) ?? []) {
      add(balances, amountOf(posting, posting.cents));
      add(openings, amountOf(posting, posting.openingCents));
    }
    const report = balanceSheetOf(lastDayOfMonth(month), [...balances.values()], [...openings.values()]);
    return { month, report };
  });
}

function amountOf({ accountId, name, section }: AccountMonth, cents: bigint): StatementAmount {
  return { accountId, name, section, cents };
}

function add(totals: Map<string, StatementAmount>, amount: StatementAmount): void {
  const key = amount.accountId ?? '';
  const known = totals.get(key);
  totals.set(key, known === undefined ? amount : { ...known, cents: known.cents + amount.cents });
}

function recordRow(dataType: StatementType, month: string, report: object): RecordRow {
  const document = JSON.stringify(report);
  return {
    id: month,
    document,
    contentHash: contentHash(document),
    sourceModifiedAt: undefined,
    isDeleted: false,
    columns: columnValues(dataType, report),
  };
}
