export { type ByteText, bytesOf, queryBytes } from './byte-rows.ts';
export * from './control/index.ts';
export * from './credentials.ts';
export { databaseProblem } from './database-problem.ts';
export type {
  Client,
  Company,
  Connection,
  ConnectionCredential,
  Dataset,
  PullOperation,
} from './generated/client.ts';
export * from './integrity/checked-records.ts';
export * from './integrity/duplicates.ts';
export * from './integrity/findings.ts';
export * from './integrity/known-facts.ts';
export { migrateDatabase, migrationsDirectory, pendingMigrations, writeMigrationDiff } from './migrate.ts';
export { createPageBufferPool, freshBuffers, type PageBuffers } from './page-buffers.ts';
export {
  type Batch,
  createBatch,
  createPool,
  inKeyedTransaction,
  inTransaction,
  isDatabaseAway,
  isStatementTimeout,
  isTransactionConflict,
} from './pool.ts';
export * from './portal/index.ts';
export * from './pushes/push-sweep.ts';
export * from './pushes/push-work.ts';
export { budgetKeys, ConnectionGoneError, type ReservedSlots, reserveSlots } from './rate-budget.ts';
export { type AgedSide, agedAmounts } from './records/aged.ts';
export { type AlreadyMapped, alreadyMapped } from './records/already-mapped.ts';
export { compileQuery, type ResolvedField, type ResolveField } from './records/compile-query.ts';
export * from './records/custom-records.ts';
export {
  applyReading,
  dropStagedLines,
  earliestLineDate,
  isLedgerReadSince,
  type LedgerState,
  ledgerAccountIds,
  readLedgerState,
  stageLines,
} from './records/journal-lines.ts';
export * from './records/ledger-derivation.ts';
export {
  listRecords,
  type RecordPage,
  type RecordStream,
  type StoredRecord,
  StreamExpiredError,
  type StreamLimits,
  streamRecords,
} from './records/list.ts';
export { CursorError } from './records/list-cursor.ts';
export { isKeyRange, readKeyRange, type SourceWithPage } from './records/list-key-range.ts';
export type { ListCounters, PageEnd, RecordListRequest } from './records/list-plan.ts';
export {
  findPullOperation,
  listPullOperations,
  listWarnings,
  type PullOperationRow,
  type StoredWarning,
} from './records/list-pull-operations.ts';
export {
  type DatasetStatusRow,
  findRecordSource,
  findServingConnection,
  listDatasetStatuses,
  type RecordSource,
  type SourceConnection,
  type SourceRequest,
} from './records/list-source.ts';
export {
  insertRaw,
  mapAgainNextTime,
  type RawRow,
  readRaw,
  readRawWithMapping,
  storedRaw,
  upsertRaw,
  withoutUnchangedRaw,
} from './records/raw.ts';
export { findSourceModified, readOnlyRecord, readRecord } from './records/read-one.ts';
export type { RecordScope } from './records/spine.ts';
export {
  columnArray,
  type JsonText,
  jsonArray,
  plainArray,
  textArray,
  uuidArray,
} from './records/sql-array.ts';
export * from './records/stale-journal-entries.ts';
export * from './records/statements.ts';
export {
  insertRecords,
  isAlreadyStored,
  type RecordRow,
  resultOfInserting,
  type UpsertResult,
  upsertRecords,
  withoutUnchanged,
} from './records/upsert.ts';
export { type ActiveRuns, isDataTypeActive, readActiveRuns } from './runs/active.ts';
export * from './runs/datasets.ts';
export * from './runs/missing.ts';
export * from './runs/operate.ts';
export * from './runs/pull-operations.ts';
export * from './runs/quality.ts';
export * from './runs/request.ts';
export {
  listUpstreamRequests,
  logPushRequests,
  logRequests,
  type StoredUpstreamRequest,
  type UpstreamRequestRow,
} from './runs/request-log.ts';
export { deleteExpired, type Retention } from './runs/retention.ts';
export { openStore, type Store } from './store.ts';
export * from './webhooks/index.ts';
