/**
 * Access tokens of companies: what a page in a browser may hold in place of an API key. A token opens one company and its
 * connections (see plugins/authentication.ts), for a day. It is a sealed statement of ours and stored nowhere; deleting the company
 * ends it.
 */
import { type CompanyAccess, createCompanyRepository, type Store } from '@tributary/store';
import { type Vault, VaultError } from '@tributary/vault';
import { z } from 'zod';
import { notFound } from '../errors.ts';

/** Who carries a token. */
interface TokenBearer extends CompanyAccess {
  readonly clientId: string;
  readonly companyId: string;
}

export interface AccessTokens {
  /** @throws ApiError 404 when the client has no such company */
  issue(clientId: string, companyId: string): Promise<{ accessToken: string; expiresIn: number }>;
  /** @returns undefined for what is no token of ours, has expired, or whose company is gone */
  read(token: string): Promise<TokenBearer | undefined>;
}

const lifetimeSeconds = 86_400;
/** Tells a token from an API key before anything is deciphered. */
const mark = 'company.';
const binding = { table: 'company_access_tokens', row: 'token', client: 'any' };

const statement = z.object({ client: z.uuid(), company: z.uuid(), expiresAtMs: z.int() });

export function createAccessTokens(options: {
  store: Pick<Store, 'prisma' | 'pool'>;
  vault: Vault;
  /** Epoch milliseconds. */
  clock: () => number;
}): AccessTokens {
  const { vault, clock } = options;
  const companies = createCompanyRepository(options.store);

  function open(token: string): z.output<typeof statement> | undefined {
    try {
      return statement.safeParse(JSON.parse(vault.open(token.slice(mark.length), binding))).data;
    } catch (error) {
      if (error instanceof VaultError) return undefined;
      throw error;
    }
  }

  return {
    async issue(clientId, companyId) {
      if ((await companies.access(clientId, companyId)) === undefined) throw notFound('company');
      const expiresAtMs = clock() + lifetimeSeconds * 1000;
      const text = JSON.stringify({ client: clientId, company: companyId, expiresAtMs });
      return { accessToken: `${mark}${vault.seal(text, binding)}`, expiresIn: lifetimeSeconds };
    },

    async read(token) {
      if (!token.startsWith(mark)) return undefined;
      const stated = open(token);
      if (stated === undefined || stated.expiresAtMs <= clock()) return undefined;
      const access = await companies.access(stated.client, stated.company);
      return access && { ...access, clientId: stated.client, companyId: stated.company };
    },
  };
}
