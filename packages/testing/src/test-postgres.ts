import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresBinaries } from './embedded/binaries.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/server.ts';

/** Nothing survives a test run, so nothing has to reach the disk. */
const testSettings = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
  shared_buffers: '128MB',
};

/** Starts a PostgreSQL server for tests, in a temporary folder that is removed when it stops. */
export function startTestPostgres(options: { binaries?: PostgresBinaries } = {}): Promise<EmbeddedPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tributary-test-'));
  // PostgreSQL's own user has to pass through, when the tests run as root.
  chmodSync(dataDir, 0o711);
  const log = () => undefined;
  return startEmbeddedPostgres({ ...options, dataDir, persistent: false, log, settings: testSettings });
}
