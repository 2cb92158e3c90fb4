import { Badge, Button, Code, Stack, Table, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { useChange, useResource } from '../../api/resource.ts';
import type { Page } from '../../api/types.ts';
import { toastDone, toastProblem } from '../../app/toasts.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { Section } from '../../ui/section.tsx';
import { Instant } from '../../ui/time.tsx';
import classes from './settings.module.css';
import { type WebhookDelivery, webhooksPath } from './webhook-types.ts';

const pageSize = 25;
const colors = { Pending: 'yellow', Succeeded: 'green', Failed: 'red' } as const;

/** What was sent to a consumer, with every attempt. @param props.path of the consumer @param props.onRefresh its state may be another too */
export function DeliveryLog({ path, onRefresh }: { path: string; onRefresh: () => void }) {
  const [page, setPage] = useState(1);
  const deliveries = useResource<Page<WebhookDelivery>>(`${path}/deliveries`, {
    page,
    pageSize,
    orderBy: '-created',
  });
  return (
    <Section
      title="Deliveries"
      description="Newest first. A replay sends the same event again, with the same id."
      actions={
        <Button
          variant="default"
          size="xs"
          onClick={() => {
            void deliveries.refetch();
            onRefresh();
          }}
          loading={deliveries.isFetching}
        >
          Refresh
        </Button>
      }
    >
      <QueryView query={deliveries}>
        {({ results, totalResults }) =>
          totalResults === 0 ? (
            <EmptyState icon={IconSend} title="Nothing was sent yet">
              Create a company, or sync one, and its events appear here.
            </EmptyState>
          ) : (
            <Stack>
              <ScrollTable label="Deliveries" minWidth={640}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Event</Table.Th>
                    <Table.Th>Status</Table.Th>
                    <Table.Th>Created</Table.Th>
                    <Table.Th>Attempts</Table.Th>
                    <Table.Th aria-label="Actions" />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {results.map((delivery) => (
                    <DeliveryRows key={delivery.id} delivery={delivery} path={path} />
                  ))}
                </Table.Tbody>
              </ScrollTable>
              <Pager
                page={page}
                pageSize={pageSize}
                total={totalResults}
                label="Pages of deliveries"
                onChange={setPage}
              />
            </Stack>
          )
        }
      </QueryView>
    </Section>
  );
}

function DeliveryRows({ delivery, path }: { delivery: WebhookDelivery; path: string }) {
  const [isOpen, setOpen] = useState(false);
  const replay = useChange<void, WebhookDelivery>(webhooksPath, (api) =>
    api.post(`${path}/deliveries/${delivery.id}/replay`),
  );
  const { attempts, eventType, status } = delivery;
  return (
    <Fragment>
      <Table.Tr>
        <Table.Td className={classes['wrap']}>
          {eventType}
          <Text className={classes['mono']} c="dimmed">
            {delivery.eventId}
          </Text>
        </Table.Td>
        <Table.Td>
          <Badge variant="light" color={colors[status]} tt="none" fw={600}>
            {status}
          </Badge>
        </Table.Td>
        <Table.Td className={classes['nowrap']}>
          <Instant at={delivery.created} />
        </Table.Td>
        <Table.Td>
          <Button
            variant="subtle"
            size="compact-sm"
            aria-expanded={isOpen}
            aria-label={`${attempts.length} attempts of ${eventType}`}
            disabled={attempts.length === 0}
            onClick={() => setOpen(!isOpen)}
          >
            {attempts.length}
          </Button>
        </Table.Td>
        <Table.Td className={classes['end']}>
          <GuardedButton
            permission="manageSettings"
            size="compact-sm"
            variant="light"
            loading={replay.isPending}
            aria-label={`Replay ${eventType}`}
            onClick={() =>
              replay.mutate(undefined, {
                onSuccess: () => toastDone('The event is on its way again.'),
                onError: toastProblem,
              })
            }
          >
            Replay
          </GuardedButton>
        </Table.Td>
      </Table.Tr>
      {isOpen && (
        <Table.Tr>
          <Table.Td colSpan={5}>
            <Stack gap="xs">
              {attempts.map((attempt) => (
                <div key={attempt.startedDate}>
                  <Text size="sm">
                    <Instant at={attempt.startedDate} /> ·{' '}
                    {attempt.statusCode === undefined ? attempt.failure : `answered ${attempt.statusCode}`} ·{' '}
                    {attempt.durationMs} ms
                  </Text>
                  {attempt.responseExcerpt && <Code block>{attempt.responseExcerpt}</Code>}
                </div>
              ))}
              {delivery.nextAttempt && (
                <Text size="sm" c="dimmed">
                  Next attempt: <Instant at={delivery.nextAttempt} />
                </Text>
              )}
            </Stack>
          </Table.Td>
        </Table.Tr>
      )}
    </Fragment>
  );
}
