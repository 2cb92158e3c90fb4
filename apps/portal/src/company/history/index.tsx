import { Anchor, Button, Group, Select, Table, Text } from '@mantine/core';
import { IconHistory, IconSearchOff } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { dataTypeTitle } from '../../format/data-types.ts';
import { formatDuration } from '../../format/durations.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { Section } from '../../ui/section.tsx';
import { Instant } from '../../ui/time.tsx';
import { useDatasets } from '../api.ts';
import classes from '../company.module.css';
import { useCurrentCompany } from '../company-context.tsx';
import { CompanyPage } from '../company-page.tsx';
import { RunBadge } from '../run-badge.tsx';
import { isRunning, wordsOf } from '../run-words.ts';
import { type PullOperation, usePulls } from './api.ts';

const pageSize = 25;

const statuses = [
  { value: '', label: 'Every status' },
  { value: 'failed', label: 'All that failed' },
  { value: 'Complete', label: 'Done' },
  { value: 'Queued', label: 'Waiting' },
  { value: 'Fetching', label: 'Reading' },
  { value: 'Cancelled', label: 'Cancelled' },
  { value: 'AuthError', label: 'Access refused' },
  { value: 'FetchError', label: 'Failed at the platform' },
  { value: 'RateLimitError', label: 'Rate limited' },
  { value: 'PermissionsError', label: 'Not permitted' },
  { value: 'PrerequisiteNotMet', label: 'Waits for others' },
  { value: 'InternalError', label: 'Failed on our side' },
  { value: 'NotSupported', label: 'Not offered' },
];

export default function HistoryPage() {
  const company = useCurrentCompany();
  const [parameters, setParameters] = useSearchParams();
  const search = {
    dataType: parameters.get('dataType') ?? '',
    status: statuses.find(({ value }) => value === parameters.get('status'))?.value ?? '',
    page: Math.max(1, Math.trunc(Number(parameters.get('page') ?? '1')) || 1),
    pageSize,
  };
  const change = (changed: Record<string, string>) =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        next.delete('page');
        for (const [name, value] of Object.entries(changed)) {
          if (value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  const pulls = usePulls(company.id, search);
  const isFiltered = search.dataType !== '' || search.status !== '';
  return (
    <CompanyPage place="History">
      <Section title="Pull history" description="Every sync of a data type, newest first.">
        <Group gap="sm">
          <DataTypeSelect value={search.dataType} onChange={(dataType) => change({ dataType })} />
          <Select
            aria-label="Status"
            data={statuses}
            value={search.status}
            onChange={(status) => change({ status: status ?? '' })}
            allowDeselect={false}
            w={200}
          />
        </Group>
        <QueryView query={pulls} lines={10}>
          {({ results, totalResults }) => {
            if (totalResults === 0 && !isFiltered) {
              return (
                <EmptyState
                  icon={IconHistory}
                  title="Nothing was synced yet"
                  action={
                    <Button component={Link} to={`/companies/${company.id}`}>
                      Go to the overview
                    </Button>
                  }
                >
                  Once the company has linked, start a sync there; every run is listed here.
                </EmptyState>
              );
            }
            if (results.length === 0) {
              return (
                <EmptyState
                  icon={IconSearchOff}
                  title="No run matches"
                  action={
                    <Button variant="default" onClick={() => change({ dataType: '', status: '' })}>
                      Show all runs
                    </Button>
                  }
                />
              );
            }
            return (
              <>
                <PullTable pulls={results} isStale={pulls.isPlaceholderData} />
                <Pager
                  page={search.page}
                  pageSize={pageSize}
                  total={totalResults}
                  label="Pages of runs"
                  onChange={(page) => change({ page: page === 1 ? '' : String(page) })}
                />
              </>
            );
          }}
        </QueryView>
      </Section>
    </CompanyPage>
  );
}

function DataTypeSelect({ value, onChange }: { value: string; onChange: (dataType: string) => void }) {
  const { data: datasets = [] } = useDatasets(useCurrentCompany().id);
  const keys = new Set([...datasets.map(({ dataType }) => dataType), ...(value === '' ? [] : [value])]);
  const options = [...keys]
    .map((key) => ({ value: key, label: dataTypeTitle(key) }))
    .toSorted((a, b) => a.label.localeCompare(b.label));
  return (
    <Select
      aria-label="Data type"
      data={[{ value: '', label: 'Every data type' }, ...options]}
      value={value}
      onChange={(chosen) => onChange(chosen ?? '')}
      allowDeselect={false}
      w={200}
    />
  );
}

function PullTable({ pulls, isStale }: { pulls: readonly PullOperation[]; isStale: boolean }) {
  const company = useCurrentCompany();
  return (
    <ScrollTable
      label="Pull history"
      minWidth={620}
      verticalSpacing="xs"
      aria-busy={isStale}
      opacity={isStale ? 0.5 : 1}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Data type</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th>Requested</Table.Th>
          <Table.Th className={classes['end']}>Took</Table.Th>
          <Table.Th>What happened</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {pulls.map((pull) => (
          <Table.Tr key={pull.id}>
            <Table.Td>
              <Anchor
                component={Link}
                to={`/companies/${company.id}/history/${pull.id}`}
                size="sm"
                fw={500}
                className={classes['nowrap']}
              >
                {dataTypeTitle(pull.dataType)}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <RunBadge status={pull.status} ended />
            </Table.Td>
            <Table.Td className={classes['nowrap']}>
              <Instant at={pull.requested} />
            </Table.Td>
            <Table.Td className={`${classes['end']} ${classes['nowrap']}`}>
              {pull.completed ? formatDuration(Date.parse(pull.completed) - Date.parse(pull.requested)) : '–'}
            </Table.Td>
            <Table.Td>
              <Text size="sm" c="dimmed" lineClamp={2} className={classes['wrap']}>
                {happened(pull)}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollTable>
  );
}

function happened({ status, statusDescription, errorMessage, progress }: PullOperation): string {
  if (isRunning(status)) return statusDescription ?? `${progress} %`;
  return errorMessage ?? statusDescription ?? wordsOf(status).advice ?? '';
}
