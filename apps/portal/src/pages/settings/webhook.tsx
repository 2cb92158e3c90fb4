import { Alert, Group, Stack, Switch, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useRefusal } from '../../api/permissions.ts';
import { useChange, useResource } from '../../api/resource.ts';
import { toastDone, toastProblem } from '../../app/toasts.ts';
import { Confirmation } from '../../ui/confirmation.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SecretOnce } from '../../ui/secret-once.tsx';
import { Section } from '../../ui/section.tsx';
import { Instant } from '../../ui/time.tsx';
import { DeliveryLog } from './delivery-log.tsx';
import { type WebhookConsumer, webhooksPath } from './webhook-types.ts';
import { ConsumerState } from './webhooks.tsx';

const trail = [{ label: 'Webhooks', to: '/settings/webhooks' }];

export default function WebhookPage() {
  const { webhookId = '' } = useParams();
  const path = `${webhooksPath}/${encodeURIComponent(webhookId)}`;
  const consumer = useResource<WebhookConsumer>(path);
  return (
    <Page title={consumer.data?.url ?? 'Webhook'} trail={trail}>
      <QueryView query={consumer}>
        {(data) => (
          <Stack gap="lg">
            <ConsumerSection consumer={data} path={path} />
            <DeliveryLog path={path} onRefresh={() => void consumer.refetch()} />
          </Stack>
        )}
      </QueryView>
    </Page>
  );
}

function ConsumerSection({ consumer, path }: { consumer: WebhookConsumer; path: string }) {
  const [asked, setAsked] = useState<'rotate' | 'delete'>();
  const [secret, setSecret] = useState<string>();
  const close = () => setAsked(undefined);
  return (
    <Section
      title="Consumer"
      description={
        consumer.eventTypes.length === 0 ? 'Gets every event.' : `Gets ${consumer.eventTypes.join(', ')}.`
      }
      actions={<ConsumerState consumer={consumer} />}
    >
      {consumer.disabledReason !== undefined && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="Disabled by Tributary">
          {consumer.disabledReason} Enable it again when your system answers.
        </Alert>
      )}
      {consumer.failingSince !== undefined && !consumer.disabled && (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />}>
          No attempt has succeeded since <Instant at={consumer.failingSince} />. The log below tells why.
        </Alert>
      )}
      <Group>
        <EnabledSwitch consumer={consumer} path={path} />
        <Group gap="sm" ml="auto">
          <GuardedButton permission="manageSettings" variant="default" onClick={() => setAsked('rotate')}>
            Rotate secret
          </GuardedButton>
          <GuardedButton
            permission="manageSettings"
            variant="light"
            color="red"
            onClick={() => setAsked('delete')}
          >
            Delete
          </GuardedButton>
        </Group>
      </Group>
      {asked === 'rotate' && (
        <RotateSecret
          path={path}
          onClose={close}
          onRotated={(made) => {
            close();
            setSecret(made);
          }}
        />
      )}
      {asked === 'delete' && <DeleteConsumer path={path} onClose={close} />}
      <SecretOnce
        title="New signing secret"
        label="Signing secret"
        secret={secret}
        onClose={() => setSecret(undefined)}
      >
        It is shown this once. For 24 hours events carry the signatures of both secrets, so that you can
        change yours without losing any.
      </SecretOnce>
    </Section>
  );
}

function EnabledSwitch({ consumer, path }: { consumer: WebhookConsumer; path: string }) {
  const refusal = useRefusal('manageSettings');
  const change = useChange<boolean, WebhookConsumer>(
    webhooksPath,
    (api, disabled) => api.patch(path, { disabled }),
    { waits: true },
  );
  return (
    <Switch
      label="Enabled"
      checked={change.isPending ? !change.variables : !consumer.disabled}
      disabled={refusal !== undefined}
      description={refusal}
      onChange={(event) => {
        if (!change.isPending) change.mutate(!event.currentTarget.checked, { onError: toastProblem });
      }}
    />
  );
}

function RotateSecret(props: { path: string; onClose: () => void; onRotated: (secret: string) => void }) {
  const { path, onClose, onRotated } = props;
  const rotate = useChange<void, { secret: string }>(webhooksPath, (api) => api.post(`${path}/rotateSecret`));
  return (
    <Confirmation
      opened
      onClose={onClose}
      title="Rotate signing secret"
      confirm="Make a new secret"
      isDangerous={false}
      isPending={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate(undefined, { onSuccess: ({ secret }) => onRotated(secret) })}
    >
      A new secret is made. The one in use stays valid for another 24 hours.
    </Confirmation>
  );
}

function DeleteConsumer({ path, onClose }: { path: string; onClose: () => void }) {
  const navigate = useNavigate();
  const remove = useChange<void, void>(webhooksPath, (api) => api.delete(path));
  return (
    <Confirmation
      opened
      onClose={onClose}
      title="Delete webhook"
      confirm="Delete webhook"
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            toastDone('The webhook was deleted.');
            void navigate('/settings/webhooks', { replace: true });
          },
        })
      }
    >
      <Text size="sm">Nothing more is sent there, and the log of deliveries is deleted with it.</Text>
    </Confirmation>
  );
}
