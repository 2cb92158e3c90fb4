import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from './problem.tsx';

/** What a query has read; a grey shape while it reads, its problem when it could not. */
export function QueryView<Data>(props: {
  query: UseQueryResult<Data>;
  /** Lines of the shape that stands in meanwhile. */
  lines?: number;
  children: (data: Data) => ReactNode;
}) {
  const { query, lines = 3, children } = props;
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && (
          <Problem
            error={query.error}
            title="This could not be brought up to date"
            onRetry={() => void query.refetch()}
          />
        )}
        {children(query.data)}
      </>
    );
  }
  if (query.isError) return <Problem error={query.error} onRetry={() => void query.refetch()} />;
  return <Loading lines={lines} />;
}

const shapeKeys = Array.from({ length: 20 }, (_, index) => `line-${index}`);

/** Grey lines where text will be. */
export function Loading({ lines = 3 }: { lines?: number }) {
  return (
    <Stack gap="sm" aria-busy="true">
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      {shapeKeys.slice(0, lines).map((key) => (
        <Skeleton key={key} height={28} radius="sm" />
      ))}
    </Stack>
  );
}
