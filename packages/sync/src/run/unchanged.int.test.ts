/** A listing in full maps what has to be mapped, and what is stored is in the end what mapping everything would have made of it. */
import { PlatformError, type WireRecord } from '@tributary/connector-kit';
import { type DataTypeKey, dataTypes } from '@tributary/model';
import { createSupplementalDataRepository, listWarnings } from '@tributary/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AlteredPlatform, alterPlatform, withMemo } from '../testing/altered-platform.ts';
import { sessionOf, storedRecords } from '../testing/books.ts';
import { type Harness, startHarness } from '../testing/harness.ts';
import { write } from '../testing/writes.ts';
import { supplementOf } from './supplement.ts';

type Linked = Awaited<ReturnType<Harness['link']>>;

let harness: Harness;
let platform: AlteredPlatform;
let connection: Linked;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 200, pageLimit: 8 } });
  platform = alterPlatform(harness);
}, 60_000);
beforeEach(async () => {
  connection = await harness.link();
});
afterEach(() => platform.restore());
afterAll(() => harness.close());

/** The next run lists everything. */
const forgetCursor = (dataType: DataTypeKey = 'invoices') =>
  harness.store.pool.query(
    'UPDATE datasets SET cursor_at = NULL WHERE connection_id = $1 AND data_type = $2',
    [connection.id, dataType],
  );

/** A listing in full. @returns its run, and what was mapped for it */
async function list(dataType: DataTypeKey = 'invoices') {
  await forgetCursor(dataType);
  platform.mapped.length = 0;
  const run = await harness.pull(connection, dataType);
  expect([run.status, run.errorMessage]).toEqual(['Complete', null]);
  return { run, mapped: [...platform.mapped].sort() };
}

const queryAll = async <Row extends object>(text: string): Promise<Row[]> =>
  (await harness.store.pool.query<Row>(text, [connection.id])).rows;

/** Versions of all rows that hold books. */
const versions = async () => ({
  raw: await queryAll(`SELECT id, xmin::text FROM raw_records WHERE connection_id = $1 ORDER BY id`),
  invoices: await queryAll(`SELECT id, xmin::text FROM invoices WHERE connection_id = $1 ORDER BY id`),
});
const datasetOf = (dataType: DataTypeKey = 'invoices') =>
  harness.store.prisma.dataset.findFirstOrThrow({ where: { connectionId: connection.id, dataType } });
const isDeleted = async (table: string, id: string) =>
  (
    await queryAll<{ id: string; is_deleted: boolean }>(
      `SELECT id, is_deleted FROM ${table} WHERE connection_id = $1`,
    )
  ).find((row) => row.id === id)?.is_deleted;

/** Asserts that what is stored is what the platform shows now, mapped with what mapping looks up now. */
async function expectFresh(dataType: DataTypeKey = 'invoices') {
  const connector = harness.connectors.get('ksho');
  if (connector === undefined) throw new Error('there is a connector');
  const session = await sessionOf(harness, connection);
  const lookup = await connector.loadLookup(session, dataType);
  const { config } = await createSupplementalDataRepository(harness.store).find(
    connection.clientId,
    'ksho',
    dataType,
  );
  const supplement = supplementOf(config);
  const shown: Record<string, unknown> = {};
  const request = { dataType, modifiedSinceMs: undefined, fromDate: undefined, checkpoint: undefined };
  for await (const page of connector.pull(session, request)) {
    for (const record of page.records) {
      const outcome = connector.map(dataType, record, lookup);
      if (outcome.kind !== 'mapped' || outcome.isDeleted) continue;
      const content = supplement?.(record.raw);
      const whole =
        content === undefined ? outcome.record : { ...outcome.record, supplementalData: { content } };
      shown[outcome.id] = JSON.parse(JSON.stringify(whole));
    }
  }
  expect(await storedRecords(harness, connection, dataType)).toEqual(shown);
}

/** The nth stored record that is not deleted. */
const someId = async (nth: number, dataType: DataTypeKey = 'invoices') =>
  (
    await queryAll<{ id: string }>(
      `SELECT id FROM ${dataTypes[dataType].table} WHERE connection_id = $1 AND NOT is_deleted ORDER BY seq OFFSET ${nth} LIMIT 1`,
    )
  )[0]?.id ?? '';
/** Records that the platform itself calls removed: they are mapped by each run. */
const removedIds = async (dataType: DataTypeKey = 'invoices') =>
  (
    await queryAll<{ id: string }>(
      `SELECT id FROM ${dataTypes[dataType].table} WHERE connection_id = $1 AND is_deleted ORDER BY id`,
    )
  ).map(({ id }) => id);
const replacing =
  (id: string, change: (record: WireRecord) => WireRecord | undefined) => (records: readonly WireRecord[]) =>
    records.flatMap((record) => (record.id === id ? (change(record) ?? []) : record));
const hiding = (id: string) => replacing(id, () => undefined);
const broken = (id: string) => replacing(id, (record) => ({ ...record, raw: '{"id":' }));

describe('a listing in full of what has not changed', () => {
  it('maps nothing, rewrites nothing, and tells of everything', async () => {
    const first = await list();
    const removed = await removedIds();
    const before = await versions();
    const { cursorAt } = await datasetOf();
    const { run, mapped } = await list();
    expect(run.listing).toBe('full');
    expect(mapped).toEqual(removed);
    expect(await versions()).toEqual(before);
    expect([run.recordsRead, run.unchanged, run.inserted, run.changed, run.deleted, run.warnings]).toEqual([
      first.run.recordsRead,
      first.run.inserted,
      0,
      0,
      0,
      0,
    ]);
    expect(run.pages).toBeGreaterThan(2);
    expect(run.greatestModifiedAt).toEqual(first.run.greatestModifiedAt);
    expect((await datasetOf()).cursorAt).toEqual(cursorAt);
    expect(await queryAll('SELECT id FROM missing_records WHERE connection_id = $1')).toEqual([]);
    await expectFresh();
  });

  it('is every further sync of what can be listed in full only', async () => {
    for (const dataType of ['customers', 'items', 'chartOfAccounts', 'company', 'taxRates'] as const) {
      await list(dataType);
      const removed = await removedIds(dataType);
      expect((await list(dataType)).mapped, dataType).toEqual(removed);
    }
  });

  it('maps the one record that has changed', async () => {
    await list();
    const removed = await removedIds();
    const id = await someId(30);
    platform.page = replacing(id, (record) => withMemo(record, 'changed'));
    const { run, mapped } = await list();
    expect(mapped).toEqual([...removed, id].sort());
    expect([run.changed, run.unchanged]).toEqual([1, run.recordsRead - 1]);
    await expectFresh();
    expect((await list()).mapped).toEqual(removed);
  });

  it('is compared no further when nothing of it is stored as it is shown, and is right all the same', async () => {
    await list();
    const removed = await removedIds();
    platform.page = (records) => records.map((record) => withMemo(record, 'all new'));
    const { run, mapped } = await list();
    expect(mapped).toHaveLength(run.recordsRead);
    await expectFresh();
    // So are the last pages, although they are stored.
    platform.page = (records, nth) =>
      nth < 5
        ? records.map((record) => withMemo(record, 'some new'))
        : records.map((record) => withMemo(record, 'all new'));
    expect((await list()).mapped).toHaveLength(run.recordsRead);
    await expectFresh();
    expect((await list()).mapped).toEqual(removed);
  });

  it('maps everything again when a name has changed that mapping looks up, once', async () => {
    await list();
    const removed = await removedIds();
    platform.accountSuffix = ' & Sons';
    const { run, mapped } = await list();
    expect(mapped).toHaveLength(run.recordsRead);
    expect(run.changed).toBeGreaterThan(0);
    await expectFresh();
    expect((await list()).mapped).toEqual(removed);
    await expectFresh();
  });

  it('warns of an odd record in every run', async () => {
    await list();
    const removed = await removedIds();
    const id = await someId(3);
    platform.odd.add(id);
    // Nobody knows that mapping has changed: its version says so.
    platform.manifest = { mappingVersion: 7 };
    for (const expected of ['all', 'one', 'one']) {
      const { run, mapped } = await list();
      if (expected === 'one') expect(mapped).toEqual([...removed, id].sort());
      const warnings = await listWarnings(harness.store.pool, connection.companyId, run.id, 1000);
      expect(warnings.map(({ itemId, ruleId }) => [itemId, ruleId])).toEqual([[id, 'odd']]);
      expect(run.warnings).toBe(1);
    }
    platform.odd.clear();
    expect((await list()).mapped).toEqual([...removed, id].sort());
    expect((await list()).mapped).toEqual(removed);
  });

  it('maps everything with a new version of the mapping, once', async () => {
    await list();
    const removed = await removedIds();
    platform.manifest = { mappingVersion: 9 };
    const { run, mapped } = await list();
    expect(mapped).toHaveLength(run.recordsRead);
    expect((await list()).mapped).toEqual(removed);
  });

  it('gives all records what the client comes to want beside the unified ones', async () => {
    await list();
    const removed = await removedIds();
    const repository = createSupplementalDataRepository(harness.store);
    for (const pullData of [{ type: 'type' }, { type: 'type', total: 'totalDue' }, {}]) {
      await repository.save(connection.clientId, 'ksho', 'invoices', { own: { pullData } as never });
      await list();
      await expectFresh();
      expect((await list()).mapped).toEqual(removed);
      await expectFresh();
    }
  });

  it('lets the later of two texts count that a listing has for one record', async () => {
    await list();
    const removed = await removedIds();
    const id = await someId(25);
    // On two pages, and once more on the page itself.
    for (const place of [0, 1]) {
      let copy: WireRecord | undefined;
      platform.page = (records) => {
        const own = records.find((record) => record.id === id);
        if (own !== undefined) copy = withMemo(own, 'the other');
        if (copy === undefined || (place === 0) === (own !== undefined)) return records;
        const other = copy;
        copy = undefined;
        return [...records, other];
      };
      for (let time = 0; time < 3; time += 1) {
        const { mapped } = await list();
        // Where the first page shows what is stored, only the second has something new.
        const times = place === 0 && time === 0 ? [id] : [id, id];
        expect(mapped.filter((other) => !removed.includes(other))).toEqual(times);
        await expectFresh();
        expect((await storedRecords(harness, connection, 'invoices'))[id]).toMatchObject({
          note: 'the other',
        });
      }
    }
  });
});

describe('a record that is back with its old text', () => {
  const rename = (): void => {
    platform.accountSuffix = ' & Sons';
  };

  it('leaves the quarantine', async () => {
    await list();
    const removed = await removedIds();
    const id = await someId(12);
    platform.page = broken(id);
    expect((await list()).run.quarantined).toBe(1);
    platform.page = undefined;
    expect((await list()).mapped).toEqual([...removed, id].sort());
    expect(await queryAll('SELECT id FROM quarantined_records WHERE connection_id = $1')).toEqual([]);
    expect((await list()).mapped).toEqual(removed);
  });

  it.each<[string, () => void]>([
    [
      'a listing that proves nothing dropped it from the quarantine',
      () => {
        platform.warnings = [{ ruleId: 'listing-odd', message: 'Odd.' }];
      },
    ],
    [
      'a listing that proves nothing about deletions dropped it from the quarantine',
      () => {
        platform.manifest = { deletionProof: 'none' };
      },
    ],
  ])('is mapped with the names of today although %s', async (_what, prove) => {
    await list();
    const id = await someId(12);
    rename();
    platform.page = broken(id);
    await list();
    platform.page = hiding(id);
    prove();
    await list();
    platform.page = undefined;
    platform.warnings = [];
    await list();
    await expectFresh();
  });

  it.each<[string, () => void]>([
    ['a complete listing', () => undefined],
    [
      'a listing that was odd',
      () => {
        platform.warnings = [{ ruleId: 'listing-odd', message: 'Odd.' }];
      },
    ],
    [
      'a listing that proves nothing',
      () => {
        platform.manifest = { deletionProof: 'none' };
      },
    ],
  ])('is mapped with the names of today when it was %s that lacked it', async (_what, prove) => {
    await list();
    const id = await someId(12);
    rename();
    platform.page = hiding(id);
    prove();
    await list();
    platform.page = undefined;
    platform.warnings = [];
    await list();
    await expectFresh();
    await list();
    await expectFresh();
  });

  it('is mapped with the names of today when the platform still had it', async () => {
    await list();
    const id = await someId(12);
    platform.page = hiding(id);
    await list();
    rename();
    // The second listing that lacks it asks for it, and is told that it is there.
    expect((await list()).run.warnings).toBe(1);
    platform.page = undefined;
    const { mapped } = await list();
    expect(mapped).toContain(id);
    await expectFresh();
    expect((await list()).mapped).not.toContain(id);
  });

  it('is not deleted any more', async () => {
    await list();
    const removed = await removedIds();
    const id = await someId(12);
    platform.denied.add(id);
    platform.page = hiding(id);
    await list();
    expect((await list()).run.deleted).toBe(1);
    expect(await isDeleted('invoices', id)).toBe(true);
    rename();
    await list();
    platform.page = undefined;
    await list();
    expect(await isDeleted('invoices', id)).toBe(false);
    await expectFresh();
    expect((await list()).mapped).toEqual(removed);
  });
});

describe('what else writes', () => {
  it('a write to the platform is mapped once more by the next listing, with its names', async () => {
    await list();
    const removed = await removedIds();
    const [account] = await queryAll<{ id: string }>(
      `SELECT document #>> '{lineItems,0,accountRef,id}' AS id FROM invoices WHERE connection_id = $1 AND NOT is_deleted LIMIT 1`,
    );
    const record = {
      issueDate: '2026-05-20T00:00:00',
      status: 'Submitted',
      lineItems: [{ description: 'Work', unitAmount: 10, quantity: 1, accountRef: { id: account?.id } }],
    };
    // The names that the write is mapped with are gone again when the next listing comes.
    platform.accountSuffix = ' for a minute';
    const { writtenId, status } = await write(harness, connection, 'invoices', record);
    platform.accountSuffix = '';
    expect(status).toBe('Success');
    expect((await list()).mapped).toEqual([...removed, writtenId].sort());
    await expectFresh();
    expect((await list()).mapped).toEqual(removed);

    // While a listing goes on.
    const id = writtenId;
    platform.accountSuffix = ' & Sons';
    let isWritten = false;
    platform.before = async (nth) => {
      if (nth !== 2 || isWritten) return;
      isWritten = true;
      platform.accountSuffix = ' for a minute';
      const { status } = await write(harness, connection, 'invoices', { ...record, id }, { recordId: id });
      expect(status).toBe('Success');
      platform.accountSuffix = ' & Sons';
    };
    await list();
    platform.before = undefined;
    expect(isWritten).toBe(true);
    expect((await list()).mapped).toContain(id);
    await expectFresh();
    expect((await list()).mapped).toEqual(removed);
  });

  it('a run of changes with other names is followed by a listing that maps everything', async () => {
    await list();
    const id = await someId(5);
    platform.accountSuffix = ' & Sons';
    // Everything has changed since: nothing is asked of the platform's own clock here.
    platform.page = replacing(id, (record) => withMemo(record, 'changed'));
    await harness.store.pool.query(`UPDATE datasets SET cursor_at = '2000-01-01' WHERE connection_id = $1`, [
      connection.id,
    ]);
    expect((await harness.pull(connection, 'invoices')).listing).toBe('incremental');
    expect((await datasetOf()).mappedWith).toBeNull();
    platform.accountSuffix = '';
    await list();
    await expectFresh();
  });

  it('a run that fails in the middle leaves nothing unmapped, and nothing unchecked', async () => {
    await list();
    const id = await someId(4);
    platform.page = replacing(id, (record) => ({
      ...record,
      raw: record.raw.replace(/"totalDue":-?\d+/, '"totalDue":1'),
    }));
    platform.before = async (nth) => {
      if (nth === 3) throw new PlatformError('forbidden', 'Not for you');
    };
    await forgetCursor();
    expect((await harness.pull(connection, 'invoices')).status).not.toBe('Complete');
    platform.before = undefined;
    const { run, mapped } = await list();
    expect(mapped).not.toContain(id);
    const warnings = await listWarnings(harness.store.pool, connection.companyId, run.id, 1000);
    expect(warnings.map(({ itemId }) => itemId)).toContain(id);

    platform.accountSuffix = ' & Sons';
    platform.before = async (nth) => {
      if (nth === 3) throw new PlatformError('forbidden', 'Not for you');
    };
    await forgetCursor();
    await harness.pull(connection, 'invoices');
    platform.before = undefined;
    platform.accountSuffix = '';
    await list();
    await expectFresh();
  });
});

describe('a run that is put off between its pages', () => {
  const never = new AbortController().signal;

  /** Lists with an attempt for each few pages. @param between happens after the first */
  async function listBitByBit(between: () => void) {
    const impatient = () => harness.engineFor('impatient', { sliceMs: -1 });
    await forgetCursor();
    platform.mapped.length = 0;
    const { id } = await harness.sync.requestRun({ connection, dataType: 'invoices', trigger: 'request' });
    const other = await harness.sync.requestRun({
      connection: await harness.link(),
      dataType: 'invoices',
      trigger: 'request',
    });
    const row = () => harness.store.prisma.pullOperation.findUniqueOrThrow({ where: { id } });
    await impatient().execute(id, never);
    const paused = await row();
    expect(paused.completedAt).toBeNull();
    expect(paused.pages).toBeGreaterThan(0);
    between();
    await impatient().execute(id, never);
    // The other client's records are none of this run's.
    const mapped = [...platform.mapped];
    await harness.engineFor('patient').execute(other.id, never);
    platform.mapped.splice(0, Number.POSITIVE_INFINITY, ...mapped);
    await harness.engineFor('patient').execute(id, never);
    expect((await row()).status).toBe('Complete');
  }

  it('maps everything with other names, and the next listing nothing', async () => {
    await list();
    const removed = await removedIds();
    platform.accountSuffix = ' & Sons';
    await listBitByBit(() => undefined);
    await expectFresh();
    expect((await list()).mapped).toEqual(removed);
    await listBitByBit(() => undefined);
    expect([...platform.mapped].sort()).toEqual(removed);
    await expectFresh();
  });

  it('is followed by one that maps everything when names change in between', async () => {
    await list();
    platform.accountSuffix = ' & Sons';
    await listBitByBit(() => {
      platform.accountSuffix = ' & Daughters';
    });
    expect((await datasetOf()).mappedWith).toBeNull();
    await list();
    await expectFresh();
  });
});

describe('findings', () => {
  it('come with what records are checked against, although no record has changed', async () => {
    const id = '999';
    platform.page = (records) =>
      records.map((record, nth) =>
        nth === 1 ? { ...record, raw: record.raw.replace(/"contact":\d+/, `"contact":${id}`) } : record,
      );
    const findings = async () => {
      const { run } = await list();
      const warnings = await listWarnings(harness.store.pool, connection.companyId, run.id, 1000);
      return warnings.map(({ message }) => message).filter((message) => message.includes(id));
    };
    expect(await findings()).toEqual([]);
    expect(await findings()).toEqual([]);
    await harness.pull(connection, 'customers');
    expect((await findings()).length).toBeGreaterThan(0);
    expect((await findings()).length).toBeGreaterThan(0);
  });
});
