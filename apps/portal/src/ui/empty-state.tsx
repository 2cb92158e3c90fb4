import { Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** Where there is nothing yet: says so, and what to do next. */
export function EmptyState(props: { icon: Icon; title: string; children?: ReactNode; action?: ReactNode }) {
  const { icon: IconOfState, title, children, action } = props;
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <ThemeIcon size={56} radius="xl" variant="light" mb="xs">
        <IconOfState size={28} stroke={1.5} aria-hidden />
      </ThemeIcon>
      <Title order={3} size="h4">
        {title}
      </Title>
      {children !== undefined && (
        <Text c="dimmed" maw="52ch">
          {children}
        </Text>
      )}
      {action !== undefined && <div style={{ marginTop: 'var(--mantine-spacing-sm)' }}>{action}</div>}
    </Stack>
  );
}
