/** What the pages of one company read, and what they ask for. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useApi } from '../api/context.tsx';
import { ApiProblem } from '../api/errors.ts';
import type { Company, Connection } from '../api/types.ts';
import { isRunning } from './run-words.ts';

/** A connection with what it has been in trouble with. */
export interface CompanyConnection extends Connection {
  readonly dataConnectionErrors?: readonly {
    readonly statusCode: string;
    readonly statusText: string;
    readonly errorMessage: string;
    readonly erroredOnUtc: string;
    readonly status: 'Active' | 'Resolved';
  }[];
}

/** One data type of one connection. Instants are ISO 8601. */
export interface Dataset {
  readonly connectionId: string;
  readonly platformKey: string;
  readonly dataType: string;
  readonly status: string;
  readonly lastSuccessfulSync?: string;
  readonly records: number;
  readonly deleted: number;
  /** 0: not scheduled. */
  readonly scheduleHours: number;
  readonly nextSync?: string;
  readonly latestPull?: {
    readonly id: string;
    readonly requested: string;
    readonly started?: string;
    readonly completed?: string;
    /** Percent. */
    readonly progress: number;
    readonly pages: number;
    readonly records: number;
    readonly warnings: number;
    readonly statusDescription?: string;
    readonly errorMessage?: string;
  };
}

/** How often a page looks for news: while something runs, and else. Hidden pages do not look at all. */
const busyMs = 1200;
const idleMs = 15_000;

export function companyPath(companyId: string): string {
  return `/companies/${encodeURIComponent(companyId)}`;
}

/** Everything that is known of one company lies below this key. */
export const companyKey = (companyId: string) => ['companies', 'one', companyId] as const;

/** Whether the API says that there is no such thing for this client. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === 404 || error.status === 400);
}

/** The data types of a company's connections, kept current. */
export function useDatasets(companyId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useQuery({
    queryKey: [...companyKey(companyId), 'datasets'],
    queryFn: async ({ signal }) => {
      const path = `/portal/api${companyPath(companyId)}/datasets`;
      try {
        return (await api.get<{ results: readonly Dataset[] }>(path, { signal })).results;
      } catch (error) {
        // It was erased meanwhile: the page around has to know.
        if (isMissing(error))
          void queries.invalidateQueries({ queryKey: companyKey(companyId), exact: true });
        throw error;
      }
    },
    refetchInterval: ({ state }) => {
      if (isMissing(state.error)) return false;
      return state.data?.some(({ status }) => isRunning(status)) ? busyMs : idleMs;
    },
    staleTime: 0,
  });
}

/** Reads the company and all that is known of it anew. */
function useRefresh(companyId: string): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(
    () => queries.invalidateQueries({ queryKey: companyKey(companyId) }),
    [queries, companyId],
  );
}

/** Asks for a sync of one data type, or of all of a connection. */
export function useSync(companyId: string) {
  const api = useApi();
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: async ({ connectionId, dataType }: { connectionId: string; dataType?: string }) => {
      const what = dataType === undefined ? 'all' : `queue/${encodeURIComponent(dataType)}`;
      await api.post(`${companyPath(companyId)}/data/${what}?connectionId=${connectionId}`);
    },
    onSettled: refresh,
  });
}

/** Ends a sync that is under way. */
export function useCancelPull(companyId: string) {
  const api = useApi();
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (pullId: string) => api.post(`${companyPath(companyId)}/data/history/${pullId}/cancel`),
    onSettled: refresh,
  });
}

/** Ends a connection; its data stays. */
export function useUnlink(companyId: string) {
  const api = useApi();
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (connectionId: string) =>
      api.patch(`${companyPath(companyId)}/connections/${connectionId}`, { status: 'Unlinked' }),
    onSuccess: refresh,
  });
}

/** Erases a connection with its data. */
export function useDeleteConnection(companyId: string) {
  const api = useApi();
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (connectionId: string) => api.delete(`${companyPath(companyId)}/connections/${connectionId}`),
    onSuccess: refresh,
  });
}

/** The connection that data is read from unless another is named: the linked one, or else the newest. */
export function mainConnection(company: Company): CompanyConnection | undefined {
  const { dataConnections } = company;
  const byAge = dataConnections.toSorted((a, b) => b.created.localeCompare(a.created));
  return byAge.find(({ status }) => status === 'Linked') ?? byAge[0];
}
