export * from './control/index.ts';
export type {
  Client,
  Company,
  Connection,
  ConnectionCredential,
  Dataset,
  PullOperation,
} from './generated/client.ts';
export { migrateDatabase, migrationsDirectory, pendingMigrations, writeMigrationDiff } from './migrate.ts';
export { createPool, inTransaction, isDatabaseAway } from './pool.ts';
export { type ReservedSlots, reserveSlots } from './rate-budget.ts';
export { type RawRow, upsertRaw } from './records/raw.ts';
export type { RecordScope } from './records/spine.ts';
export { type RecordRow, type UpsertResult, upsertRecords } from './records/upsert.ts';
export * from './runs/datasets.ts';
export * from './runs/missing.ts';
export * from './runs/pull-operations.ts';
export * from './runs/quality.ts';
export * from './runs/request.ts';
export { openStore, type Store } from './store.ts';
