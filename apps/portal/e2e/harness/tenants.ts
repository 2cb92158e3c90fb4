import { randomUUID } from 'node:crypto';
import {
  createApiKeyRepository,
  createClientRepository,
  createPortalUser,
  hashPassword,
  makeApiKey,
  openStore,
  type PortalRole,
  type Store,
} from '@tributary/store';
import type { Stack } from './stack.ts';

/** The password of every user that tests make. */
const password = 'correct horse battery staple';

export interface TestUser {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly role: PortalRole;
}

/** A lender of a test's own, or the one of the demo company. */
export interface Tenant {
  readonly clientId: string;
  readonly name: string;
  readonly apiKey: string;
  createUser(role: PortalRole, name?: string): Promise<TestUser>;
  /** Calls the public API with the client's key. @throws {Error} when it does not answer with a success */
  call<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** Writes to the service's database what there is no route for without being signed in. */
export interface Tenants {
  create(name: string): Promise<Tenant>;
  /** The client of the demo company. */
  demo(): Promise<Tenant>;
  readonly store: Store;
  close(): Promise<void>;
}

export function openTenants({ url, databaseUrl, apiKey: demoKey }: Stack): Tenants {
  const store = openStore({
    databaseUrl,
    poolSize: 2,
    applicationName: 'e2e',
    queryTimeoutMs: 15_000,
    onError: (error) => console.error(error),
  });
  let hashed: Promise<string> | undefined;

  function tenantOf(clientId: string, name: string, apiKey: string): Tenant {
    return {
      clientId,
      name,
      apiKey,
      async createUser(role, userName = 'Olivia Marsh') {
        hashed ??= hashPassword(password);
        const id = randomUUID();
        const email = `${role}-${id.slice(0, 8)}@example.com`;
        const user = { id, clientId, email, name: userName, role, passwordHash: await hashed };
        if ((await createPortalUser(store.pool, user)) === undefined) throw new Error(`${email} exists.`);
        return { id, email, password, role };
      },
      async call<Answer>(method: string, path: string, body?: unknown) {
        const response = await fetch(`${url}${path}`, {
          method,
          headers: {
            authorization: `Basic ${Buffer.from(apiKey).toString('base64')}`,
            ...(body !== undefined && { 'content-type': 'application/json' }),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
        return (text === '' ? undefined : JSON.parse(text)) as Answer;
      },
    };
  }

  return {
    store,
    async create(name) {
      const clientId = randomUUID();
      const apiKey = makeApiKey();
      await createClientRepository(store).create({ id: clientId, name });
      await createApiKeyRepository(store).create(clientId, { id: randomUUID(), name: 'tests', apiKey });
      return tenantOf(clientId, name, apiKey);
    },
    async demo() {
      const { rows } = await store.pool.query<{ id: string; name: string }>(
        'SELECT id, name FROM clients ORDER BY created_at LIMIT 1',
      );
      const client = rows[0];
      if (!client) throw new Error('There is no demo client.');
      return tenantOf(client.id, client.name, demoKey);
    },
    close: () => store.close(),
  };
}
