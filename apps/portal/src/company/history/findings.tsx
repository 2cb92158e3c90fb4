import { Anchor, Badge, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { Section } from '../../ui/section.tsx';
import classes from '../company.module.css';
import { useCurrentCompany } from '../company-context.tsx';
import { recordPlace } from '../places.ts';
import { type PullOperation, useFindings } from './api.ts';

const pageSize = 25;

/** What was odd about the data that a run read. */
export function Findings({ pull, isLive }: { pull: PullOperation; isLive: boolean }) {
  const company = useCurrentCompany();
  const query = useFindings(company.id, pull.id, isLive);
  const [page, setPage] = useState(1);
  return (
    <Section
      title="Warnings"
      description="What does not add up in the books, as they are at the platform. The first 10,000 are kept."
    >
      <QueryView query={query}>
        {({ errors, warnings }) => {
          const all = [
            ...errors.map((finding) => ({ ...finding, isError: true })),
            ...warnings.map((finding) => ({ ...finding, isError: false })),
          ];
          if (all.length === 0)
            return (
              <Text size="sm" c="dimmed">
                Nothing was found.
              </Text>
            );
          const shown = all.slice((page - 1) * pageSize, page * pageSize);
          return (
            <>
              <ScrollTable label="Warnings" minWidth={560} verticalSpacing="xs">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Kind</Table.Th>
                    <Table.Th>Record</Table.Th>
                    <Table.Th>What was found</Table.Th>
                    <Table.Th>Rule</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {shown.map(({ ruleId, itemId, message, isError }, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: two findings may be alike in all that they say
                    <Table.Tr key={index}>
                      <Table.Td>
                        <Badge variant="light" color={isError ? 'red' : 'yellow'} tt="none" fw={600}>
                          {isError ? 'Error' : 'Warning'}
                        </Badge>
                      </Table.Td>
                      <Table.Td>
                        {itemId !== undefined && (
                          <Anchor
                            component={Link}
                            to={`/companies/${company.id}/${recordPlace(pull, itemId)}`}
                            className={classes['mono']}
                          >
                            {itemId}
                          </Anchor>
                        )}
                      </Table.Td>
                      <Table.Td className={classes['wrap']}>{message}</Table.Td>
                      <Table.Td className={classes['mono']}>{ruleId}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </ScrollTable>
              <Pager
                page={page}
                pageSize={pageSize}
                total={all.length}
                label="Pages of warnings"
                onChange={setPage}
              />
            </>
          );
        }}
      </QueryView>
    </Section>
  );
}
