import { createClientRepository } from '@tributary/store';
import type { AppDependencies } from '../dependencies.ts';
import { notFound } from '../errors.ts';
import { createAccessTokens } from './access-tokens.ts';

/** Access to companies from pages in browsers. */
export interface CompanyAccessService {
  token(
    clientId: string,
    companyId: string,
  ): Promise<{ accessToken: string; expiresIn: number; tokenType: 'Bearer' }>;
  allowedOrigins(clientId: string): Promise<{ allowedOrigins: string[] }>;
  setAllowedOrigins(clientId: string, origins: readonly string[]): Promise<{ allowedOrigins: string[] }>;
}

export function createCompanyAccessService(
  dependencies: Pick<AppDependencies, 'store' | 'vault' | 'clock'>,
): CompanyAccessService {
  const clients = createClientRepository(dependencies.store);
  const tokens = createAccessTokens(dependencies);
  return {
    async token(clientId, companyId) {
      return { ...(await tokens.issue(clientId, companyId)), tokenType: 'Bearer' };
    },

    async allowedOrigins(clientId) {
      const origins = await clients.allowedOrigins(clientId);
      if (origins === undefined) throw notFound('client');
      return { allowedOrigins: [...origins] };
    },

    async setAllowedOrigins(clientId, origins) {
      if (!(await clients.replaceAllowedOrigins(clientId, origins))) throw notFound('client');
      return { allowedOrigins: [...origins] };
    },
  };
}
