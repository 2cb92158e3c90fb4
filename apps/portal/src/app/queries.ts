import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../api/errors.ts';

const mostRetries = 2;

/** What the server said stays said; only silence and trouble are worth another try. */
function isWorthRetrying(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === 0 || error.status >= 500);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => count < mostRetries && isWorthRetrying(error),
        retryDelay: (attempt) => 500 * 2 ** attempt,
        // A browser that believes to be offline may still reach a server on its own machine.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
