import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { asProblem } from '../api/errors.ts';

/** What went wrong, with the reference for the server's log, and another try where there can be one. */
export function Problem(props: { error: unknown; title?: string; onRetry?: () => void }) {
  const { message, correlationId } = asProblem(props.error);
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      {...(props.title && { title: props.title })}
    >
      <Stack gap="xs">
        <Text size="sm">{message}</Text>
        {correlationId && (
          <Text size="xs" c="dimmed">
            Reference for support: <Code>{correlationId}</Code>
          </Text>
        )}
        {props.onRetry && (
          <Group>
            <Button size="xs" variant="default" onClick={props.onRetry}>
              Try again
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
