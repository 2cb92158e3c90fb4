import { Button } from '@mantine/core';
import { IconReportMoney } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from 'react-router';
import { NotFound } from '../../shell/not-found.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Section } from '../../ui/section.tsx';
import { mainConnection } from '../api.ts';
import { useCurrentCompany } from '../company-context.tsx';
import { CompanyPage } from '../company-page.tsx';
import { AgedPart } from './aged.tsx';
import { CashPosition } from './cash-position.tsx';
import { BalanceSheet, CashFlow, ProfitAndLoss } from './financials.tsx';
import classes from './statements.module.css';

const statements = {
  profitAndLoss: { label: 'Profit and loss', Part: ProfitAndLoss },
  balanceSheet: { label: 'Balance sheet', Part: BalanceSheet },
  cashFlow: { label: 'Cash flow', Part: CashFlow },
  cashPosition: { label: 'Cash position', Part: CashPosition },
  debtors: { label: 'Aged debtors', Part: Debtors },
  creditors: { label: 'Aged creditors', Part: Creditors },
} as const;

/** Financial statements of a company. */
export default function StatementsPage() {
  const company = useCurrentCompany();
  const { statement = '' } = useParams();
  const navigate = useNavigate();
  const chosen = Object.hasOwn(statements, statement)
    ? statements[statement as keyof typeof statements]
    : undefined;
  if (chosen === undefined) return <NotFound />;
  const connection = mainConnection(company);
  return (
    <CompanyPage place="Statements" detail={chosen.label}>
      {connection === undefined ? (
        <Section title="Statements">
          <EmptyState
            icon={IconReportMoney}
            title="Not linked yet"
            action={
              <Button component={Link} to={`/companies/${company.id}`}>
                Go to the overview
              </Button>
            }
          >
            Once the business has connected its platform, its statements are shown here.
          </EmptyState>
        </Section>
      ) : (
        <>
          <nav aria-label="Statements">
            <ul className={classes['choices']}>
              {Object.entries(statements).map(([key, { label }]) => (
                <li key={key}>
                  <Link
                    to={`/companies/${company.id}/statements/${key}`}
                    className={classes['choice']}
                    aria-current={key === statement ? 'page' : undefined}
                    onClick={(event) => {
                      // Beside one another: the way back leads out of the statements.
                      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                      event.preventDefault();
                      void navigate(`/companies/${company.id}/statements/${key}`, { replace: true });
                    }}
                  >
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <chosen.Part connectionId={connection.id} />
        </>
      )}
    </CompanyPage>
  );
}

function Debtors() {
  return <AgedPart side="debtors" />;
}

function Creditors() {
  return <AgedPart side="creditors" />;
}
