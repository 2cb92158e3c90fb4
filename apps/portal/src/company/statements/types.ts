/** Statements as the API gives them: reports newest first, days as local dates. */
import type { WireAmount } from '../../format/money.ts';

export interface Section {
  readonly name?: string;
  readonly value: WireAmount;
  readonly items: readonly {
    readonly accountId?: string;
    readonly name?: string;
    readonly value: WireAmount;
  }[];
}

export interface Statement<Report> {
  readonly currency?: string;
  readonly reports: readonly Report[];
  readonly mostRecentAvailableMonth?: string;
  readonly earliestAvailableMonth?: string;
}

interface Period {
  readonly fromDate: string;
  readonly toDate: string;
}

export interface ProfitAndLossReport extends Period {
  readonly income: Section;
  readonly costOfSales: Section;
  readonly grossProfit: WireAmount;
  readonly expenses: Section;
  readonly netOperatingProfit: WireAmount;
  readonly otherExpenses: Section;
  readonly otherIncome: Section;
  readonly netOtherIncome: WireAmount;
  readonly netProfit: WireAmount;
}

export interface BalanceSheetReport {
  readonly date: string;
  readonly assets: Section;
  readonly liabilities: Section;
  readonly netAssets: WireAmount;
  readonly equity: Section;
}

export interface CashFlowReport extends Period {
  readonly cashReceipts: Section;
  readonly cashPayments: Section;
}

export interface AgedReport {
  readonly generated: string;
  readonly reportDate: string;
  readonly data: readonly AgedParty[];
}

export interface AgedParty {
  readonly customerId?: string;
  readonly customerName?: string;
  readonly supplierId?: string;
  readonly supplierName?: string;
  readonly agedCurrencyOutstanding: readonly {
    readonly currency?: string;
    readonly agedOutstandingAmounts: readonly {
      /** Absent for all that is older. */
      readonly fromDate?: string;
      readonly toDate: string;
      readonly amount: WireAmount;
    }[];
  }[];
}
