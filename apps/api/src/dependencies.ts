import type { Connector } from '@tributary/connector-kit';
import type { Logger } from '@tributary/logging';
import type { ApiMetrics } from '@tributary/metrics';
import type { JobQueue } from '@tributary/queue';
import type { PortalSession, Store } from '@tributary/store';
import type { CredentialService, PushService, SyncMetrics, SyncService } from '@tributary/sync';
import type { Vault } from '@tributary/vault';
import type { EventWriter } from '@tributary/webhooks';
import type { AuthenticatedClient, Authenticator } from './services/authenticator.ts';

/** Everything that the API is made of; `composition.ts` builds it for the process, tests build their own. */
export interface AppDependencies {
  /** Origin of link URLs and OAuth redirects, without a trailing slash; a request's `Host` is never trusted for it. */
  readonly publicUrl: string;
  readonly requestsPerClientPerDay: number;
  /** Redirect URLs may name loopback and private addresses. */
  readonly allowPrivateTargets: boolean;
  /** Where the built portal lies, or will; absent: where `apps/portal` builds it. */
  readonly portalFolder?: string;
  /** Where the sandbox is that stands in for the platforms; absent: they are real. */
  readonly sandboxUrl?: string | undefined;
  readonly store: Store;
  readonly vault: Vault;
  readonly queue: JobQueue;
  /** Rejects when the queue's datastore does not answer. */
  readonly pingQueue: () => Promise<void>;
  /** By platform key. */
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly sync: SyncService;
  /** Writes to platforms. */
  readonly pushes: PushService;
  readonly credentials: CredentialService;
  /** Tells clients' webhook consumers what became true. */
  readonly events: EventWriter;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** A new random UUID. */
  readonly newId: () => string;
  readonly logger: Logger;
  /** Counts what the process does; absent: nobody asks. */
  readonly metrics?: SyncMetrics & ApiMetrics;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly authenticator: Authenticator;
    readonly dependencies: AppDependencies;
  }
  interface FastifyRequest {
    /** Whose key or session the request carries; set on every route below the authenticated scope. */
    client: AuthenticatedClient;
    /** Of a request that a signed-in browser makes. */
    portal: { readonly session: PortalSession; readonly token: string } | undefined;
    /** 32 hex digits: in the response header `X-Correlation-Id`, in errors, in every log line of the request. */
    readonly correlationId: string;
  }
}
