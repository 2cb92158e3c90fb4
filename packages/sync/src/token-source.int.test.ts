import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepTokensAlive } from './keep-alive.ts';
import { type Harness, startHarness } from './testing/harness.ts';

let harness: Harness;
let connection: Awaited<ReturnType<Harness['link']>>;
beforeEach(async () => {
  harness = await startHarness({ sandbox: { size: 50 } });
  connection = await harness.link();
});
afterEach(() => harness.close());

const credential = () =>
  harness.store.prisma.connectionCredential.findUniqueOrThrow({ where: { connectionId: connection.id } });
const status = async () =>
  (await harness.store.prisma.connection.findUniqueOrThrow({ where: { id: connection.id } })).status;

describe('a refresh whose answer is lost', () => {
  it('is a state of its own, not a silent disconnect; only the old token being dead ends the link, with the reason', async () => {
    await harness.control('faults', [
      { match: 'GET /api/', kind: 'tokenExpired', times: 1 },
      { match: 'POST /oauth2/token', kind: 'answerLost', times: 1 },
    ]);
    const paused = await harness.pull(connection, 'taxRates');
    expect([paused.status, paused.completedAt, (await credential()).state]).toEqual(['Queued', null, 'lost']);
    expect(await status()).toBe('Linked');

    // The sandbox rotated the tokens when it answered: the old refresh token is dead.
    await harness.store.prisma.pullOperation.update({ where: { id: paused.id }, data: { notBefore: null } });
    const ended = await harness.pull(connection, 'taxRates');
    expect([ended.status, await status()]).toEqual(['AuthError', 'Deauthorized']);
    expect(ended.errorMessage).toMatch(/answer to an earlier token refresh was lost/);

    await harness.consent(connection, '1001');
    expect((await harness.pull(connection, 'taxRates')).status).toBe('Complete');
  });

  it('a token endpoint that is down changes nothing', async () => {
    await harness.control('faults', [
      { match: 'GET /api/', kind: 'tokenExpired', times: 1 },
      { match: 'POST /oauth2/token', kind: 'status', status: 503, times: null },
    ]);
    const paused = await harness.pull(connection, 'taxRates');
    expect([paused.completedAt, (await credential()).state, await status()]).toEqual([
      null,
      'active',
      'Linked',
    ]);
    await harness.control('faults', { faults: [] });
    await harness.store.prisma.pullOperation.update({ where: { id: paused.id }, data: { notBefore: null } });
    expect((await harness.pull(connection, 'taxRates')).status).toBe('Complete');
  });
});

describe('tokens of an idle connection', () => {
  const logger = { warn: () => undefined } as never;
  const idle = () =>
    harness.store.pool.query(
      `UPDATE connection_credentials SET updated_at = now() - interval '2 days', expires_at = now() - interval '1 day'`,
    );

  it('are renewed now and then, once however many workers look', async () => {
    await idle();
    const { version, sealed } = await credential();
    const tried = await Promise.all(
      [1, 2, 3].map(() =>
        keepTokensAlive({ store: harness.store, credentials: harness.credentials, logger }),
      ),
    );
    expect(tried.reduce((sum, count) => sum + count)).toBe(1);
    const renewed = await credential();
    expect([renewed.version, renewed.state]).toEqual([version + 1, 'active']);
    expect(renewed.sealed).not.toBe(sealed);
  });

  it('tell that access was revoked', async () => {
    await idle();
    await harness.control('revoke', { user: '1001' });
    await keepTokensAlive({ store: harness.store, credentials: harness.credentials, logger });
    expect(await status()).toBe('Deauthorized');
  });
});
