import { Container, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { BrandMark } from './brand.tsx';
import classes from './outside-page.module.css';

/** A page for those who are not signed in: one card. */
export function OutsidePage(props: { title: string; lead?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${props.title} · Tributary`;
  }, [props.title]);
  return (
    <main className={classes['page']}>
      <Container size={420} w="100%">
        <Stack gap="lg">
          <Group gap="sm" justify="center">
            <BrandMark size={40} />
            <Text fw={700} fz={26} className={classes['name']}>
              Tributary
            </Text>
          </Group>
          <Paper withBorder className={classes['card']} shadow="sm">
            <Stack gap="md">
              <div>
                <Title order={1} size="h3">
                  {props.title}
                </Title>
                {props.lead !== undefined && (
                  <Text c="dimmed" size="sm" mt={4}>
                    {props.lead}
                  </Text>
                )}
              </div>
              {props.children}
            </Stack>
          </Paper>
        </Stack>
      </Container>
    </main>
  );
}
