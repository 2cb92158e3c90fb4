import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from '../testing/harness.ts';

let harness: Harness;
let connection: Awaited<ReturnType<Harness['link']>>;
beforeEach(async () => {
  harness = await startHarness();
  connection = await harness.link();
});
afterEach(() => harness.close());

const malformed = {
  match: 'GET .*/records/invoices',
  kind: 'malformedRecord',
  damage: 'wrongTypes',
  index: 3,
  times: 1,
} as const;
const quarantined = () =>
  harness.store.prisma.quarantinedRecord.findMany({ where: { connectionId: connection.id } });
const stored = async () => {
  const { rows } = await harness.store.pool.query<{ id: string; document: string }>(
    'SELECT id, document::text AS document FROM invoices WHERE connection_id = $1 ORDER BY id',
    [connection.id],
  );
  return rows;
};

describe('a record that cannot be mapped', () => {
  it('is kept raw with its reason, counted and shown, fails nothing else, and is read again by the next run', async () => {
    await harness.control('faults', malformed);
    const first = await harness.pull(connection, 'invoices');
    expect([first.status, first.quarantined, first.inserted]).toEqual(['Complete', 1, first.recordsRead - 1]);
    const [kept] = await quarantined();
    expect(kept?.reason).not.toBe('');
    const shown = await harness.store.prisma.dataWarning.findMany({
      where: { runId: first.id, severity: 'error' },
    });
    expect(shown.map(({ ruleId, itemId }) => [ruleId, itemId])).toEqual([['record-quarantined', kept?.id]]);

    const second = await harness.pull(connection, 'invoices');
    expect([second.status, second.quarantined, second.inserted]).toEqual(['Complete', 0, 1]);
    expect(await quarantined()).toEqual([]);
  });

  it('keeps its last good version served, and does not make every later run read from the same cursor', async () => {
    await harness.pull(connection, 'customers');
    await harness.pull(connection, 'invoices');
    const good = await stored();
    await harness.control('live', { edits: 40 });
    await harness.control('faults', { ...malformed, index: 0, times: null });
    const bad = await harness.pull(connection, 'invoices');
    expect(bad.quarantined).toBeGreaterThan(0);
    const [kept] = await quarantined();
    const before = good.find(({ id }) => id === kept?.id);
    expect((await stored()).find(({ id }) => id === kept?.id)).toEqual(before);
    const cursor = async () =>
      (
        await harness.store.prisma.dataset.findFirstOrThrow({
          where: { connectionId: connection.id, dataType: 'invoices' },
        })
      ).cursorAt;
    const held = await cursor();
    await harness.pull(connection, 'invoices');
    expect((await cursor())?.getTime()).toBeGreaterThan(held?.getTime() ?? Number.POSITIVE_INFINITY);
  });
});
