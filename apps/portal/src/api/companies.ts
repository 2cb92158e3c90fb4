import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from './context.tsx';
import { allOf, condition } from './query-text.ts';
import type { Company, CompanyStatus, Page } from './types.ts';

export interface CompanySearch {
  readonly name?: string;
  readonly status?: CompanyStatus | '';
  readonly orderBy?: string;
  readonly page: number;
  readonly pageSize: number;
}

const companiesKey = ['companies'] as const;

function pathOf(companyId: string): string {
  return `/companies/${encodeURIComponent(companyId)}`;
}

/** A page of companies; the page before stays while the next one is read. */
export function useCompanies({ name = '', status = '', orderBy, page, pageSize }: CompanySearch) {
  const api = useApi();
  const query = allOf([name && condition('name', '~', name), status && condition('status', '=', status)]);
  return useQuery({
    queryKey: [...companiesKey, 'list', { query, orderBy, page, pageSize }],
    queryFn: ({ signal }) =>
      api.get<Page<Company>>('/companies', { query: { query, orderBy, page, pageSize }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** One company. @param refetchMs how often to look for news, while somebody waits for them */
export function useCompany(companyId: string, refetchMs?: number) {
  const api = useApi();
  return useQuery({
    queryKey: [...companiesKey, 'one', companyId],
    queryFn: ({ signal }) => api.get<Company>(pathOf(companyId), { signal }),
    ...(refetchMs !== undefined && { refetchInterval: refetchMs }),
  });
}

export function useCreateCompany() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({
      idempotencyKey,
      ...body
    }: {
      idempotencyKey: string;
      name: string;
      description?: string;
    }) => api.post<Company>('/companies', body, { idempotencyKey }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: companiesKey }),
  });
}

export function useRenameCompany(companyId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: { name: string }) => api.patch<Company>(pathOf(companyId), change),
    onSuccess: () => void queries.invalidateQueries({ queryKey: companiesKey }),
  });
}

export function useDeleteCompany(companyId: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete(pathOf(companyId)),
    onSuccess: () => {
      queries.removeQueries({ queryKey: [...companiesKey, 'one', companyId] });
      void queries.invalidateQueries({ queryKey: companiesKey });
    },
  });
}
