import { Chart } from './chart.tsx';
import { monthName, periodName } from './periods.ts';
import { sectionRows, totalRow } from './rows.ts';
import { StatementTable } from './statement-table.tsx';
import { StatementView } from './statement-view.tsx';
import type { BalanceSheetReport, CashFlowReport, ProfitAndLossReport } from './types.ts';

export function ProfitAndLoss({ connectionId }: { connectionId: string }) {
  return (
    <StatementView<ProfitAndLossReport>
      title="Profit and loss"
      statement="profitAndLoss"
      description="What the business earned and spent."
    >
      {(reports, currency) => {
        const periods = reports.map(({ fromDate, toDate }) => periodName(fromDate, toDate));
        return (
          <>
            <Chart
              title="Income, expenses and net profit by period"
              currency={currency}
              series={[
                { label: 'Income', colour: 1, shape: 'bar' },
                { label: 'Cost of sales', colour: 4, shape: 'bar' },
                { label: 'Expenses', colour: 2, shape: 'bar' },
                { label: 'Net profit', colour: 3, shape: 'line' },
              ]}
              groups={reports.map(({ income, costOfSales, expenses, netProfit }, index) => ({
                label: periods[index] ?? '',
                amounts: [income.value, costOfSales.value, expenses.value, netProfit],
              }))}
            />
            <StatementTable
              label="Profit and loss"
              periods={periods}
              currency={currency}
              connectionId={connectionId}
              rows={[
                ...sectionRows(
                  'Income',
                  reports.map(({ income }) => income),
                ),
                ...sectionRows(
                  'Cost of sales',
                  reports.map(({ costOfSales }) => costOfSales),
                ),
                totalRow(
                  'Gross profit',
                  reports.map(({ grossProfit }) => grossProfit),
                ),
                ...sectionRows(
                  'Expenses',
                  reports.map(({ expenses }) => expenses),
                ),
                totalRow(
                  'Net operating profit',
                  reports.map(({ netOperatingProfit }) => netOperatingProfit),
                ),
                ...sectionRows(
                  'Other income',
                  reports.map(({ otherIncome }) => otherIncome),
                ),
                ...sectionRows(
                  'Other expenses',
                  reports.map(({ otherExpenses }) => otherExpenses),
                ),
                totalRow(
                  'Net profit',
                  reports.map(({ netProfit }) => netProfit),
                ),
              ]}
            />
          </>
        );
      }}
    </StatementView>
  );
}

export function BalanceSheet({ connectionId }: { connectionId: string }) {
  return (
    <StatementView<BalanceSheetReport>
      title="Balance sheet"
      statement="balanceSheet"
      description="What the business owned and owed at the end of each period."
    >
      {(reports, currency) => {
        const periods = reports.map(({ date }) => monthName(date));
        return (
          <>
            <Chart
              title="Assets, liabilities and net assets at the end of each period"
              currency={currency}
              series={[
                { label: 'Assets', colour: 1, shape: 'bar' },
                { label: 'Liabilities', colour: 2, shape: 'bar' },
                { label: 'Net assets', colour: 3, shape: 'line' },
              ]}
              groups={reports.map(({ assets, liabilities, netAssets }, index) => ({
                label: periods[index] ?? '',
                amounts: [assets.value, liabilities.value, netAssets],
              }))}
            />
            <StatementTable
              label="Balance sheet"
              periods={periods}
              currency={currency}
              connectionId={connectionId}
              rows={[
                ...sectionRows(
                  'Assets',
                  reports.map(({ assets }) => assets),
                ),
                ...sectionRows(
                  'Liabilities',
                  reports.map(({ liabilities }) => liabilities),
                ),
                totalRow(
                  'Net assets',
                  reports.map(({ netAssets }) => netAssets),
                ),
                ...sectionRows(
                  'Equity',
                  reports.map(({ equity }) => equity),
                ),
              ]}
            />
          </>
        );
      }}
    </StatementView>
  );
}

export function CashFlow({ connectionId }: { connectionId: string }) {
  return (
    <StatementView<CashFlowReport>
      title="Cash flow"
      statement="cashFlowStatement"
      description="The money that came in and went out."
    >
      {(reports, currency) => {
        const periods = reports.map(({ fromDate, toDate }) => periodName(fromDate, toDate));
        return (
          <>
            <Chart
              title="Receipts and payments by period"
              currency={currency}
              series={[
                { label: 'Receipts', colour: 1, shape: 'bar' },
                { label: 'Payments', colour: 2, shape: 'bar' },
              ]}
              groups={reports.map(({ cashReceipts, cashPayments }, index) => ({
                label: periods[index] ?? '',
                amounts: [cashReceipts.value, cashPayments.value],
              }))}
            />
            <StatementTable
              label="Cash flow"
              periods={periods}
              currency={currency}
              connectionId={connectionId}
              rows={[
                ...sectionRows(
                  'Receipts',
                  reports.map(({ cashReceipts }) => cashReceipts),
                ),
                ...sectionRows(
                  'Payments',
                  reports.map(({ cashPayments }) => cashPayments),
                ),
              ]}
            />
          </>
        );
      }}
    </StatementView>
  );
}
