import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApiClient, QueryValues } from './client.ts';
import { useApi } from './context.tsx';

/** What a path answers. Everything below the same first segment is read anew after a {@link useChange} of it. */
export function useResource<Answer>(
  path: string,
  query: QueryValues = {},
  options: { enabled?: boolean; refetchInterval?: number } = {},
) {
  const api = useApi();
  return useQuery({
    queryKey: [rootOf(path), path, query],
    queryFn: ({ signal }) => api.get<Answer>(path, { query, signal }),
    ...options,
  });
}

/**
 * A change by way of the API, after which what lies below `root` is read anew. Nobody waits for that: a component that
 * goes away by it would not hear of its success any more.
 */
export function useChange<Input, Answer>(
  root: string,
  change: (api: ApiClient, input: Input) => Promise<Answer>,
) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (input: Input) => change(api, input),
    onSuccess: () => void queries.invalidateQueries({ queryKey: [rootOf(root)] }),
  });
}

/** The first segment of a path, or the third of the portal's own. */
function rootOf(path: string): string {
  const [, first = '', second, third] = path.split('/');
  return first === 'portal' && second === 'api' ? `portal/${third ?? ''}` : first;
}
