export { applicationSecretBinding, type ConnectionRef } from './connection-ref.ts';
export { type CredentialService, createCredentialService } from './credentials.ts';
export { keepTokensAlive } from './keep-alive.ts';
export { migrateEverything, prepareDatabase } from './prepare.ts';
export { resealEverything } from './reseal.ts';
export { createSyncEngine, type SyncEngine } from './run/engine.ts';
export { type EffectiveSyncSetting, effectiveSettings } from './settings.ts';
export { ConnectionNotLinkedError, createSyncService, type SyncService } from './sync-service.ts';
