// `npm run client -- create NAME | list | delete ID [--erase] | portal-user ID EMAIL [ROLE] | reset-password EMAIL`. Standard output holds JSON lines and nothing else.
import { clientConfiguration, exitOnConfigurationError, readEnvironment } from '@tributary/config';
import { createJobQueue, createQueueBackend } from '@tributary/queue';
import { openStore } from '@tributary/store';
import { createErasure, type Erasure } from '@tributary/sync';
import { runClientCommand } from './client-commands.ts';
import { CommandError } from './command-error.ts';
import { failureLine, tell } from './output.ts';

const { databaseUrl, redisUrl } = exitOnConfigurationError(() =>
  readEnvironment(clientConfiguration, process.env),
);
const onError = (error: Error) => tell(error.message);
const store = openStore({ databaseUrl, poolSize: 4, applicationName: 'tributary-client', onError });

async function withErasure<Result>(work: (erasure: Erasure) => Promise<Result>): Promise<Result> {
  const backend = createQueueBackend({ redisUrl, pool: store.pool, onError });
  const queue = createJobQueue(backend, onError);
  try {
    return await work(createErasure({ store, queue }));
  } finally {
    await queue.close();
    await backend.close();
  }
}

try {
  const pending = await store.pendingMigrations();
  if (pending.length > 0) throw new CommandError('The database is not up to date; run: npm run migrate');
  const results = await runClientCommand({ store, withErasure }, process.argv.slice(2));
  for (const result of results) process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  tell(error instanceof CommandError ? error.message : failureLine('The command failed', error));
  process.exitCode = 1;
} finally {
  await store.close();
}
