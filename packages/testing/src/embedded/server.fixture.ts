// A process for tests to kill: starts a server in the folder given, tells its process id and waits.
import { startEmbeddedPostgres } from './server.ts';

const [dataDir = ''] = process.argv.slice(2);
const server = await startEmbeddedPostgres({ dataDir, persistent: true, log: () => undefined });
process.stdout.write(`${server.pid}\n`);
process.stdin.resume();
