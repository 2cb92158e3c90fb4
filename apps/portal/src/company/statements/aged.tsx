import { Anchor, Group, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { formatDay } from '../../format/dates.ts';
import { formatMoney } from '../../format/money.ts';
import { Pager } from '../../ui/pager.tsx';
import { Loading } from '../../ui/query-view.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { Section } from '../../ui/section.tsx';
import { companyPath } from '../api.ts';
import { useCurrentCompany } from '../company-context.tsx';
import { type AgedTable, agedTables, bucketName } from './aged-rows.ts';
import { isZero } from './amounts.ts';
import { Chart } from './chart.tsx';
import classes from './statement-table.module.css';
import { DerivedNote, StatementProblem } from './statement-view.tsx';
import type { AgedReport } from './types.ts';
import { useStatement } from './use-statement.ts';

const sides = {
  debtors: {
    title: 'Aged debtors',
    path: 'agedDebtor',
    party: 'Customer',
    dataType: 'customers',
    description: 'What customers owe, by the age of the invoice.',
    none: 'Nobody owes anything at that day.',
  },
  creditors: {
    title: 'Aged creditors',
    path: 'agedCreditor',
    party: 'Supplier',
    dataType: 'suppliers',
    description: 'What suppliers are owed, by the age of the bill.',
    none: 'Nothing is owed at that day.',
  },
} as const;

type Side = keyof typeof sides;

const lengths = [
  { value: '7', label: 'Weeks' },
  { value: '30', label: '30 days' },
  { value: '60', label: '60 days' },
  { value: '90', label: '90 days' },
];

/** Debts by age, on one side of the books. */
export function AgedPart({ side }: { side: Side }) {
  const { title, path, description, none } = sides[side];
  const company = useCurrentCompany();
  const [reportDate, setReportDate] = useState(() => new Date().toISOString().slice(0, 10));
  const [length, setLength] = useState('30');
  const query = useStatement<AgedReport>(company.id, `${companyPath(company.id)}/reports/${path}`, {
    reportDate,
    numberOfPeriods: 4,
    periodLengthDays: Number(length),
  });
  return (
    <Section
      title={title}
      description={description}
      actions={
        <Group gap="xs">
          <Select
            aria-label="Length of a period"
            data={lengths}
            value={length}
            onChange={(value) => setLength(value ?? '30')}
            allowDeselect={false}
            w={120}
          />
          <TextInput
            aria-label="Report date"
            type="date"
            value={reportDate}
            min="1900-01-01"
            max="9999-12-31"
            onChange={(event) => event.currentTarget.value && setReportDate(event.currentTarget.value)}
            w={160}
          />
        </Group>
      }
    >
      {query.isError && <StatementProblem error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Loading lines={8} />}
      {query.data && !query.isError && (
        <Stack>
          {agedTables(query.data.body).map((table) => (
            <OneCurrency key={table.currency ?? ''} table={table} side={side} report={query.data.body} />
          ))}
          {query.data.body.data.length === 0 && (
            <Text size="sm" c="dimmed" py="md" ta="center">
              {none}
            </Text>
          )}
          <DerivedNote derivedFrom={query.data.derivedFrom} />
        </Stack>
      )}
    </Section>
  );
}

const pageSize = 50;

function OneCurrency({ table, side, report }: { table: AgedTable; side: Side; report: AgedReport }) {
  const { currency, buckets, rows, totals, total } = table;
  const { party, dataType, title } = sides[side];
  const company = useCurrentCompany();
  const [page, setPage] = useState(1);
  const names = buckets.map((bucket) => bucketName(bucket, report.reportDate));
  const label = currency === undefined ? title : `${title} in ${currency}`;
  return (
    <Stack gap="sm">
      <Title order={3} size="h5">
        {currency ?? 'Without a currency'}: {formatMoney(total, currency)} on {formatDay(report.reportDate)}
      </Title>
      <Chart
        title={`${label} by age`}
        currency={currency}
        series={[{ label: 'Outstanding', colour: 1, shape: 'bar' }]}
        groups={names.map((name, index) => ({ label: name, amounts: [totals[index] ?? 0] }))}
      />
      <ScrollTable label={label} minWidth={620} verticalSpacing={7}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{party}</Table.Th>
            {names.map((name) => (
              <Table.Th key={name} className={classes['amount']}>
                {name}
              </Table.Th>
            ))}
            <Table.Th className={classes['amount']}>Total</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice((page - 1) * pageSize, page * pageSize).map((row) => (
            <Table.Tr key={row.id}>
              <Table.Td style={{ overflowWrap: 'anywhere', minWidth: '9rem' }}>
                {row.id === '' || row.id === 'NullId' ? (
                  'Nobody'
                ) : (
                  <Anchor
                    component={Link}
                    to={`/companies/${company.id}/data/${dataType}/${encodeURIComponent(row.id)}`}
                    size="sm"
                  >
                    <bdi>{row.name}</bdi>
                  </Anchor>
                )}
              </Table.Td>
              {row.amounts.map((amount, index) => (
                <Table.Td key={names[index]} className={classes['amount']}>
                  {isZero(amount) ? '–' : formatMoney(amount, currency)}
                </Table.Td>
              ))}
              <Table.Td className={classes['amount']} fw={600}>
                {formatMoney(row.total, currency)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th>Total</Table.Th>
            {totals.map((amount, index) => (
              <Table.Th key={names[index]} className={classes['amount']}>
                {formatMoney(amount, currency)}
              </Table.Th>
            ))}
            <Table.Th className={classes['amount']}>{formatMoney(total, currency)}</Table.Th>
          </Table.Tr>
        </Table.Tfoot>
      </ScrollTable>
      {rows.length > pageSize && (
        <Pager
          page={page}
          pageSize={pageSize}
          total={rows.length}
          label={`Pages of ${label}`}
          onChange={setPage}
        />
      )}
    </Stack>
  );
}
