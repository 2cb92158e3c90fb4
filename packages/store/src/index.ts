export { migrateDatabase, migrationsDirectory, pendingMigrations, writeMigrationDiff } from './migrate.ts';
export { createPool, inTransaction, isDatabaseAway } from './pool.ts';
export { type RawRow, upsertRaw } from './records/raw.ts';
export type { RecordScope } from './records/spine.ts';
export { type RecordRow, type UpsertResult, upsertRecords } from './records/upsert.ts';
export { openStore, type Store } from './store.ts';
