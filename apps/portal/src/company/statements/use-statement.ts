/** Reading statements, with the note of what they were made of. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { QueryValues } from '../../api/client.ts';
import { useApi } from '../../api/context.tsx';
import { companyKey } from '../api.ts';

export interface Derived<Body> {
  readonly body: Body;
  /** Data types that it was computed from; none when the platform gave it. */
  readonly derivedFrom: readonly string[];
}

/** @param path below the company, for its key */
export function useStatement<Body>(companyId: string, path: string, query: QueryValues, isEnabled = true) {
  const api = useApi();
  return useQuery({
    queryKey: [...companyKey(companyId), 'statement', path, query],
    queryFn: async ({ signal }): Promise<Derived<Body>> => {
      const { body, headers } = await api.read<Body>(path, { query, signal });
      const note = headers.get('x-data-derived-from') ?? '';
      return {
        body,
        derivedFrom: note
          .split(',')
          .map((name) => name.trim())
          .filter(Boolean),
      };
    },
    placeholderData: keepPreviousData,
    enabled: isEnabled,
    staleTime: 60_000,
  });
}
