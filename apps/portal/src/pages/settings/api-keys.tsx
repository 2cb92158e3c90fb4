import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useChange, useResource } from '../../api/resource.ts';
import { toastDone } from '../../app/toasts.ts';
import { Confirmation } from '../../ui/confirmation.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { Section } from '../../ui/section.tsx';
import { Instant } from '../../ui/time.tsx';
import classes from './settings.module.css';

interface ApiKey {
  readonly id: string;
  readonly name?: string;
  readonly createdDate: string;
}

const path = '/apiKeys';
const longestName = 50;

export default function ApiKeysPage() {
  const keys = useResource<{ results: readonly ApiKey[] }>(path);
  const [isAsking, asking] = useDisclosure();
  const [secret, setSecret] = useState<string>();
  const [doomed, setDoomed] = useState<ApiKey>();
  const create = (
    <GuardedButton
      permission="manageSettings"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={asking.open}
    >
      New API key
    </GuardedButton>
  );
  return (
    <Page
      title="API keys"
      lead="Your systems read companies and their data with a key. Give each system its own."
      actions={create}
    >
      <Section title="Keys in use">
        <QueryView query={keys}>
          {({ results }) =>
            results.length === 0 ? (
              <EmptyState icon={IconKey} title="No API keys yet" action={create}>
                Make one for the system that will read your customers’ books.
              </EmptyState>
            ) : (
              <ScrollTable label="API keys" minWidth={480}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Name</Table.Th>
                    <Table.Th>Created</Table.Th>
                    <Table.Th aria-label="Actions" />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {results.map((key) => (
                    <Table.Tr key={key.id}>
                      <Table.Td className={classes['wrap']}>
                        {key.name ? (
                          <bdi>{key.name}</bdi>
                        ) : (
                          <Text c="dimmed" size="sm">
                            Without a name
                          </Text>
                        )}
                      </Table.Td>
                      <Table.Td className={classes['nowrap']}>
                        <Instant at={key.createdDate} />
                      </Table.Td>
                      <Table.Td className={classes['end']}>
                        <GuardedButton
                          permission="manageSettings"
                          size="compact-sm"
                          variant="light"
                          color="red"
                          onClick={() => setDoomed(key)}
                          aria-label={`Delete API key ${key.name ?? ''}`}
                        >
                          Delete
                        </GuardedButton>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </ScrollTable>
            )
          }
        </QueryView>
      </Section>
      <Dialog opened={isAsking} onClose={asking.close} title="New API key">
        {isAsking && (
          <NewKeyForm
            onClose={asking.close}
            onCreated={(key) => {
              asking.close();
              setSecret(key);
            }}
          />
        )}
      </Dialog>
      <SecretOnce
        title="Your new API key"
        label="API key"
        secret={secret}
        onClose={() => setSecret(undefined)}
      >
        It is shown this once: only a hash of it is stored. Whoever has it can read every company.
      </SecretOnce>
      {doomed && <DeleteKey apiKey={doomed} onClose={() => setDoomed(undefined)} />}
    </Page>
  );
}

function NewKeyForm({ onClose, onCreated }: { onClose: () => void; onCreated: (key: string) => void }) {
  const [name, setName] = useState('');
  const create = useChange<string, { apiKey: string }>(path, (api, given) =>
    api.post(path, given === '' ? {} : { name: given }),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!create.isPending) create.mutate(name.trim(), { onSuccess: ({ apiKey }) => onCreated(apiKey) });
      }}
    >
      <Stack>
        {create.isError && <Problem error={create.error} title="No key was made" />}
        <TextInput
          label="Name"
          description="Which system will use it, such as “loan desk”."
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={longestName}
          dir="auto"
          data-autofocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function DeleteKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const remove = useChange<string, void>(path, (api, id) => api.delete(`${path}/${id}`));
  return (
    <Confirmation
      opened
      onClose={onClose}
      title="Delete API key"
      confirm="Delete key"
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(apiKey.id, {
          onSuccess: () => {
            toastDone('The API key was deleted.');
            onClose();
          },
        })
      }
    >
      Whatever uses the key <bdi>{apiKey.name ?? 'without a name'}</bdi> is refused from now on.
    </Confirmation>
  );
}
