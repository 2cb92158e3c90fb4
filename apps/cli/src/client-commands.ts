import { randomUUID } from 'node:crypto';
import { createApiKeyRepository, createClientRepository, makeApiKey, type Store } from '@tributary/store';

/** A command that cannot be carried out; the message is for the operator. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** What `client create` prints. The key is shown this once: only its hash is stored. */
export interface CreatedClient {
  clientId: string;
  name: string;
  apiKey: string;
}

const longestName = 200;
const usage = 'Usage: npm run client -- create NAME | list | delete ID';
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
  store: Store,
  clientId: string | undefined,
): Promise<{ clientId: string; deleted: true }> {
  if (clientId === undefined || !anyUuid.test(clientId)) {
    throw new CommandError('The client id is a UUID: npm run client -- delete ID');
  }
  const clients = createClientRepository(store);
  if (!(await clients.find(clientId))) throw new CommandError(`There is no client ${clientId}.`);
  if (!(await clients.delete(clientId))) {
    throw new CommandError(`The client ${clientId} still has companies; delete those first.`);
  }
  return { clientId, deleted: true };
}

/**
 * Carries out one `client` command.
 * @returns what to print on standard output, one JSON line for each
 * @throws {CommandError} for words that make no command, and for clients that do not exist
 */
export async function runClientCommand(store: Store, words: readonly string[]): Promise<object[]> {
  const [command, ...rest] = words;
  if (command === 'create') return [await create(store, checkName(rest))];
  if (command === 'delete') return [await remove(store, rest[0])];
  if (command === 'list') {
    const clients = await createClientRepository(store).list();
    return clients.map(({ id, name, createdAt }) => ({ clientId: id, name, createdAt }));
  }
  throw new CommandError(usage);
}
