/** Reading the history of a company's syncs. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/context.tsx';
import { allOf, condition } from '../../api/query-text.ts';
import type { Page } from '../../api/types.ts';
import { companyKey, companyPath } from '../api.ts';
import { isRunning } from '../run-words.ts';

export interface PullOperation {
  readonly id: string;
  readonly connectionId: string;
  readonly dataType: string;
  readonly status: string;
  readonly statusDescription?: string;
  readonly errorMessage?: string;
  readonly requested: string;
  readonly completed?: string;
  /** Percent. */
  readonly progress: number;
}

/** What a run has read, and what became of it. */
export interface PullFigures {
  readonly trigger: string;
  readonly listing?: string;
  readonly started?: string;
  readonly pages: number;
  readonly recordsRead: number;
  readonly inserted: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly quarantined: number;
  readonly warnings: number;
}

/** One attempt of one call to the platform. */
export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly started: string;
  readonly durationMs: number;
  readonly bytes: number;
  readonly attempt: number;
  readonly records?: number;
  readonly failure?: string;
  readonly excerpt?: string;
}

export interface Finding {
  readonly ruleId: string;
  readonly itemId?: string;
  readonly message: string;
}

export interface HistorySearch {
  readonly dataType: string;
  /** A status of the API, or `failed`. */
  readonly status: string;
  readonly page: number;
  readonly pageSize: number;
}

const busyMs = 1500;
const idleMs = 15_000;

function queryOf({ dataType, status }: HistorySearch): string | undefined {
  const ofStatus = status === 'failed' ? 'isErrored=true' : status && condition('status', '=', status);
  return allOf([dataType && condition('dataType', '=', dataType), ofStatus]);
}

export function usePulls(companyId: string, search: HistorySearch) {
  const api = useApi();
  const query = queryOf(search);
  const { page, pageSize } = search;
  return useQuery({
    queryKey: [...companyKey(companyId), 'pulls', { query, page, pageSize }],
    queryFn: ({ signal }) =>
      api.get<Page<PullOperation>>(`${companyPath(companyId)}/data/history`, {
        query: { query, page, pageSize },
        signal,
      }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.results.some(({ status }) => isRunning(status)) ? busyMs : idleMs,
  });
}

export function usePull(companyId: string, pullId: string) {
  const api = useApi();
  return useQuery({
    queryKey: [...companyKey(companyId), 'pull', pullId],
    queryFn: async ({ signal }) => {
      const id = encodeURIComponent(pullId);
      const [pull, figures] = await Promise.all([
        api.get<PullOperation>(`${companyPath(companyId)}/data/history/${id}`, { signal }),
        api.get<PullFigures>(`/portal/api${companyPath(companyId)}/pulls/${id}/figures`, { signal }),
      ]);
      return { pull, figures };
    },
    refetchInterval: ({ state }) => state.data && isRunning(state.data.pull.status) && busyMs,
  });
}

/** @param isLive the run goes on, and so may the list */
export function useUpstreamRequests(
  companyId: string,
  pullId: string,
  { page, pageSize, isLive }: { page: number; pageSize: number; isLive: boolean },
) {
  const api = useApi();
  return useQuery({
    queryKey: [...companyKey(companyId), 'pull', pullId, 'requests', page, isLive],
    queryFn: ({ signal }) =>
      api.get<Page<UpstreamRequest>>(
        `${companyPath(companyId)}/data/history/${encodeURIComponent(pullId)}/requests`,
        { query: { page, pageSize }, signal },
      ),
    placeholderData: keepPreviousData,
    refetchInterval: isLive && 3000,
  });
}

export function useFindings(companyId: string, pullId: string, isLive: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: [...companyKey(companyId), 'pull', pullId, 'findings', isLive],
    queryFn: ({ signal }) =>
      api.get<{ errors: readonly Finding[]; warnings: readonly Finding[] }>(
        `${companyPath(companyId)}/sync/${encodeURIComponent(pullId)}/validation`,
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
}
