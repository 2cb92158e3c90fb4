export { type ConnectionRef, type CredentialService, createCredentialService } from './credentials.ts';
export { migrateEverything, prepareDatabase } from './prepare.ts';
export { createSyncEngine, type SyncEngine } from './run/engine.ts';
export { type EffectiveSyncSetting, effectiveSettings } from './settings.ts';
export { ConnectionNotLinkedError, createSyncService, type SyncService } from './sync-service.ts';
