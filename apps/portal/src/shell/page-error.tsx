import { Button, Container, Group, Stack, Title } from '@mantine/core';
import { useRouteError } from 'react-router';
import { Problem } from '../ui/problem.tsx';

/** In place of a page that broke; the rest of the portal goes on working. */
export function PageError() {
  const error = useRouteError();
  return (
    <Container size="sm" py="xl">
      <Stack>
        <Title order={1} size="h3">
          This page could not be shown
        </Title>
        <Problem error={error} />
        <Group>
          <Button onClick={() => window.location.reload()}>Reload</Button>
          <Button component="a" href="/portal/" variant="default">
            Home
          </Button>
        </Group>
      </Stack>
    </Container>
  );
}
