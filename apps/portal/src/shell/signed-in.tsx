import { Container } from '@mantine/core';
import { Navigate, useLocation } from 'react-router';
import { useSessionQuery } from '../api/session.ts';
import { Problem } from '../ui/problem.tsx';
import { Shell } from './shell.tsx';
import { Waiting } from './waiting.tsx';

/** Lets nobody further who is not signed in, and brings them back to where they wanted to go. */
export function SignedIn() {
  const query = useSessionQuery();
  const { pathname, search } = useLocation();
  if (query.data === undefined) {
    if (!query.isError) return <Waiting />;
    return (
      <Container size="sm" py="xl">
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      </Container>
    );
  }
  const { session, ended } = query.data;
  if (session) return <Shell session={session} />;
  const next = pathname === '/' ? '' : `?next=${encodeURIComponent(`${pathname}${search}`)}`;
  return <Navigate to={`/signIn${next}`} replace state={{ ended }} />;
}
