import { useResource } from '../../api/resource.ts';
import type { Connection } from '../../api/types.ts';

/** Steps from nothing to data, and whether they are done. */
export interface FirstRun {
  readonly integrationSetUp: boolean;
  readonly companyCreated: boolean;
  readonly companyLinked: boolean;
  readonly dataSynced: boolean;
  readonly apiKeyUsed: boolean;
  readonly webhookCreated: boolean;
}

export interface Summary {
  readonly companies: number;
  readonly connections: Readonly<Record<Connection['status'], number>>;
  readonly enabledIntegrations: readonly string[];
  readonly lastSyncs: readonly {
    readonly companyId: string;
    readonly companyName: string;
    readonly connectionId: string;
    readonly platformKey: string;
    readonly lastSync: string;
  }[];
  readonly firstRun: FirstRun;
  /** Where the sandbox is that stands in for the platforms; absent where they are real. */
  readonly sandboxUrl?: string;
}

/** @param options.refetchMs how often to look again, while somebody waits for the next step */
export function useSummary(options: { enabled?: boolean; refetchMs?: number } = {}) {
  const { enabled = true, refetchMs } = options;
  return useResource<Summary>(
    '/portal/api/summary',
    {},
    { enabled, ...(refetchMs && { refetchInterval: refetchMs }) },
  );
}
