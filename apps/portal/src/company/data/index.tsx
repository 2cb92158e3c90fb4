import { Button, Group, Select } from '@mantine/core';
import { IconDatabaseOff, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { Link, Navigate, useNavigate, useParams, useSearchParams } from 'react-router';
import { dataTypeTitle } from '../../format/data-types.ts';
import { formatCount } from '../../format/money.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Section } from '../../ui/section.tsx';
import { companyKey, type Dataset, mainConnection, useDatasets } from '../api.ts';
import { useCurrentCompany } from '../company-context.tsx';
import { CompanyPage } from '../company-page.tsx';
import { RunBadge } from '../run-badge.tsx';
import { AccountSelect } from './account-select.tsx';
import { BusinessInfo } from './business-info.tsx';
import { fieldsOfType, tableTypes } from './fields.ts';
import { RecordList } from './record-list.tsx';

const shownTypes: ReadonlySet<string> = new Set([...tableTypes, 'company']);
const preferred = 'invoices';

/** The data of a company, one table for each data type. */
export default function DataPage() {
  const company = useCurrentCompany();
  const { dataType } = useParams();
  const datasets = useDatasets(company.id);
  return (
    <CompanyPage place="Data" detail={dataType === undefined ? 'Data' : dataTypeTitle(dataType)}>
      {company.dataConnections.length === 0 ? (
        <NothingYet title="Not linked yet">
          Once the business has connected its platform, its books are shown here.
        </NothingYet>
      ) : (
        <QueryView query={datasets} lines={8}>
          {(all) => <Chosen datasets={all} dataType={dataType} />}
        </QueryView>
      )}
    </CompanyPage>
  );
}

function NothingYet({ title, children }: { title: string; children: string }) {
  const company = useCurrentCompany();
  return (
    <Section title="Data">
      <EmptyState
        icon={IconDatabaseOff}
        title={title}
        action={
          <Button component={Link} to={`/companies/${company.id}`}>
            Go to the overview
          </Button>
        }
      >
        {children}
      </EmptyState>
    </Section>
  );
}

/** Which connection's data is shown: the one that the address names, or the main one. */
export function useChosenConnection() {
  const company = useCurrentCompany();
  const [parameters] = useSearchParams();
  const named = parameters.get('connection');
  return company.dataConnections.find(({ id }) => id === named) ?? mainConnection(company);
}

function Chosen({ datasets, dataType }: { datasets: readonly Dataset[]; dataType: string | undefined }) {
  const connection = useChosenConnection();
  const offered = useMemo(
    () =>
      datasets
        .filter(({ connectionId }) => connectionId === connection?.id)
        .filter((dataset) => shownTypes.has(dataset.dataType))
        .toSorted((a, b) => dataTypeTitle(a.dataType).localeCompare(dataTypeTitle(b.dataType))),
    [datasets, connection?.id],
  );
  const dataset = offered.find((one) => one.dataType === dataType);
  if (dataType === undefined) {
    const first =
      offered.find((one) => one.dataType === preferred && one.records > 0) ??
      offered.find(({ records }) => records > 0) ??
      offered[0];
    if (first && connection) return <Navigate to={`${first.dataType}?connection=${connection.id}`} replace />;
  }
  if (dataset === undefined || connection === undefined) {
    return (
      <NothingYet title="There is no such data">
        The platform of this company does not have this data type, or the link is old.
      </NothingYet>
    );
  }
  return (
    <>
      <Pickers offered={offered} dataset={dataset} />
      <OneType key={dataset.dataType} dataset={dataset} />
    </>
  );
}

function Pickers({ offered, dataset }: { offered: readonly Dataset[]; dataset: Dataset }) {
  const company = useCurrentCompany();
  const navigate = useNavigate();
  const go = (dataType: string, connectionId: string) =>
    void navigate(`/companies/${company.id}/data/${dataType}?connection=${connectionId}`, { replace: true });
  return (
    <Group gap="sm">
      <Select
        label="Data type"
        data={offered.map(({ dataType, records }) => ({
          value: dataType,
          label: `${dataTypeTitle(dataType)} (${formatCount(records)})`,
        }))}
        value={dataset.dataType}
        onChange={(dataType) => dataType && go(dataType, dataset.connectionId)}
        allowDeselect={false}
        searchable
        maxDropdownHeight={420}
        w={280}
      />
      {company.dataConnections.length > 1 && (
        <Select
          label="Connection"
          data={company.dataConnections.map(({ id, platformName, status }) => ({
            value: id,
            label: `${platformName} (${status})`,
          }))}
          value={dataset.connectionId}
          onChange={(id) => id && go(dataset.dataType, id)}
          allowDeselect={false}
          w={220}
        />
      )}
    </Group>
  );
}

/** Reads what is shown anew when a sync has ended that was not yet known of. */
function useNews({ lastSuccessfulSync }: Dataset) {
  const { id } = useCurrentCompany();
  const queries = useQueryClient();
  const known = useRef(lastSuccessfulSync);
  useEffect(() => {
    if (known.current === lastSuccessfulSync) return;
    known.current = lastSuccessfulSync;
    void queries.invalidateQueries({ queryKey: [...companyKey(id), 'records'] });
  }, [queries, id, lastSuccessfulSync]);
}

function OneType({ dataset }: { dataset: Dataset }) {
  const company = useCurrentCompany();
  useNews(dataset);
  const [parameters, setParameters] = useSearchParams();
  const { dataType, connectionId, records, status, latestPull } = dataset;
  const title = dataTypeTitle(dataType);
  if (records === 0) {
    return (
      <Section title={title} actions={<RunBadge status={status} />}>
        <EmptyState
          icon={IconRefresh}
          title={latestPull === undefined ? 'Never synced' : `No ${title.toLowerCase()}`}
          action={
            <Button component={Link} to={`/companies/${company.id}`}>
              Go to the overview
            </Button>
          }
        >
          {latestPull === undefined
            ? 'Start a sync on the overview; the records appear here while they are read.'
            : 'The latest sync found none. Sync again once the business has entered some.'}
        </EmptyState>
      </Section>
    );
  }
  const place = { companyId: company.id, connectionId };
  if (dataType === 'company') return <BusinessInfo {...place} />;
  if (dataType !== 'bankTransactions') {
    return <RecordList key={dataType} {...place} dataType={dataType} fields={fieldsOfType(dataType)} />;
  }
  const accountId = parameters.get('account') ?? undefined;
  return (
    <>
      <AccountSelect
        {...place}
        value={accountId}
        onChange={(account) => setParameters({ connection: connectionId, account }, { replace: true })}
      />
      {accountId !== undefined && (
        <RecordList
          key={accountId}
          {...place}
          dataType={dataType}
          accountId={accountId}
          fields={fieldsOfType(dataType)}
        />
      )}
    </>
  );
}
