/** Reading from a replica as docs/scaling.md has it, by the document's own statements, on a PostgreSQL of the machine's own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, requireInstalledPostgres } from '@tributary/testing';
import { startEmbeddedPostgres } from '@tributary/testing/embedded';
import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { migrateDatabase } from './migrate.ts';
import { createScope, storeRecords } from './records/list.fixture.ts';
import { readKeyRange } from './records/list-key-range.ts';
import { openStore } from './store.ts';

const guide = readFileSync(fileURLToPath(new URL('../../../docs/scaling.md', import.meta.url)), 'utf8');
const password = 'of-the-replica';

/** The statements of the block that begins with a comment. */
function statementsOf(title: string): string[] {
  const block = guide.split(`\`\`\`sql\n-- ${title}\n`)[1]?.split('```')[0] ?? '';
  return block.split(/;\n/).filter((statement) => statement.trim() !== '');
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test('what was committed is there at once for whoever reads from the replica', async (context) => {
  const binaries = requireInstalledPostgres(context);
  const program = (name: string) => join(binaries.folder, 'bin', name);
  const folder = mkdtempSync(join(tmpdir(), 'tributary-primary-'));
  // PostgreSQL's own user has to pass through, when the tests run as root.
  chmodSync(folder, 0o711);
  const primary = await startEmbeddedPostgres({
    dataDir: folder,
    binaries,
    persistent: false,
    log: () => undefined,
    settings: { fsync: 'off' },
  });
  cleanups.push(() => primary.stop());
  await migrateDatabase({ databaseUrl: primary.url });
  const onPrimary = async (statements: readonly string[]) => {
    const client = new pg.Client({ connectionString: primary.url });
    await client.connect();
    for (const statement of statements) await client.query(statement.replace('…', password));
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    await client.end();
    return rows[0]?.data_directory ?? '';
  };
  const owner = statSync(await onPrimary(statementsOf('for the replica')));
  const account = process.getuid?.() === 0 ? { uid: owner.uid, gid: owner.gid } : {};

  const home = mkdtempSync(join(tmpdir(), 'tributary-replica-'));
  cleanups.push(() => rmSync(home, { recursive: true, force: true }));
  const data = join(home, 'data');
  mkdirSync(data, { mode: 0o700 });
  for (const folder of [home, data]) chownSync(folder, owner.uid, owner.gid);
  const copy = /^pg_basebackup .*$/m.exec(guide)?.[0] ?? '';
  const copied = spawnSync('sh', ['-c', copy.replace('-h primary', `-h 127.0.0.1 -p ${primary.port}`)], {
    ...account,
    cwd: home,
    encoding: 'utf8',
    env: { PATH: `${binaries.folder}/bin:${process.env['PATH']}`, PGDATA: data, PGPASSWORD: password },
  });
  expect([copied.status, copied.stderr]).toEqual([0, '']);
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    cluster_name: 'tributary_read',
  };
  const replica: ChildProcess = spawn(
    program('postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...account, cwd: home, stdio: 'ignore' },
  );
  cleanups.push(async () => {
    const ended = once(replica, 'exit');
    replica.kill('SIGQUIT');
    await ended;
  });
  const readUrl = new URL(primary.url);
  readUrl.port = String(port);
  const store = openStore({
    databaseUrl: primary.url,
    readUrl: readUrl.href,
    poolSize: 2,
    applicationName: 'test',
    onError: () => undefined,
  });
  cleanups.push(() => store.close());
  await vi.waitFor(() => store.ping(), 20_000);
  await onPrimary(statementsOf('commits wait for the replica'));
  await vi.waitFor(async () => {
    const { rows } = await store.pool.query(
      `SELECT sync_state, current_setting('synchronous_commit') AS waits FROM pg_stat_replication`,
    );
    expect(rows).toEqual([{ sync_state: 'sync', waits: 'remote_apply' }]);
  }, 20_000);

  const scope = await createScope(store.pool);
  for (let count = 1; count <= 30; count += 1) {
    await storeRecords(store.pool, scope, 'invoices', [{ id: `i${count}`, document: `{"id":"i${count}"}` }]);
    await store.pool.query('UPDATE datasets SET latest_run_id = gen_random_uuid() WHERE company_id = $1', [
      scope.companyId,
    ]);
    const source = { companyId: scope.companyId };
    const request = { page: 1, pageSize: 100 };
    const found = await readKeyRange(store.reading, scope.clientId, source, 'invoices', request);
    expect(found?.page().records.length).toBe(count);
  }
  await expect(store.reading.query('DELETE FROM invoices')).rejects.toThrow('read-only');
});
