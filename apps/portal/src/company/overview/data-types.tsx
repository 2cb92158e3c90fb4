import { Anchor, Group, Progress, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { Link } from 'react-router';
import { toastDone, toastProblem } from '../../app/toasts.ts';
import { dataTypeTitle } from '../../format/data-types.ts';
import { formatCount } from '../../format/money.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { Section } from '../../ui/section.tsx';
import { Ago } from '../../ui/time.tsx';
import { type CompanyConnection, type Dataset, useSync } from '../api.ts';
import { useCurrentCompany } from '../company-context.tsx';
import { dataPlace } from '../places.ts';
import { RunBadge } from '../run-badge.tsx';
import { hasFailed, isRunning, scheduleWords, wordsOf } from '../run-words.ts';
import classes from './overview.module.css';

/** What is read through one connection, and how fresh it is. */
export function DataTypes(props: {
  connection: CompanyConnection;
  datasets: readonly Dataset[];
  isOnlyOne: boolean;
}) {
  const { connection, isOnlyOne } = props;
  const datasets = props.datasets.toSorted((a, b) =>
    dataTypeTitle(a.dataType).localeCompare(dataTypeTitle(b.dataType)),
  );
  const company = useCurrentCompany();
  const sync = useSync(company.id);
  const isLinked = connection.status === 'Linked';
  const running = datasets.filter(({ status }) => isRunning(status)).length;
  const isUntouched = datasets.every(({ latestPull, records }) => latestPull === undefined && records === 0);
  const syncAll = (
    <GuardedButton
      permission="syncCompanies"
      leftSection={<IconRefresh size={16} aria-hidden />}
      loading={sync.isPending}
      onClick={() =>
        sync.mutate(
          { connectionId: connection.id },
          { onSuccess: () => toastDone('The sync has started.'), onError: toastProblem },
        )
      }
    >
      Sync all
    </GuardedButton>
  );
  return (
    <Section
      title={isOnlyOne ? 'Data types' : `Data types of ${connection.platformName}`}
      description={
        <span role="status">
          {running > 0
            ? `${running} of ${datasets.length} are being read.`
            : 'Nothing is being read right now.'}
        </span>
      }
      actions={isLinked && !isUntouched && syncAll}
    >
      {isUntouched && isLinked ? (
        <EmptyState icon={IconRefresh} title="Linked, but nothing was read yet" action={syncAll}>
          Read the books now. The first sync takes seconds for a small business, and minutes for a busy one.
        </EmptyState>
      ) : (
        <ScrollTable label="Data types" minWidth={760} verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Data type</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th>Last success</Table.Th>
              <Table.Th className={classes['end']}>Records</Table.Th>
              <Table.Th>Schedule</Table.Th>
              <Table.Th>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {datasets.map((dataset) => (
              <DatasetRows key={dataset.dataType} dataset={dataset} canSync={isLinked} />
            ))}
          </Table.Tbody>
        </ScrollTable>
      )}
    </Section>
  );
}

function DatasetRows({ dataset, canSync }: { dataset: Dataset; canSync: boolean }) {
  const { dataType, status, latestPull, records, deleted } = dataset;
  const company = useCurrentCompany();
  const title = dataTypeTitle(dataType);
  const isActive = isRunning(status);
  const note = noteOf(dataset);
  const place = dataPlace(dataset);
  return (
    <>
      <Table.Tr className={note ? classes['withNote'] : undefined}>
        <Table.Td fw={500}>
          {place === undefined ? (
            title
          ) : (
            <Anchor component={Link} to={`/companies/${company.id}/${place}`} c="inherit" size="sm">
              {title}
            </Anchor>
          )}
        </Table.Td>
        <Table.Td>
          {isActive && latestPull ? <RunningState dataset={dataset} /> : <RunBadge status={status} />}
        </Table.Td>
        <Table.Td className={classes['nowrap']}>
          {dataset.lastSuccessfulSync ? (
            <Ago at={dataset.lastSuccessfulSync} />
          ) : (
            <Text c="dimmed">Never</Text>
          )}
        </Table.Td>
        <Table.Td className={classes['end']}>
          {formatCount(records)}
          {deleted > 0 && (
            <Text size="xs" c="dimmed">
              {formatCount(deleted)} deleted
            </Text>
          )}
        </Table.Td>
        <Table.Td className={classes['nowrap']}>
          {scheduleWords(dataset.scheduleHours)}
          {dataset.nextSync && canSync && (
            <Text size="xs" c="dimmed">
              next <Ago at={dataset.nextSync} />
            </Text>
          )}
        </Table.Td>
        <Table.Td className={classes['end']}>
          {canSync && <SyncNow dataset={dataset} title={title} />}
        </Table.Td>
      </Table.Tr>
      {note && (
        <Table.Tr className={classes['note']}>
          <Table.Td colSpan={6}>
            <Text size="sm" c={hasFailed(status) ? 'red' : 'dimmed'} className={classes['wrap']}>
              {note}{' '}
              {latestPull && (
                <Anchor
                  component={Link}
                  to={`/companies/${company.id}/history/${latestPull.id}`}
                  size="sm"
                  aria-label={`See the run of ${title}`}
                  underline="always"
                >
                  See the run
                </Anchor>
              )}
            </Text>
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

/** What is to be said of a data type below its row: why it failed or waits, what was odd. */
function noteOf({ status, latestPull }: Dataset): string | undefined {
  const { advice } = wordsOf(status);
  if (isRunning(status)) return latestPull?.statusDescription;
  if (advice !== undefined) return [latestPull?.errorMessage, advice].filter(Boolean).join(' ');
  const warnings = latestPull?.warnings ?? 0;
  if (warnings > 0)
    return warnings === 1 ? '1 warning about the data.' : `${formatCount(warnings)} warnings about the data.`;
  return undefined;
}

function RunningState({ dataset }: { dataset: Dataset }) {
  const { latestPull, status, dataType } = dataset;
  const records = latestPull?.records ?? 0;
  const { label } = wordsOf(status);
  return (
    <div className={classes['running']}>
      <Group gap={6} wrap="nowrap">
        <Text size="sm" fw={500} className={classes['nowrap']}>
          {label}
        </Text>
        {records > 0 && (
          <Text size="xs" c="dimmed" className={classes['nowrap']}>
            {formatCount(records)} records
          </Text>
        )}
      </Group>
      <Progress
        value={latestPull?.progress ?? 0}
        size="sm"
        animated
        striped
        aria-label={`Progress of ${dataTypeTitle(dataType)}`}
      />
    </div>
  );
}

function SyncNow({ dataset, title }: { dataset: Dataset; title: string }) {
  const company = useCurrentCompany();
  const sync = useSync(company.id);
  const isActive = isRunning(dataset.status);
  return (
    <GuardedButton
      permission="syncCompanies"
      variant="default"
      size="compact-sm"
      disabled={isActive}
      loading={sync.isPending}
      aria-label={`Sync ${title} now`}
      onClick={() =>
        sync.mutate(
          { connectionId: dataset.connectionId, dataType: dataset.dataType },
          { onSuccess: () => toastDone(`${title}: the sync has started.`), onError: toastProblem },
        )
      }
    >
      Sync now
    </GuardedButton>
  );
}
