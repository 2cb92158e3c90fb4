import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './section.module.css';

/** A framed part of a page with a heading of its own. */
export function Section(props: {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  const { title, description, actions, children } = props;
  const headingId = useId();
  return (
    <Paper component="section" aria-labelledby={headingId} withBorder className={classes['section']}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="sm">
          <div className={classes['heading']}>
            <Title order={2} size="h4" id={headingId}>
              {title}
            </Title>
            {description !== undefined && (
              <Text c="dimmed" size="sm" mt={2} maw="75ch">
                {description}
              </Text>
            )}
          </div>
          {actions}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
