import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from './context.tsx';
import type { Integration, Page } from './types.ts';

/** How an integration is set up. */
export interface IntegrationSetUp {
  readonly key: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly authType: 'oauth2' | 'credentials';
  /** Absent where the platform sends nobody back. */
  readonly redirectUri?: string;
  readonly clientId?: string;
  readonly hasSecret: boolean;
  readonly usesDeploymentKeys: boolean;
  /** Why the platform refused the keys when they were last used. */
  readonly alert?: string;
}

const integrationsKey = ['integrations'] as const;
/** More than there are platforms. */
const everyOne = 1000;

export function useIntegrations() {
  const api = useApi();
  return useQuery({
    queryKey: [...integrationsKey, 'list'],
    queryFn: ({ signal }) =>
      api.get<Page<Integration>>('/integrations', { query: { pageSize: everyOne }, signal }),
  });
}

export function useIntegrationSetUp(platformKey: string) {
  const api = useApi();
  return useQuery({
    queryKey: [...integrationsKey, 'setUp', platformKey],
    queryFn: ({ signal }) =>
      api.get<IntegrationSetUp>(`/portal/api/integrations/${encodeURIComponent(platformKey)}`, { signal }),
  });
}

export function useEnableIntegration(platformKey: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (enabled: boolean) =>
      api.patch(`/integrations/${encodeURIComponent(platformKey)}`, { enabled }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: integrationsKey }),
  });
}

export function useSaveKeys(platformKey: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (keys: { clientId: string; clientSecret: string }) =>
      api.put(`/integrations/${encodeURIComponent(platformKey)}/credentials`, keys),
    onSuccess: () => void queries.invalidateQueries({ queryKey: integrationsKey }),
  });
}

export function useTestKeys(platformKey: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      api.post<{ ok: boolean; message: string }>(
        `/portal/api/integrations/${encodeURIComponent(platformKey)}/test`,
      ),
    onSettled: () => void queries.invalidateQueries({ queryKey: integrationsKey }),
  });
}
