import { instant } from '@tributary/model';
import { createApiKeyRepository, makeApiKey, maximumApiKeys, type StoredApiKey } from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';
import { conflict, notFound } from '../errors.ts';
import type { Authenticator } from './authenticator.ts';

interface ApiKeyView {
  readonly id: string;
  readonly name?: string;
  /** Only in the answer that created it. */
  readonly apiKey?: string;
  readonly createdDate: string;
}

export interface ApiKeyService {
  list(clientId: string): Promise<{ results: ApiKeyView[] }>;
  /** @throws ApiError 409 when the client has as many keys as it may have */
  create(clientId: string, name: string | undefined): Promise<ApiKeyView>;
  /** The key stops working at once on this process, and within seconds on others. */
  delete(clientId: string, apiKeyId: string): Promise<void>;
}

export function createApiKeyService(
  { store, newId }: Pick<AppDependencies, 'store' | 'newId'>,
  authenticator: Authenticator,
): ApiKeyService {
  const apiKeys = createApiKeyRepository(store);
  return {
    async list(clientId) {
      return { results: (await apiKeys.list(clientId)).map(apiKeyView) };
    },

    async create(clientId, name) {
      const apiKey = makeApiKey();
      const stored = await apiKeys.create(clientId, { id: newId(), name, apiKey });
      if (stored === undefined)
        throw conflict(`There are ${maximumApiKeys} API keys already; delete one first.`);
      return { ...apiKeyView(stored), apiKey };
    },

    async delete(clientId, apiKeyId) {
      const isDeleted = await apiKeys.delete(clientId, apiKeyId);
      if (!isDeleted) throw notFound('API key');
      authenticator.forget();
    },
  };
}

function apiKeyView({ id, name, createdAt }: StoredApiKey): ApiKeyView {
  return { id, ...(name !== null && { name }), createdDate: instant(createdAt) };
}
