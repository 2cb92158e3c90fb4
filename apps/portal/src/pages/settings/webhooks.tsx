import {
  Anchor,
  Badge,
  Button,
  Code,
  Group,
  MultiSelect,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconWebhook } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { asProblem } from '../../api/errors.ts';
import { useChange, useResource } from '../../api/resource.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { Section } from '../../ui/section.tsx';
import classes from './settings.module.css';
import { eventTypes, type WebhookConsumer, webhooksPath } from './webhook-types.ts';

export default function WebhooksPage() {
  const consumers = useResource<{ results: readonly WebhookConsumer[] }>(webhooksPath);
  const [isAsking, asking] = useDisclosure();
  const [secret, setSecret] = useState<string>();
  const create = (
    <GuardedButton
      permission="manageSettings"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={asking.open}
    >
      New webhook
    </GuardedButton>
  );
  return (
    <Page
      title="Webhooks"
      lead="Instead of asking again and again, let your systems be told: when a business has linked, when data was read."
      actions={create}
    >
      <Section title="Where events are sent">
        <QueryView query={consumers}>
          {({ results }) =>
            results.length === 0 ? (
              <EmptyState icon={IconWebhook} title="No webhooks yet" action={create}>
                Name an HTTPS address of yours. Every event is signed, and tried again for days while your
                system is away.
              </EmptyState>
            ) : (
              <ConsumerTable consumers={results} />
            )
          }
        </QueryView>
      </Section>
      <Dialog opened={isAsking} onClose={asking.close} title="New webhook" size="lg">
        {isAsking && (
          <NewWebhookForm
            onClose={asking.close}
            onCreated={(made) => {
              asking.close();
              setSecret(made);
            }}
          />
        )}
      </Dialog>
      <SecretOnce
        title="Signing secret"
        label="Signing secret"
        secret={secret}
        onClose={() => setSecret(undefined)}
      >
        Your system checks with it that events come from here. It is shown this once.
      </SecretOnce>
    </Page>
  );
}

function ConsumerTable({ consumers }: { consumers: readonly WebhookConsumer[] }) {
  return (
    <ScrollTable label="Webhooks" minWidth={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Address</Table.Th>
          <Table.Th>Events</Table.Th>
          <Table.Th>State</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {consumers.map((consumer) => (
          <Table.Tr key={consumer.id}>
            <Table.Td className={classes['wrap']}>
              <Anchor component={Link} to={`/settings/webhooks/${consumer.id}`} fw={500}>
                {consumer.url}
              </Anchor>
            </Table.Td>
            <Table.Td>
              {consumer.eventTypes.length === 0 ? (
                'Every event'
              ) : (
                <Text size="sm" lineClamp={2}>
                  {consumer.eventTypes.join(', ')}
                </Text>
              )}
            </Table.Td>
            <Table.Td className={classes['nowrap']}>
              <ConsumerState consumer={consumer} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollTable>
  );
}

/** Whether events get there. */
export function ConsumerState({ consumer }: { consumer: WebhookConsumer }) {
  const { disabled, failingSince } = consumer;
  const [color, label] = disabled
    ? ['gray', 'Disabled']
    : failingSince !== undefined
      ? ['red', 'Failing']
      : ['green', 'Enabled'];
  return (
    <Badge variant="light" color={color} tt="none" fw={600}>
      {label}
    </Badge>
  );
}

interface NewWebhook {
  readonly url: string;
  readonly eventTypes: readonly string[];
}

function NewWebhookForm({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: (secret: string) => void;
}) {
  const create = useChange<NewWebhook, { secret: string }>(webhooksPath, (api, body) =>
    api.post(webhooksPath, body),
  );
  const form = useForm<{ url: string; eventTypes: string[] }>({
    initialValues: { url: '', eventTypes: [] },
    validate: { url: (text) => (text.trim() === '' ? 'Enter the address.' : null) },
  });
  const submit = form.onSubmit(({ url, eventTypes: chosen }) => {
    if (create.isPending) return;
    create.mutate(
      { url: url.trim(), eventTypes: chosen },
      {
        onSuccess: ({ secret }) => onCreated(secret),
        onError: (error) => {
          const problem = asProblem(error).fieldProblem('url');
          if (problem) form.setFieldError('url', `The address ${problem}`);
        },
      },
    );
  });
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {create.isError && <Problem error={create.error} title="The webhook was not created" />}
        <TextInput
          label="Address"
          description="An https URL on the public internet."
          type="url"
          inputMode="url"
          placeholder="https://lender.example/events"
          required
          maxLength={2000}
          spellCheck={false}
          data-autofocus
          {...form.getInputProps('url')}
        />
        <MultiSelect
          label="Events"
          description="None chosen: every event."
          data={eventTypes}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Choose no event' }}
          nothingFoundMessage="There is no such event"
          maxDropdownHeight={220}
          {...form.getInputProps('eventTypes')}
        />
        <Text size="xs" c="dimmed">
          Requests carry the headers <Code>webhook-id</Code>, <Code>webhook-timestamp</Code> and{' '}
          <Code>webhook-signature</Code> of the Standard Webhooks scheme.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create webhook
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
