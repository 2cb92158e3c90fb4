export { type FolderLock, FolderLockedError, lockFolder } from './folder-lock.ts';
export { removeEmbeddedPostgres } from './reset.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './server.ts';
