import type { Connector } from '@tributary/connector-kit';
import type { Logger } from '@tributary/logging';
import type { Store } from '@tributary/store';
import type { CredentialService, SyncService } from '@tributary/sync';
import type { Vault } from '@tributary/vault';
import type { EventWriter } from '@tributary/webhooks';

/** What linking needs of the rest of the house. */
export interface LinkDependencies {
  readonly store: Store;
  readonly vault: Vault;
  /** By platform key. */
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly credentials: Pick<CredentialService, 'applicationKeys' | 'save' | 'drop' | 'openUnsavedSession'>;
  readonly sync: Pick<SyncService, 'connectionLinked' | 'connectionStopped'>;
  readonly events: EventWriter;
  /** Origin of link URLs and redirect URIs, without a trailing slash. */
  readonly publicUrl: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly newId: () => string;
  /** Unguessable bytes. */
  readonly randomBytes: (size: number) => Buffer;
  readonly logger: Logger;
}
