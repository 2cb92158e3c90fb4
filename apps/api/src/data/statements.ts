/** Statements of periods, made of the stored months. */
import {
  addMonths,
  amountsOfProfitAndLoss,
  type BalanceSheetReport,
  balanceSheetOf,
  type CashFlowReport,
  cashFlowOf,
  type DataTypeKey,
  lastDayOfMonth,
  localDate,
  movementsOfCashFlow,
  type ProfitAndLossReport,
  parseReport,
  profitAndLossOf,
} from '@tributary/model';
import {
  balanceSheetsAt,
  type RecordScope,
  type SourceRequest,
  type StatementType,
  statementFrame,
  statementsBetween,
} from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';
import { createSources } from './sources.ts';

interface StatementRequest {
  /** Months of one period. */
  readonly periodLength: number;
  readonly periodsToCompare: number;
  /** Newest month, `YYYY-MM`; undefined: the current one. */
  readonly startMonth?: string | undefined;
}

export interface StatementService {
  /**
   * @returns the statement as JSON text, and the data types that it was derived from (none: the platform gave it)
   * @throws ApiError 404 for a company, connection or data type that is not there; 409 for a statement that was never requested
   */
  read(
    clientId: string,
    source: SourceRequest,
    dataType: StatementType,
    request: StatementRequest,
  ): Promise<{ readonly text: string; readonly derivedFrom: readonly DataTypeKey[] }>;
}

const ledgerTypes: readonly DataTypeKey[] = ['chartOfAccounts', 'journalEntries'];

interface Period {
  /** First and last month, `YYYY-MM`. */
  readonly first: string;
  readonly last: string;
}

export function createStatementService(
  dependencies: Pick<AppDependencies, 'store' | 'connectors' | 'clock'>,
): StatementService {
  const { clock } = dependencies;
  const { pool } = dependencies.store;
  const sources = createSources(dependencies);

  async function balanceSheets(
    scope: RecordScope,
    periods: readonly Period[],
  ): Promise<BalanceSheetReport[]> {
    const documents = await balanceSheetsAt(
      pool,
      scope,
      periods.map(({ last }) => last),
    );
    return periods.map(({ last }, index) => {
      const date = lastDayOfMonth(last);
      const document = documents[index];
      return document === undefined
        ? balanceSheetOf(date, [], [])
        : { ...parseReport<BalanceSheetReport>(document), date: localDate(date) };
    });
  }

  async function profitAndLoss(
    scope: RecordScope,
    periods: readonly Period[],
  ): Promise<ProfitAndLossReport[]> {
    const documents = await documentsOf(scope, 'profitAndLoss', periods);
    return documents.map(({ from, to, months }) =>
      profitAndLossOf(
        { from, to },
        months.flatMap((document) => amountsOfProfitAndLoss(parseReport<ProfitAndLossReport>(document))),
      ),
    );
  }

  async function cashFlow(scope: RecordScope, periods: readonly Period[]): Promise<CashFlowReport[]> {
    const documents = await documentsOf(scope, 'cashFlowStatement', periods);
    return documents.map(({ from, to, months }) =>
      cashFlowOf(
        { from, to },
        months.flatMap((document) => movementsOfCashFlow(parseReport<CashFlowReport>(document))),
      ),
    );
  }

  /** The days that each period spans, and the stored months in it. */
  async function documentsOf(
    scope: RecordScope,
    dataType: 'profitAndLoss' | 'cashFlowStatement',
    periods: readonly Period[],
  ) {
    const oldest = periods.at(-1)?.first ?? '';
    const newest = periods[0]?.last ?? '';
    const stored = await statementsBetween(pool, scope, dataType, oldest, newest);
    return periods.map(({ first, last }) => ({
      from: `${first}-01`,
      to: lastDayOfMonth(last),
      months: stored.filter(({ month }) => month >= first && month <= last).map(({ document }) => document),
    }));
  }

  async function bodyOf(
    dataType: StatementType,
    scope: RecordScope,
    periods: readonly Period[],
    shared: { readonly currency?: string },
  ): Promise<object> {
    switch (dataType) {
      case 'balanceSheet':
        return { ...shared, reports: await balanceSheets(scope, periods) };
      case 'profitAndLoss':
        return { reports: await profitAndLoss(scope, periods), reportBasis: 'Accrual', ...shared };
      case 'cashFlowStatement':
        return {
          reports: await cashFlow(scope, periods),
          reportBasis: 'Cash',
          reportInput: 'Direct',
          ...shared,
        };
    }
  }

  return {
    async read(clientId, source, dataType, request) {
      const scope = await sources.dataset(clientId, source, dataType);
      const frame = await statementFrame(pool, scope, dataType);
      const currentMonth = new Date(clock()).toISOString().slice(0, 7);
      // Before the first pull nothing is known, which is not the same as nothing having been posted.
      const periods =
        frame.earliest === undefined ? [] : periodsOf({ startMonth: currentMonth, ...given(request) });
      const currency = frame.currency === undefined ? {} : { currency: frame.currency };
      const available = {
        ...(frame.mostRecent === undefined ? {} : { mostRecentAvailableMonth: firstDay(frame.mostRecent) }),
        ...(frame.earliest === undefined ? {} : { earliestAvailableMonth: firstDay(frame.earliest) }),
      };
      const body = { ...(await bodyOf(dataType, scope, periods, currency)), ...available };
      const isDerived = scope.manifest?.dataTypes.get(dataType)?.derivation !== undefined;
      return { text: JSON.stringify(body), derivedFrom: isDerived ? ledgerTypes : [] };
    },
  };
}

function given({ startMonth, ...lengths }: StatementRequest) {
  return startMonth === undefined ? lengths : { ...lengths, startMonth };
}

/** The periods of a request, newest first. */
function periodsOf({
  startMonth,
  periodLength,
  periodsToCompare,
}: {
  startMonth: string;
  periodLength: number;
  periodsToCompare: number;
}): Period[] {
  return Array.from({ length: periodsToCompare }, (_, index) => {
    const last = addMonths(startMonth, -index * periodLength);
    return { first: addMonths(last, 1 - periodLength), last };
  });
}

function firstDay(month: string): string {
  return localDate(`${month}-01`);
}
