export { type FolderLock, FolderLockedError, lockFolder } from './folder-lock.ts';
export { removePlacement } from './placement.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './server.ts';
