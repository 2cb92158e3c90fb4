import { Badge, Group, Select, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { roleNames, useRefusal } from '../../api/permissions.ts';
import { useChange, useResource } from '../../api/resource.ts';
import { useSession } from '../../api/session.ts';
import type { Role } from '../../api/types.ts';
import { toastDone, toastProblem } from '../../app/toasts.ts';
import { Confirmation } from '../../ui/confirmation.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { Section } from '../../ui/section.tsx';
import { Ago } from '../../ui/time.tsx';
import { Invitations } from './invitations.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { rolesAsOptions } from './roles.ts';
import classes from './settings.module.css';

interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly isDisabled: boolean;
  readonly lastSignIn?: string;
}

const path = '/portal/api/users';

export default function UsersPage() {
  const users = useResource<{ results: readonly User[] }>(path);
  const [isInviting, inviting] = useDisclosure();
  const [doomed, setDoomed] = useState<User>();
  return (
    <Page
      title="Users"
      lead="Who may use this portal, and what they may do."
      actions={
        <GuardedButton
          permission="inviteUsers"
          leftSection={<IconUserPlus size={16} aria-hidden />}
          onClick={inviting.open}
        >
          Invite somebody
        </GuardedButton>
      }
    >
      <Stack gap="lg">
        <Section title="Users">
          <QueryView query={users}>
            {({ results }) => (
              <ScrollTable label="Users" minWidth={640}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Name</Table.Th>
                    <Table.Th>Role</Table.Th>
                    <Table.Th>Last signed in</Table.Th>
                    <Table.Th aria-label="Actions" />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {results.map((user) => (
                    <UserRow key={user.id} user={user} onDelete={() => setDoomed(user)} />
                  ))}
                </Table.Tbody>
              </ScrollTable>
            )}
          </QueryView>
        </Section>
        <Invitations />
        <RoleGuide />
      </Stack>
      <InviteDialog opened={isInviting} onClose={inviting.close} />
      {doomed && <DeleteUser user={doomed} onClose={() => setDoomed(undefined)} />}
    </Page>
  );
}

function UserRow({ user, onDelete }: { user: User; onDelete: () => void }) {
  const own = useSession().user;
  const mayNot = useRefusal('manageUsers');
  const change = useChange<{ role?: Role; isDisabled?: boolean }, User>(path, (api, body) =>
    api.patch(`${path}/${user.id}`, body),
  );
  const isSelf = own.id === user.id;
  const apply = (body: { role?: Role; isDisabled?: boolean }, done: string) => {
    if (!change.isPending) change.mutate(body, { onSuccess: () => toastDone(done), onError: toastProblem });
  };
  return (
    <Table.Tr>
      <Table.Td className={classes['wrap']}>
        <Group gap={6}>
          <Text size="sm" fw={600}>
            <bdi>{user.name}</bdi>
          </Text>
          {isSelf && (
            <Badge size="xs" variant="light" color="gray" tt="none">
              You
            </Badge>
          )}
          {user.isDisabled && (
            <Badge size="xs" variant="light" color="red" tt="none">
              Disabled
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {user.email}
        </Text>
      </Table.Td>
      <Table.Td>
        {mayNot === undefined && !isSelf ? (
          <Select
            aria-label={`Role of ${user.name}`}
            data={rolesAsOptions}
            value={change.isPending ? (change.variables.role ?? user.role) : user.role}
            onChange={(role) => role && apply({ role: role as Role }, `${user.name} has another role now.`)}
            allowDeselect={false}
            size="xs"
            w={150}
          />
        ) : (
          roleNames[user.role]
        )}
      </Table.Td>
      <Table.Td className={classes['nowrap']}>
        {user.lastSignIn ? (
          <Ago at={user.lastSignIn} />
        ) : (
          <Text size="sm" c="dimmed">
            Never
          </Text>
        )}
      </Table.Td>
      <Table.Td className={classes['end']}>
        {!isSelf && (
          <Group gap={6} justify="flex-end" wrap="nowrap">
            <GuardedButton
              permission="manageUsers"
              size="compact-sm"
              variant="default"
              loading={change.isPending}
              aria-label={`${user.isDisabled ? 'Enable' : 'Disable'} ${user.name}`}
              onClick={() =>
                apply(
                  { isDisabled: !user.isDisabled },
                  user.isDisabled
                    ? `${user.name} may sign in again.`
                    : `${user.name} is signed out everywhere.`,
                )
              }
            >
              {user.isDisabled ? 'Enable' : 'Disable'}
            </GuardedButton>
            <GuardedButton
              permission="manageUsers"
              size="compact-sm"
              variant="light"
              color="red"
              aria-label={`Remove ${user.name}`}
              onClick={onDelete}
            >
              Remove
            </GuardedButton>
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function DeleteUser({ user, onClose }: { user: User; onClose: () => void }) {
  const remove = useChange<void, void>(path, (api) => api.delete(`${path}/${user.id}`));
  return (
    <Confirmation
      opened
      onClose={onClose}
      title="Remove user"
      confirm="Remove user"
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            toastDone('The user was removed.');
            onClose();
          },
        })
      }
    >
      <bdi>{user.name}</bdi> ({user.email}) is signed out everywhere and cannot sign in again. The audit log
      keeps what they did.
    </Confirmation>
  );
}

function RoleGuide() {
  return (
    <Section title="What each role may do">
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {[
            ['Viewer', 'Looks at companies, their data and the settings.'],
            ['Operator', 'Also creates and renames companies, and syncs them.'],
            [
              'Administrator',
              'Also deletes companies, changes settings and integrations, and invites users.',
            ],
            ['Owner', 'Also changes and removes users, and makes other owners.'],
          ].map(([role, words]) => (
            <Table.Tr key={role}>
              <Table.Th scope="row" w={140}>
                {role}
              </Table.Th>
              <Table.Td>{words}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
