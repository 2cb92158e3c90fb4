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
}

export function useSummary() {
  return useResource<Summary>('/portal/api/summary');
}
