import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './testing/harness.ts';

const processes = 8;
/** Long enough for dozens of refreshes; `RACE_SECONDS` makes it shorter while working on it. */
const seconds = Number(process.env['RACE_SECONDS'] ?? 60);

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 50, tokenSeconds: 1 } });
});
afterAll(() => harness.close());

describe('single-use refresh tokens shared by eight processes', () => {
  it(
    'are never used twice: no call fails although every access token lives a second',
    async () => {
      const connection = await harness.link();
      const script = fileURLToPath(new URL('testing/token-client.ts', import.meta.url));
      const assignment = JSON.stringify({
        databaseUrl: harness.databaseUrl,
        base: harness.base,
        seconds,
        connection,
      });
      const outputs = await Promise.all(
        Array.from({ length: processes }, () => promisify(execFile)(process.execPath, [script, assignment])),
      );
      const results = outputs.map(({ stdout }) => JSON.parse(stdout) as { calls: number; errors: string[] });
      expect(results.flatMap((result) => result.errors)).toEqual([]);
      const calls = results.reduce((sum, result) => sum + result.calls, 0);
      const { version, state } = await harness.store.prisma.connectionCredential.findUniqueOrThrow({
        where: { connectionId: connection.id },
      });
      expect(state).toBe('active');
      expect(version).toBeGreaterThan(seconds / 2);
      process.stdout.write(
        `token race: ${processes} processes, ${seconds} s, ${calls} calls, ${version - 1} refreshes, no invalid_grant\n`,
      );
    },
    (seconds + 180) * 1000,
  );
});
