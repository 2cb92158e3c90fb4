import { Badge, Code, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { formatDuration } from '../../format/durations.ts';
import { formatCount } from '../../format/money.ts';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { Section } from '../../ui/section.tsx';
import classes from '../company.module.css';
import { useCurrentCompany } from '../company-context.tsx';
import { type UpstreamRequest, useUpstreamRequests } from './api.ts';

const pageSize = 25;

/** Every call that a run made to the platform. */
export function UpstreamRequests({ pullId, isLive }: { pullId: string; isLive: boolean }) {
  const company = useCurrentCompany();
  const [page, setPage] = useState(1);
  const query = useUpstreamRequests(company.id, pullId, { page, pageSize, isLive });
  return (
    <Section title="Requests to the platform" description="Each attempt of each call. Secrets are left out.">
      <QueryView query={query} lines={5}>
        {({ results, totalResults }) =>
          totalResults === 0 ? (
            <Text size="sm" c="dimmed">
              None are on record: the run made none, or they are older than the request log is kept.
            </Text>
          ) : (
            <>
              <ScrollTable label="Requests to the platform" minWidth={680} verticalSpacing={6}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Call</Table.Th>
                    <Table.Th>Answer</Table.Th>
                    <Table.Th className={classes['end']}>Took</Table.Th>
                    <Table.Th className={classes['end']}>Records</Table.Th>
                    <Table.Th className={classes['end']}>Attempt</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {results.map((request, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: requests have no id, and their order never changes
                    <RequestRow key={index} request={request} />
                  ))}
                </Table.Tbody>
              </ScrollTable>
              <Pager
                page={page}
                pageSize={pageSize}
                total={totalResults}
                label="Pages of requests"
                onChange={setPage}
              />
            </>
          )
        }
      </QueryView>
    </Section>
  );
}

function RequestRow({ request }: { request: UpstreamRequest }) {
  const { method, path, status, durationMs, records, attempt, failure, excerpt } = request;
  const isGood = status !== undefined && status < 400;
  return (
    <Table.Tr>
      <Table.Td>
        <Text className={classes['mono']} component="div">
          <strong>{method}</strong> {path}
        </Text>
        {failure && (
          <Text size="xs" c="red" className={classes['wrap']}>
            {failure}
          </Text>
        )}
        {excerpt && (
          <Code block fz="xs" mt={4}>
            {excerpt}
          </Code>
        )}
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={isGood ? 'green' : 'red'} tt="none" fw={600}>
          {status ?? 'No answer'}
        </Badge>
      </Table.Td>
      <Table.Td className={`${classes['end']} ${classes['nowrap']}`}>{formatDuration(durationMs)}</Table.Td>
      <Table.Td className={classes['end']}>{records === undefined ? '–' : formatCount(records)}</Table.Td>
      <Table.Td className={classes['end']}>{attempt}</Table.Td>
    </Table.Tr>
  );
}
