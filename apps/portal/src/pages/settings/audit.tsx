import { Badge, Stack, Table, Text } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useState } from 'react';
import { useResource } from '../../api/resource.ts';
import type { Page as PageOf } from '../../api/types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { Section } from '../../ui/section.tsx';
import { Instant } from '../../ui/time.tsx';
import { type AuditEntry, actionWords, actorWords, detailWords } from './audit-words.ts';
import classes from './settings.module.css';

const pageSize = 50;

export default function AuditPage() {
  const [page, setPage] = useState(1);
  const entries = useResource<PageOf<AuditEntry>>('/portal/api/auditLog', { page, pageSize });
  return (
    <Page
      title="Audit log"
      lead="Every change that somebody made, in this portal or through the API. Newest first."
    >
      <Section title="Changes">
        <QueryView query={entries} lines={8}>
          {({ results, totalResults }) =>
            totalResults === 0 ? (
              <EmptyState icon={IconListDetails} title="Nothing was changed yet">
                As soon as somebody creates a company or changes a setting, it stands here.
              </EmptyState>
            ) : (
              <Stack>
                <ScrollTable label="Changes" minWidth={720}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>When</Table.Th>
                      <Table.Th>Who</Table.Th>
                      <Table.Th>What</Table.Th>
                      <Table.Th>Details</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {results.map((entry) => (
                      <EntryRow key={entry.id} entry={entry} />
                    ))}
                  </Table.Tbody>
                </ScrollTable>
                <Pager
                  page={page}
                  pageSize={pageSize}
                  total={totalResults}
                  label="Pages of changes"
                  onChange={setPage}
                />
              </Stack>
            )
          }
        </QueryView>
      </Section>
    </Page>
  );
}

function EntryRow({ entry }: { entry: AuditEntry }) {
  return (
    <Table.Tr>
      <Table.Td className={classes['nowrap']}>
        <Instant at={entry.at} />
      </Table.Td>
      <Table.Td className={classes['wrap']}>
        <bdi>{actorWords(entry.actor)}</bdi>
        {entry.ip && (
          <Text size="xs" c="dimmed">
            {entry.ip}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {actionWords(entry.action)}
        {entry.outcome === 'unknown' && (
          <Badge
            ml={6}
            size="sm"
            variant="light"
            color="yellow"
            tt="none"
            title="It was begun; its end was not written down."
          >
            End unknown
          </Badge>
        )}
      </Table.Td>
      <Table.Td className={classes['wrap']}>
        <Text size="xs" c="dimmed">
          {detailWords(entry)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
