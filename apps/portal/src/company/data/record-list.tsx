import { Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { ApiProblem } from '../../api/errors.ts';
import { dataTypeTitle } from '../../format/data-types.ts';
import { formatCount } from '../../format/money.ts';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { ColumnMenu, useColumns } from './columns.tsx';
import { type Field, listPathOf } from './fields.ts';
import { Filters } from './filters.tsx';
import type { Rows } from './pages-in-view.ts';
import { RecordTable } from './record-table.tsx';
import { useRecords } from './use-records.ts';

/** The records of one data type: filters, columns, and the table. */
export function RecordList(props: {
  companyId: string;
  connectionId: string;
  dataType: string;
  /** Of bank transactions. */
  accountId?: string;
  fields: readonly Field[];
}) {
  const { companyId, connectionId, dataType, accountId, fields } = props;
  const [parameters, setParameters] = useSearchParams();
  const query = parameters.get('query') ?? '';
  const orderBy = parameters.get('orderBy') ?? '';
  const set = (name: string, value: string) =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const [rows, setRows] = useState<Rows>({ first: 0, last: 30 });
  const records = useRecords(
    {
      companyId,
      connectionId,
      listPath: listPathOf(dataType, accountId),
      ...(query !== '' && { query }),
      ...(orderBy !== '' && { orderBy }),
    },
    rows,
  );
  const columns = useColumns(dataType, fields);
  const refusal =
    records.error instanceof ApiProblem && records.error.status === 400 ? records.error : undefined;
  const title = dataTypeTitle(dataType);
  return (
    <Section title={title} actions={<ColumnMenu {...columns} fields={fields} />}>
      <Filters
        key={query}
        fields={fields}
        query={query}
        problem={refusal && (refusal.fields[0]?.message ?? refusal.message)}
        onChange={(next) => set('query', next)}
      />
      {records.error !== undefined && refusal === undefined && (
        <Problem error={records.error} onRetry={records.retry} />
      )}
      <Group justify="space-between" mih={20}>
        <Text size="sm" c="dimmed" role="status" className="figures">
          {records.total !== undefined &&
            (records.total === 1 ? '1 record' : `${formatCount(records.total)} records`)}
          {records.total === undefined && records.error === undefined && 'Reading…'}
        </Text>
      </Group>
      {records.total !== undefined && records.total > 0 && (
        <RecordTable
          key={`${query} ${orderBy}`}
          companyId={companyId}
          connectionId={connectionId}
          dataType={dataType}
          label={title}
          columns={columns.shown}
          records={records}
          total={records.total}
          orderBy={orderBy}
          onOrder={(next) => set('orderBy', next)}
          onRows={setRows}
        />
      )}
      {records.total === 0 && (
        <Text size="sm" py="lg" ta="center">
          {query === '' ? 'There are none.' : 'No record matches the filter.'}
        </Text>
      )}
    </Section>
  );
}
