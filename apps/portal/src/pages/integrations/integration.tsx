import { Alert, Anchor, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { type IntegrationSetUp, useIntegrationSetUp, useTestKeys } from '../../api/integrations.ts';
import { CopyField } from '../../ui/copy.tsx';
import { GuardedButton } from '../../ui/guarded-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Section } from '../../ui/section.tsx';
import { EnableSwitch } from './enable-switch.tsx';
import { KeysForm } from './keys-form.tsx';
import { PlatformLogo } from './platform-logo.tsx';

const trail = [{ label: 'Integrations', to: '/integrations' }];

export default function IntegrationPage() {
  const { platformKey = '' } = useParams();
  const setUp = useIntegrationSetUp(platformKey);
  return (
    <Page
      title={setUp.data?.name ?? 'Integration'}
      trail={trail}
      actions={setUp.data && <PlatformLogo platformKey={setUp.data.key} size={48} />}
    >
      <QueryView query={setUp} lines={8}>
        {(data) =>
          data.authType === 'oauth2' ? <OAuthSetUp setUp={data} /> : <PasswordSetUp setUp={data} />
        }
      </QueryView>
    </Page>
  );
}

function OAuthSetUp({ setUp }: { setUp: IntegrationSetUp }) {
  const { name, redirectUri } = setUp;
  return (
    <Stack gap="lg">
      <Section
        title="1. Register your application"
        description={`Ask ${name} for keys. Give the name that businesses will see when they consent, a sentence about what your application does, and this redirect URI:`}
      >
        {redirectUri !== undefined && <CopyField label="Redirect URI" value={redirectUri} />}
      </Section>
      <Section
        title="2. Save your secure keys"
        description={`Paste the client ID and the client secret that ${name} gave you. The secret is stored encrypted and never shown again.`}
      >
        {setUp.usesDeploymentKeys && (
          <Alert color="blue" icon={<IconInfoCircle aria-hidden />}>
            You saved no keys of your own. Those that this installation was started with are used.
          </Alert>
        )}
        {setUp.alert !== undefined && (
          <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={`${name} refused these keys`}>
            {setUp.alert}
          </Alert>
        )}
        <KeysForm key={setUp.clientId ?? ''} setUp={setUp} />
        <KeyTest setUp={setUp} />
      </Section>
      <EnableSection setUp={setUp} step="3. " />
    </Stack>
  );
}

/** A platform to which businesses give us a password: there is nothing to register. */
function PasswordSetUp({ setUp }: { setUp: IntegrationSetUp }) {
  const { name } = setUp;
  return (
    <Stack gap="lg">
      <Section title="No keys are needed">
        <Text size="sm">
          Businesses connect {name} with their user name and password there, on a page of this service. The
          password is tested at once, stored encrypted, and used for reading only.
        </Text>
      </Section>
      <EnableSection setUp={setUp} step="" />
    </Stack>
  );
}

function EnableSection({ setUp, step }: { setUp: IntegrationSetUp; step: string }) {
  const { key, name, enabled } = setUp;
  return (
    <Section
      title={`${step}Enable the integration`}
      description={`Businesses can choose ${name} on their Link page once it is enabled.`}
      actions={<EnableSwitch platformKey={key} name={name} enabled={enabled} />}
    >
      {enabled && (
        <List size="sm" spacing={4}>
          <List.Item>
            Before you send links to customers,{' '}
            <Anchor component={Link} to="/companies" inherit underline="always">
              create a test company
            </Anchor>{' '}
            and open its Link URL yourself.
          </List.Item>
          <List.Item>Allow access to a trial account that has some data in it.</List.Item>
          <List.Item>Look whether the data appears with the company.</List.Item>
        </List>
      )}
    </Section>
  );
}

function KeyTest({ setUp }: { setUp: IntegrationSetUp }) {
  const test = useTestKeys(setUp.key);
  if (!setUp.hasSecret && !setUp.usesDeploymentKeys) return null;
  return (
    <Stack gap="sm">
      <Group>
        <GuardedButton
          permission="manageIntegrations"
          variant="default"
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Test keys
        </GuardedButton>
        <Text size="sm" c="dimmed">
          Asks {setUp.name} whether it knows them.
        </Text>
      </Group>
      {test.isError && <Problem error={test.error} title="The keys could not be tested" />}
      {test.isSuccess && (
        <Alert
          role="status"
          color={test.data.ok ? 'green' : 'red'}
          icon={test.data.ok ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
          title={test.data.ok ? 'The keys work' : 'The keys do not work'}
        >
          {test.data.message}
        </Alert>
      )}
    </Stack>
  );
}
