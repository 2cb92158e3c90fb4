import { Alert, Anchor, Group } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { useResource } from '../../api/resource.ts';
import { dataTypeTitle } from '../../format/data-types.ts';
import { NotFound } from '../../shell/not-found.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Section } from '../../ui/section.tsx';
import { companyPath, isMissing, useDatasets } from '../api.ts';
import { useCurrentCompany } from '../company-context.tsx';
import { useTrail } from '../company-page.tsx';
import { fieldsOfType, listPathOf, recordNoun } from './fields.ts';
import { useChosenConnection } from './index.tsx';
import { RawRecord } from './raw-record.tsx';
import classes from './record.module.css';
import { RecordFields } from './record-fields.tsx';
import { relatedLists } from './references.ts';
import { type DataRecord, isDeleted, recordName } from './values.ts';

/** One record: what was made of it, beside what the platform sent. */
export default function RecordPage() {
  const company = useCurrentCompany();
  const connection = useChosenConnection();
  const { dataType = '', recordId = '' } = useParams();
  const isKnown = fieldsOfType(dataType).length > 0;
  if (!isKnown || connection === undefined) return <NotFound />;
  return (
    <OneRecord
      key={`${connection.id} ${dataType} ${recordId}`}
      companyId={company.id}
      connectionId={connection.id}
      dataType={dataType}
      recordId={recordId}
    />
  );
}

interface RecordProps {
  companyId: string;
  connectionId: string;
  dataType: string;
  recordId: string;
}

function OneRecord({ companyId, connectionId, dataType, recordId }: RecordProps) {
  // Bank transactions are only listed; the platform's own record is all there is of one.
  const isSingle = dataType !== 'bankTransactions';
  const record = useResource<DataRecord>(
    `${companyPath(companyId)}/connections/${connectionId}/data/${listPathOf(dataType)}/${encodeURIComponent(recordId)}`,
    {},
    { enabled: isSingle },
  );
  const title = dataTypeTitle(dataType);
  const trail = useTrail([
    { label: 'Data', to: `data?connection=${connectionId}` },
    { label: title, to: `data/${dataType}?connection=${connectionId}` },
  ]);
  const noun = recordNoun(dataType);
  const name = (record.data && recordName(record.data)) ?? recordId;
  const heading = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} ${name}`;
  if (isMissing(record.error)) {
    return (
      <Page title={heading} trail={trail}>
        <Problem error={record.error} title={`This ${noun} is not there`} />
      </Page>
    );
  }
  return (
    <Page title={heading} trail={trail}>
      {record.data && isDeleted(record.data) && (
        <Alert color="red" title="Deleted at the platform">
          This {noun} no longer exists in the books. What is shown is as it was read last.
        </Alert>
      )}
      <Related dataType={dataType} recordId={recordId} connectionId={connectionId} />
      <div className={classes['sides']}>
        {isSingle && (
          <Section title="Fields" description="As the API serves it.">
            <QueryView query={record} lines={10}>
              {(data) => <RecordFields record={data} dataType={dataType} connectionId={connectionId} />}
            </QueryView>
          </Section>
        )}
        <RawRecord
          companyId={companyId}
          connectionId={connectionId}
          dataType={dataType}
          recordId={recordId}
        />
      </div>
    </Page>
  );
}

function Related(props: Omit<RecordProps, 'companyId'>) {
  const { dataType, recordId, connectionId } = props;
  const company = useCurrentCompany();
  const { data: datasets = [] } = useDatasets(company.id);
  const offered = new Set(
    datasets.filter((one) => one.connectionId === connectionId && one.records > 0).map((one) => one.dataType),
  );
  const lists = relatedLists(dataType, recordId, offered);
  if (lists.length === 0) return null;
  return (
    <Group component="nav" gap="md" aria-label="Related records">
      {lists.map(({ label, dataType: listed, query }) => (
        <Anchor
          key={label}
          component={Link}
          size="sm"
          to={`/companies/${company.id}/data/${listed}?${new URLSearchParams({ connection: connectionId, query })}`}
        >
          {label}
        </Anchor>
      ))}
    </Group>
  );
}
