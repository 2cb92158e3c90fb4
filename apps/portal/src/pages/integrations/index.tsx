import { Button, Group, Stack, Tabs, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useIntegrations } from '../../api/integrations.ts';
import type { Integration } from '../../api/types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Section } from '../../ui/section.tsx';
import { EnableSwitch } from './enable-switch.tsx';
import classes from './integrations.module.css';
import { PlatformLogo } from './platform-logo.tsx';

export default function IntegrationsPage() {
  const integrations = useIntegrations();
  return (
    <Page
      title="Integrations"
      lead="The platforms that businesses can connect. Save the keys of your application at a platform, then enable it."
    >
      <QueryView query={integrations} lines={4}>
        {({ results }) => {
          const types = [...new Set(results.map(({ sourceType }) => sourceType))];
          const [first] = types;
          if (first === undefined) {
            return <EmptyState icon={IconPlugConnectedX} title="This installation has no platforms" />;
          }
          return (
            <Tabs defaultValue={types.includes('Accounting') ? 'Accounting' : first} keepMounted={false}>
              <Tabs.List mb="md">
                {types.map((type) => (
                  <Tabs.Tab key={type} value={type}>
                    {type}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              {types.map((type) => (
                <Tabs.Panel key={type} value={type}>
                  <Section title={`${type} platforms`}>
                    <ul className={classes['list']}>
                      {results
                        .filter(({ sourceType }) => sourceType === type)
                        .map((integration) => (
                          <Row key={integration.key} integration={integration} />
                        ))}
                    </ul>
                  </Section>
                </Tabs.Panel>
              ))}
            </Tabs>
          );
        }}
      </QueryView>
    </Page>
  );
}

function Row({ integration }: { integration: Integration }) {
  const { key, name, enabled, datatypeFeatures } = integration;
  const readable = datatypeFeatures.filter(({ supportedFeatures }) =>
    supportedFeatures.some(
      ({ featureType, featureState }) => featureType === 'Get' && featureState === 'Release',
    ),
  ).length;
  return (
    <li className={classes['row']}>
      <Group gap="md" wrap="nowrap" miw={0} flex="1 1 14rem">
        <PlatformLogo platformKey={key} />
        <Stack gap={0} miw={0}>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            Reads {readable} data types
          </Text>
        </Stack>
      </Group>
      <EnableSwitch platformKey={key} name={name} enabled={enabled} />
      <Button component={Link} to={`/integrations/${key}`} variant="default" aria-label={`Manage ${name}`}>
        Manage
      </Button>
    </li>
  );
}
