export { applicationSecretBinding, type ConnectionRef } from './connection-ref.ts';
export { type CredentialService, createCredentialService } from './credentials.ts';
export { parseCustomSource } from './custom-source.ts';
export { createErasure, type Erasure } from './erasure.ts';
export { keepTokensAlive } from './keep-alive.ts';
export {
  type EndedRunFacts,
  type EndedWriteFacts,
  noSyncMetrics,
  type RecordCounts,
  type SyncMetrics,
} from './metrics.ts';
export { migrateEverything, prepareDatabase } from './prepare.ts';
export { createPushEngine, type PushEngine } from './push/push-engine.ts';
export { createPushService, type PushService } from './push/push-service.ts';
export { resealEverything } from './reseal.ts';
export { createSyncEngine, type SyncEngine } from './run/engine.ts';
export { normalisePage } from './run/page.ts';
export { type EffectiveSyncSetting, effectiveSettings } from './settings.ts';
export { ConnectionNotLinkedError, createSyncService, type SyncService } from './sync-service.ts';
