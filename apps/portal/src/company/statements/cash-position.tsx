import { useResource } from '../../api/resource.ts';
import type { Page } from '../../api/types.ts';
import { Loading } from '../../ui/query-view.tsx';
import { Section } from '../../ui/section.tsx';
import { companyPath } from '../api.ts';
import { useCurrentCompany } from '../company-context.tsx';
import { exactSum } from './amounts.ts';
import { Chart } from './chart.tsx';
import { monthName } from './periods.ts';
import { sectionRows } from './rows.ts';
import { StatementTable } from './statement-table.tsx';
import { StatementProblem, StatementView } from './statement-view.tsx';
import type { BalanceSheetReport, Section as StatementSection } from './types.ts';

interface Account {
  readonly id: string;
}

/** More bank accounts than any small business has. */
const mostAccounts = 1000;

/** What lay on the bank accounts at the end of each period: their lines of the balance sheet. */
export function CashPosition({ connectionId }: { connectionId: string }) {
  const company = useCurrentCompany();
  const accounts = useResource<Page<Account>>(`${companyPath(company.id)}/data/accounts`, {
    query: 'isBankAccount=true',
    pageSize: mostAccounts,
  });
  if (accounts.data === undefined) {
    return (
      <Section title="Cash position">
        {accounts.isError ? (
          <StatementProblem error={accounts.error} onRetry={() => void accounts.refetch()} />
        ) : (
          <Loading lines={8} />
        )}
      </Section>
    );
  }
  const bankAccounts = new Set(accounts.data.results.map(({ id }) => id));
  return (
    <StatementView<BalanceSheetReport>
      title="Cash position"
      statement="balanceSheet"
      description="What lay on bank accounts at the end of each period. Overdrawn accounts count against it."
    >
      {(reports, currency) => {
        const periods = reports.map(({ date }) => monthName(date));
        const sections = reports.map((report) => cashOf(report, bankAccounts));
        return (
          <>
            <Chart
              title="Cash at the end of each period"
              currency={currency}
              series={[{ label: 'Cash', colour: 1, shape: 'bar' }]}
              groups={sections.map(({ value }, index) => ({ label: periods[index] ?? '', amounts: [value] }))}
            />
            <StatementTable
              label="Cash position"
              periods={periods}
              currency={currency}
              connectionId={connectionId}
              rows={sectionRows('Cash', sections)}
            />
          </>
        );
      }}
    </StatementView>
  );
}

/** The bank accounts of a balance sheet. Those among the liabilities are overdrawn. */
export function cashOf(
  { assets, liabilities }: BalanceSheetReport,
  bankAccounts: ReadonlySet<string>,
): StatementSection {
  const isBank = ({ accountId }: { accountId?: string }) =>
    accountId !== undefined && bankAccounts.has(accountId);
  const owned = assets.items.filter(isBank);
  const owed = liabilities.items
    .filter(isBank)
    .map((item) => ({ ...item, value: negated(exactSum([item.value])) }));
  const items = [...owned, ...owed];
  return { value: exactSum(items.map(({ value }) => value)), items };
}

function negated(decimal: string): string {
  return decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`;
}
