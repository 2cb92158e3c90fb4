import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { toastDone } from '../../app/toasts.ts';
import { Confirmation } from '../../ui/confirmation.tsx';
import { CopyField } from '../../ui/copy.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Section } from '../../ui/section.tsx';
import { LinkStatusBadge } from '../../ui/status-badge.tsx';
import { Ago, Instant } from '../../ui/time.tsx';
import { TypedConfirmation } from '../../ui/typed-confirmation.tsx';
import { type CompanyConnection, useDeleteConnection, useUnlink } from '../api.ts';
import { useCurrentCompany } from '../company-context.tsx';
import classes from './overview.module.css';

type Asked = { readonly connection: CompanyConnection; readonly action: 'disconnect' | 'delete' };

/** Platforms of the company, and how its access to each stands. */
export function Connections() {
  const { dataConnections } = useCurrentCompany();
  const [asked, setAsked] = useState<Asked>();
  return (
    <Section title={dataConnections.length === 1 ? 'Connection' : 'Connections'}>
      <ul className={classes['connections']}>
        {dataConnections.map((connection) => (
          <li key={connection.id} className={classes['connection']}>
            <OneConnection connection={connection} onAsk={(action) => setAsked({ connection, action })} />
          </li>
        ))}
      </ul>
      {asked?.action === 'disconnect' && (
        <Disconnect connection={asked.connection} onClose={() => setAsked(undefined)} />
      )}
      {asked?.action === 'delete' && (
        <Delete connection={asked.connection} onClose={() => setAsked(undefined)} />
      )}
    </Section>
  );
}

function OneConnection(props: { connection: CompanyConnection; onAsk: (action: Asked['action']) => void }) {
  const { connection, onAsk } = props;
  const isLinked = connection.status === 'Linked';
  const trouble = connection.dataConnectionErrors?.find(({ status }) => status === 'Active');
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <div>
          <Group gap="xs">
            <Text fw={600}>{connection.platformName}</Text>
            <LinkStatusBadge status={connection.status} />
          </Group>
          <Text size="sm" c="dimmed">
            Created <Instant at={connection.created} />
            {connection.lastSync && (
              <>
                {' '}
                · last sync <Ago at={connection.lastSync} />
              </>
            )}
          </Text>
        </div>
        <Group gap="xs">
          {isLinked ? (
            <GuardedButton
              permission="manageCompanies"
              variant="default"
              size="xs"
              onClick={() => onAsk('disconnect')}
            >
              Disconnect
            </GuardedButton>
          ) : (
            <GuardedButton
              permission="deleteCompanies"
              variant="default"
              size="xs"
              onClick={() => onAsk('delete')}
            >
              Delete with its data
            </GuardedButton>
          )}
        </Group>
      </Group>
      {trouble && !isLinked && (
        <Alert color="red" title={trouble.statusText}>
          {trouble.errorMessage}
        </Alert>
      )}
      {!isLinked && <Reconnect connection={connection} />}
    </Stack>
  );
}

const reasons: Readonly<Record<CompanyConnection['status'], string>> = {
  Linked: '',
  PendingAuth: 'The business has not consented yet. It does at this address:',
  Unlinked: 'The connection was ended; its data is kept. The business connects again at this address:',
  Deauthorized:
    'The platform refuses access since the business, or the platform, took it back. The business gives it again at this address:',
};

function Reconnect({ connection }: { connection: CompanyConnection }) {
  return (
    <Stack gap={4}>
      <Text size="sm">
        {reasons[connection.status]}{' '}
        <Anchor href={connection.linkUrl} target="_blank" rel="noreferrer" size="sm" underline="always">
          Open
        </Anchor>
      </Text>
      <CopyField label={`Address to connect ${connection.platformName}`} value={connection.linkUrl} />
    </Stack>
  );
}

function Disconnect({ connection, onClose }: { connection: CompanyConnection; onClose: () => void }) {
  const company = useCurrentCompany();
  const unlink = useUnlink(company.id);
  return (
    <Confirmation
      opened
      onClose={onClose}
      title={`Disconnect ${connection.platformName}?`}
      confirm="Disconnect"
      isPending={unlink.isPending}
      error={unlink.error}
      onConfirm={() =>
        unlink.mutate(connection.id, {
          onSuccess: () => {
            toastDone(`${connection.platformName} is disconnected.`);
            onClose();
          },
        })
      }
    >
      Nothing more is read from{' '}
      <bdi className={classes['wrap']}>
        <strong>{company.name}</strong>
      </bdi>
      , and the platform’s tokens are deleted. What was read stays. The business can connect again with the
      same link.
    </Confirmation>
  );
}

function Delete({ connection, onClose }: { connection: CompanyConnection; onClose: () => void }) {
  const company = useCurrentCompany();
  const erase = useDeleteConnection(company.id);
  return (
    <TypedConfirmation
      opened
      onClose={onClose}
      title="Delete connection"
      name={connection.platformName}
      confirm="Delete for good"
      isPending={erase.isPending}
      error={erase.error}
      onConfirm={() =>
        erase.mutate(connection.id, {
          onSuccess: () => {
            toastDone('The connection and its data were deleted.');
            onClose();
          },
        })
      }
    >
      Everything that was read through this connection is erased. This cannot be undone.
    </TypedConfirmation>
  );
}
