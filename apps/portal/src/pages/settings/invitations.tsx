import { Table, Text } from '@mantine/core';
import { roleNames } from '../../api/permissions.ts';
import { useChange, useResource } from '../../api/resource.ts';
import type { Role } from '../../api/types.ts';
import { toastDone, toastProblem } from '../../app/toasts.ts';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ScrollTable } from '../../ui/scroll-table.tsx';
import { Section } from '../../ui/section.tsx';
import { Instant } from '../../ui/time.tsx';
import classes from './settings.module.css';

interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly expiresOn: string;
  readonly invitedBy: string;
}

export const invitationsPath = '/portal/api/invitations';

/** Invitations that nobody has accepted yet. */
export function Invitations() {
  const invitations = useResource<{ results: readonly Invitation[] }>(invitationsPath);
  const withdraw = useChange<string, void>(invitationsPath, (api, id) =>
    api.delete(`${invitationsPath}/${id}`),
  );
  return (
    <Section title="Open invitations">
      <QueryView query={invitations} lines={1}>
        {({ results }) =>
          results.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nobody is invited at the moment.
            </Text>
          ) : (
            <ScrollTable label="Open invitations" minWidth={560}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>E-mail</Table.Th>
                  <Table.Th>Role</Table.Th>
                  <Table.Th>Works until</Table.Th>
                  <Table.Th aria-label="Actions" />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {results.map(({ id, email, role, expiresOn, invitedBy }) => (
                  <Table.Tr key={id}>
                    <Table.Td className={classes['wrap']}>
                      {email}
                      <Text size="xs" c="dimmed">
                        Invited by <bdi>{invitedBy}</bdi>
                      </Text>
                    </Table.Td>
                    <Table.Td>{roleNames[role]}</Table.Td>
                    <Table.Td className={classes['nowrap']}>
                      <Instant at={expiresOn} />
                    </Table.Td>
                    <Table.Td className={classes['end']}>
                      <GuardedButton
                        permission="inviteUsers"
                        size="compact-sm"
                        variant="light"
                        color="red"
                        loading={withdraw.isPending && withdraw.variables === id}
                        aria-label={`Withdraw the invitation of ${email}`}
                        onClick={() =>
                          withdraw.mutate(id, {
                            onSuccess: () => toastDone('The invitation was withdrawn.'),
                            onError: toastProblem,
                          })
                        }
                      >
                        Withdraw
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
  );
}
