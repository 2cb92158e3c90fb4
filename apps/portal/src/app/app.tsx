import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { RouterProvider } from 'react-router';
import { createApiClient } from '../api/client.ts';
import { ApiProvider } from '../api/context.tsx';
import { forgetSession, knownSession } from '../api/session.ts';
import { createQueryClient } from './queries.ts';
import { createRouter } from './router.tsx';
import { cssVariables, theme } from './theme.ts';

/** The parts of the page, made once and connected. */
function createParts() {
  const queries = createQueryClient();
  const api = createApiClient({
    fetch: (input, init) => window.fetch(input, init),
    csrfToken: () => knownSession(queries)?.csrfToken,
    onSessionEnded: () => forgetSession(queries, { ended: true }),
  });
  return { queries, api, router: createRouter() };
}

export function App() {
  const [{ queries, api, router }] = useState(createParts);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <ApiProvider value={api}>
          <Notifications position="bottom-right" limit={4} />
          <RouterProvider router={router} />
        </ApiProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
