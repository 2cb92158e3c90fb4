import { DatabaseSync } from 'node:sqlite';

/** Why a token request failed, in the words of RFC 6749, section 5.2. */
export type TokenFailure = 'invalid_request' | 'invalid_grant';

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  expiresInSeconds: number;
  user: bigint;
}

/** Issues, rotates and revokes what OAuth 2 hands out. Everything is kept on disk, so that links outlive a restart. */
export interface Authority {
  /** A one-time code for one user, client and redirect URI, good for a minute. */
  issueCode(grant: { client: string; user: bigint; redirectUri: string }): string;
  /** Trades a code for tokens. A code that was used before also revokes the tokens that came of it. */
  redeemCode(request: { client: string; code: string; redirectUri: string }): TokenPair | TokenFailure;
  /** Trades a refresh token, which dies, for a new pair. */
  refresh(request: { client: string; refreshToken: string }): TokenPair | TokenFailure;
  /** The user whose access token this is, while it is good. */
  userOf(accessToken: string): bigint | undefined;
  /** Makes one access token expire now. */
  expire(accessToken: string): void;
  /** Withdraws all that was granted: by one user, or by all. */
  revoke(user?: bigint): void;
  close(): void;
}

export interface AuthorityOptions {
  path: string;
  nowMs(): number;
  tokenSeconds: number;
  /** An unguessable text. */
  secret(): string;
}

const CODE_MS = 60_000;

const TABLES = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS grants (id INTEGER PRIMARY KEY, client TEXT NOT NULL, user INTEGER NOT NULL, revoked INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY, grant_id INTEGER NOT NULL, redirect_uri TEXT NOT NULL, expires_ms INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS access_tokens (token TEXT PRIMARY KEY, grant_id INTEGER NOT NULL, expires_ms INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS refresh_tokens (token TEXT PRIMARY KEY, grant_id INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
`;

export function createAuthority({ path, nowMs, tokenSeconds, secret }: AuthorityOptions): Authority {
  const db = new DatabaseSync(path);
  db.exec(TABLES);
  const addGrant = db.prepare('INSERT INTO grants (client, user) VALUES (?, ?)');
  const addCode = db.prepare(
    'INSERT INTO codes (code, grant_id, redirect_uri, expires_ms) VALUES (?, ?, ?, ?)',
  );
  const findCode = db.prepare(
    'SELECT c.grant_id, c.redirect_uri, c.expires_ms, c.used, g.client, g.user, g.revoked FROM codes c JOIN grants g ON g.id = c.grant_id WHERE c.code = ?',
  );
  const useCode = db.prepare('UPDATE codes SET used = 1 WHERE code = ?');
  const findRefresh = db.prepare(
    'SELECT t.grant_id, t.used, g.client, g.user, g.revoked FROM refresh_tokens t JOIN grants g ON g.id = t.grant_id WHERE t.token = ?',
  );
  const useRefresh = db.prepare('UPDATE refresh_tokens SET used = 1 WHERE token = ?');
  const addAccess = db.prepare('INSERT INTO access_tokens VALUES (?, ?, ?)');
  const addRefresh = db.prepare('INSERT INTO refresh_tokens (token, grant_id) VALUES (?, ?)');
  const findAccess = db.prepare(
    'SELECT g.user FROM access_tokens a JOIN grants g ON g.id = a.grant_id WHERE a.token = ? AND a.expires_ms > ? AND g.revoked = 0',
  );
  const revokeGrant = db.prepare('UPDATE grants SET revoked = 1 WHERE id = ?');
  const expireAccess = db.prepare('UPDATE access_tokens SET expires_ms = 0 WHERE token = ?');
  const revokeGrants = db.prepare('UPDATE grants SET revoked = 1 WHERE ? IS NULL OR user = ?');
  const dropExpired = db.prepare('DELETE FROM access_tokens WHERE grant_id = ? AND expires_ms <= ?');

  const issue = (grant: number | bigint, user: bigint): TokenPair => {
    const pair = { accessToken: secret(), refreshToken: secret(), expiresInSeconds: tokenSeconds, user };
    dropExpired.run(grant, nowMs());
    addAccess.run(pair.accessToken, grant, nowMs() + tokenSeconds * 1000);
    addRefresh.run(pair.refreshToken, grant);
    return pair;
  };

  return {
    issueCode: ({ client, user, redirectUri }) => {
      const code = secret();
      addCode.run(code, addGrant.run(client, user).lastInsertRowid, redirectUri, nowMs() + CODE_MS);
      return code;
    },
    redeemCode: ({ client, code, redirectUri }) => {
      const found = findCode.get(code);
      if (!found || found['client'] !== client) return 'invalid_grant';
      const grant = Number(found['grant_id']);
      if (found['used'] === 1) {
        revokeGrant.run(grant);
        return 'invalid_grant';
      }
      if (
        Number(found['expires_ms']) <= nowMs() ||
        found['redirect_uri'] !== redirectUri ||
        found['revoked'] === 1
      )
        return 'invalid_grant';
      useCode.run(code);
      return issue(grant, BigInt(Number(found['user'])));
    },
    refresh: ({ client, refreshToken }) => {
      const found = findRefresh.get(refreshToken);
      if (!found || found['client'] !== client || found['used'] === 1 || found['revoked'] === 1)
        return 'invalid_grant';
      useRefresh.run(refreshToken);
      return issue(Number(found['grant_id']), BigInt(Number(found['user'])));
    },
    userOf: (accessToken) => {
      const found = findAccess.get(accessToken, nowMs());
      return found && BigInt(Number(found['user']));
    },
    expire: (accessToken) => void expireAccess.run(accessToken),
    revoke: (user) => void revokeGrants.run(user ?? null, user ?? null),
    close: () => db.close(),
  };
}
