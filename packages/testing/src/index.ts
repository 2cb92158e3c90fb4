export { embeddedBinaries, type PostgresBinaries } from './embedded/binaries.ts';
export type { EmbeddedPostgres } from './embedded/server.ts';
export { freePort } from './free-port.ts';
export { requireInstalledPostgres } from './installed-postgres.ts';
export { createEmptyDatabase, createTestDatabase, requireTestRedis } from './servers.ts';
export { createDatabaseOn, createTemplate, type TestDatabase, templateDatabase } from './test-database.ts';
export { startTestPostgres } from './test-postgres.ts';
export { startTestRedis, type TestRedis } from './test-redis.ts';
export { tracesInDatabase, tracesInRedis } from './traces.ts';
