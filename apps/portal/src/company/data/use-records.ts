/** Reading a list of records by the part that can be seen. */

import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useApi } from '../../api/context.tsx';
import type { Page } from '../../api/types.ts';
import { companyKey, companyPath } from '../api.ts';
import { pagesOf, type Rows, staleKeys } from './pages-in-view.ts';
import type { DataRecord } from './values.ts';

const pageSize = 100;
/** Pages that are kept, whatever was scrolled past. */
const mostPages = 24;
/** Rows that are only flown over are not asked for. */
const settleMs = 80;

export interface ListPlace {
  readonly companyId: string;
  readonly connectionId: string;
  /** Below `…/data/`. */
  readonly listPath: string;
  readonly query?: string;
  readonly orderBy?: string;
}

export interface Records {
  /** Undefined until it is known. */
  readonly total: number | undefined;
  readonly rowAt: (index: number) => DataRecord | undefined;
  readonly error: unknown;
  readonly isReading: boolean;
  readonly retry: () => void;
}

export function useRecords(place: ListPlace, rows: Rows): Records {
  const api = useApi();
  const queries = useQueryClient();
  const { companyId, connectionId, listPath, query, orderBy } = place;
  const listKey = useMemo(
    () => [...companyKey(companyId), 'records', connectionId, listPath, { query, orderBy }],
    [companyId, connectionId, listPath, query, orderBy],
  );
  const optionsOf = (page: number) => ({
    queryKey: [...listKey, page],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      api.get<Page<DataRecord>>(`${companyPath(companyId)}/connections/${connectionId}/data/${listPath}`, {
        query: { query, orderBy, page, pageSize },
        signal,
      }),
    staleTime: 60_000,
    gcTime: 60_000,
  });
  // The first page stays: it tells how many records there are.
  const first = useQuery(optionsOf(1));
  const total = first.data?.totalResults;
  const [settled] = useDebouncedValue(rows, settleMs);
  const wanted = pagesOf(settled, pageSize, total).filter((page) => page !== 1);
  const others = useQueries({ queries: wanted.map(optionsOf) });
  const held = useRef(new Map<number, readonly DataRecord[]>());
  held.current = new Map([
    [1, first.data?.results ?? []],
    ...wanted.map((page, index) => [page, others[index]?.data?.results ?? []] as const),
  ]);

  useEffect(() => {
    const cache = queries.getQueryCache();
    const pages = cache.findAll({ queryKey: [...companyKey(companyId), 'records'] }).map((entry) => ({
      key: entry,
      readAt: entry.state.dataUpdatedAt,
      isInUse: entry.getObserversCount() > 0,
    }));
    for (const entry of staleKeys(pages, mostPages)) cache.remove(entry);
  });

  const rowAt = (index: number) => {
    const page = Math.floor(index / pageSize) + 1;
    const known =
      held.current.get(page) ?? queries.getQueryData<Page<DataRecord>>([...listKey, page])?.results;
    return known?.[index % pageSize];
  };
  const failed = [first, ...others].find(({ isError }) => isError);
  return {
    total,
    rowAt,
    error: failed?.error,
    isReading: first.isFetching || others.some(({ isFetching }) => isFetching),
    retry: () => void failed?.refetch(),
  };
}
