import { randomUUID } from 'node:crypto';
import { createApiKeyRepository, createClientRepository, makeApiKey, type Store } from '@tributary/store';
import type { Erasure } from '@tributary/sync';
import { CommandError } from './command-error.ts';
import { addPortalUser, resetPortalPassword } from './portal-user-commands.ts';

/** What `client create` prints. The key is shown this once: only its hash is stored. */
export interface CreatedClient {
  clientId: string;
  name: string;
  apiKey: string;
}

const longestName = 200;
const usage =
  'Usage: npm run client -- create NAME | list | delete ID [--erase] | portal-user ID EMAIL [ROLE] | reset-password EMAIL';
const eraseOption = '--erase';
const anyUuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

function checkName(words: readonly string[]): string {
  const name = words.join(' ').trim();
  if (name === '') throw new CommandError('The client needs a name: npm run client -- create NAME');
  if (name.length > longestName) throw new CommandError(`The name is longer than ${longestName} characters.`);
  // Other control characters would only spoil listings; the null character PostgreSQL cannot store.
  if (/\p{Cc}/u.test(name)) throw new CommandError('The name has control characters.');
  return name;
}

async function create(store: Store, name: string): Promise<CreatedClient> {
  const client = await createClientRepository(store).create({ id: randomUUID(), name });
  const apiKey = makeApiKey();
  await createApiKeyRepository(store).create(client.id, { id: randomUUID(), name: 'first key', apiKey });
  return { clientId: client.id, name: client.name, apiKey };
}

async function remove(
  { store, withErasure }: ClientCommandDependencies,
  words: readonly string[],
): Promise<{ clientId: string; deleted: true }> {
  const [clientId, ...others] = words.filter((word) => word !== eraseOption);
  if (clientId === undefined || others.length > 0 || !anyUuid.test(clientId)) {
    throw new CommandError('The client id is a UUID: npm run client -- delete ID [--erase]');
  }
  const clients = createClientRepository(store);
  if (!(await clients.find(clientId))) throw new CommandError(`There is no client ${clientId}.`);
  if (words.includes(eraseOption)) {
    await withErasure((erasure) => erasure.client(clientId));
  } else if (!(await clients.delete(clientId))) {
    throw new CommandError(
      `The client ${clientId} still has companies. Delete those first, or erase everything with ${eraseOption}.`,
    );
  }
  return { clientId, deleted: true };
}

/** What the commands work with. */
export interface ClientCommandDependencies {
  readonly store: Store;
  /** Opens the queue for as long as the work takes: only an erasure needs it. */
  readonly withErasure: <Result>(work: (erasure: Erasure) => Promise<Result>) => Promise<Result>;
}

/**
 * Carries out one `client` command.
 * @returns what to print on standard output, one JSON line for each
 * @throws {CommandError} for words that make no command, and for clients that do not exist
 */
export async function runClientCommand(
  dependencies: ClientCommandDependencies,
  words: readonly string[],
): Promise<object[]> {
  const { store } = dependencies;
  const [command, ...rest] = words;
  if (command === 'create') return [await create(store, checkName(rest))];
  if (command === 'delete') return [await remove(dependencies, rest)];
  if (command === 'portal-user') return [await addPortalUser(store, rest)];
  if (command === 'reset-password') return [await resetPortalPassword(store, rest)];
  if (command === 'list') {
    const clients = await createClientRepository(store).list();
    return clients.map(({ id, name, createdAt }) => ({ clientId: id, name, createdAt }));
  }
  throw new CommandError(usage);
}
