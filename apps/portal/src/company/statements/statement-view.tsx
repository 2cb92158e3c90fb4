import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { IconReportMoney } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { ApiProblem } from '../../api/errors.ts';
import { dataTypeTitle } from '../../format/data-types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Loading } from '../../ui/query-view.tsx';
import { Section } from '../../ui/section.tsx';
import { companyPath } from '../api.ts';
import { useCurrentCompany } from '../company-context.tsx';
import { newestMonth, type PeriodChoice, periodChoices } from './periods.ts';
import classes from './statements.module.css';
import type { Statement } from './types.ts';
import { useStatement } from './use-statement.ts';

/** A statement by periods: which ones are chosen, and what the API says of them. */
export function StatementView<Report>(props: {
  title: string;
  /** Of the API: `profitAndLoss`. */
  statement: string;
  description: string;
  /** @param reports oldest first */
  children: (reports: readonly Report[], currency: string | undefined) => ReactNode;
}) {
  const { title, statement, description, children } = props;
  const company = useCurrentCompany();
  const path = `${companyPath(company.id)}/data/financials/${statement}`;
  const [choice, setChoice] = useState<PeriodChoice>(periodChoices[0] as PeriodChoice);
  const [month, setMonth] = useState<string>();
  // Books may end long before today: where they do is asked first.
  const probe = useStatement<Statement<Report>>(company.id, path, { periodLength: 1, periodsToCompare: 1 });
  const newest = newestMonth(probe.data?.body.mostRecentAvailableMonth, new Date());
  const startMonth = month ?? newest;
  const query = useStatement<Statement<Report>>(
    company.id,
    path,
    {
      periodLength: choice.periodLength,
      periodsToCompare: choice.periodsToCompare,
      startMonth: `${startMonth}-01`,
    },
    probe.isSuccess,
  );
  const error = probe.error ?? query.error;
  return (
    <Section
      title={title}
      description={description}
      actions={
        <Group gap="xs">
          <Select
            aria-label="Periods"
            data={periodChoices.map(({ value, label }) => ({ value, label }))}
            value={choice.value}
            onChange={(value) => setChoice(periodChoices.find((one) => one.value === value) ?? choice)}
            allowDeselect={false}
            w={130}
          />
          <TextInput
            aria-label="Last month"
            type="month"
            value={startMonth}
            min="1900-01"
            max="9999-12"
            onChange={(event) => setMonth(event.currentTarget.value || undefined)}
            w={170}
          />
        </Group>
      }
    >
      {error !== null && (
        <StatementProblem error={error} onRetry={() => void (probe.isError ? probe : query).refetch()} />
      )}
      {query.data && (
        <div
          className={query.isPlaceholderData ? classes['stale'] : undefined}
          style={{ display: 'grid', gap: 16 }}
        >
          {children(query.data.body.reports.toReversed(), query.data.body.currency)}
          <DerivedNote derivedFrom={query.data.derivedFrom} />
        </div>
      )}
      {query.data === undefined && error === null && <Loading lines={8} />}
    </Section>
  );
}

/** Why there is no statement, and what to do. */
export function StatementProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const company = useCurrentCompany();
  const status = error instanceof ApiProblem ? error.status : 0;
  if (status !== 409 && status !== 404) return <Problem error={error} onRetry={onRetry} />;
  return (
    <EmptyState
      icon={IconReportMoney}
      title={status === 409 ? 'Not read yet' : 'Not offered'}
      action={
        <Button component={Link} to={`/companies/${company.id}`}>
          Go to the overview
        </Button>
      }
    >
      {status === 409
        ? 'What this is made of has not been read. Sync all on the overview; the statement appears when that is done.'
        : (error as ApiProblem).message}
    </EmptyState>
  );
}

/** Says where figures come from that the platform did not give itself. */
export function DerivedNote({ derivedFrom }: { derivedFrom: readonly string[] }) {
  if (derivedFrom.length === 0) return null;
  const names = derivedFrom.map((key) => dataTypeTitle(key).toLowerCase());
  return (
    <Text size="xs" c="dimmed">
      Computed from {new Intl.ListFormat('en').format(names)}, as they were read last.
    </Text>
  );
}
