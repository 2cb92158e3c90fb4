/** A connection, its secrets, and where those live in the database. */

/** A connection, as far as the sync engine's callers must know it. */
export interface ConnectionRef {
  readonly id: string;
  readonly clientId: string;
  readonly companyId: string;
  readonly platformKey: string;
}

/** What is sealed in `connection_credentials`. */
export interface StoredTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
}

export const credentialBinding = (connection: Pick<ConnectionRef, 'id' | 'clientId'>) => ({
  table: 'connection_credentials',
  row: connection.id,
  client: connection.clientId,
});

/** Where a client's application secret lives, for the vault. */
export const applicationSecretBinding = (clientId: string, platformKey: string) => ({
  table: 'client_integrations',
  row: `${clientId}/${platformKey}`,
  client: clientId,
});
