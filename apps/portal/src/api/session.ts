import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from './context.tsx';
import { ApiProblem } from './errors.ts';
import type { Session } from './types.ts';

export const sessionPath = '/portal/api/session';

/** `null` when nobody is signed in. `ended` tells that somebody was. */
interface SessionState {
  readonly session: Session | null;
  readonly ended?: boolean;
}

const sessionKey = ['session'] as const;

/** The session as this page knows it, for the API client. */
export function knownSession(queries: QueryClient): Session | null {
  return queries.getQueryData<SessionState>(sessionKey)?.session ?? null;
}

/** Forgets the session and everything that was read with it: the next person to sign in may be another. */
export function forgetSession(queries: QueryClient, reason: { ended: boolean }): void {
  queries.setQueryData<SessionState>(sessionKey, { session: null, ended: reason.ended });
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
}

export function useSessionQuery() {
  const api = useApi();
  return useQuery({
    queryKey: sessionKey,
    queryFn: async ({ signal }): Promise<SessionState> => {
      try {
        return { session: await api.get<Session>(sessionPath, { signal }) };
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 401) return { session: null };
        throw error;
      }
    },
    staleTime: 5 * 60_000,
  });
}

/** The session of a page that is only shown to somebody who is signed in. */
export function useSession(): Session {
  const { data } = useSessionQuery();
  if (!data?.session) throw new Error('This page is only shown to somebody who is signed in.');
  return data.session;
}

export function useSignIn() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (credentials: { email: string; password: string }) =>
      api.post<Session>(sessionPath, credentials),
    onSuccess: (session) => queries.setQueryData<SessionState>(sessionKey, { session }),
  });
}

/** Takes over a session that another route has opened: accepting an invitation signs in. */
export function useAdoptSession(): (session: Session) => void {
  const queries = useQueryClient();
  return (session) => queries.setQueryData<SessionState>(sessionKey, { session });
}

export function useSignOut() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete(sessionPath),
    onSuccess: () => forgetSession(queries, { ended: false }),
  });
}
