/** Bodies of any size, listings that lie about their pages, and records that are none. */
import type { DataTypeKey } from '@tributary/model';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DataTypeManifest, PullPage } from '../connector.ts';
import { DEFAULT_SESSION_LIMITS } from '../http.ts';
import type { ConformanceOptions, PlatformFault } from './platform.ts';
import {
  mapAll,
  platformErrorOf,
  rawById,
  readAll,
  recordsOf,
  type Stage,
  sorted,
  warningsOf,
} from './stage.ts';

const MEGABYTE = 1_000_000;
/** What buffers may take beside the body that is allowed: chunks on their way, and those not collected yet. */
const SLACK_BYTES = 150 * MEGABYTE;

export function describeHostilePlatforms(
  stageOf: () => Stage,
  options: ConformanceOptions,
  dataTypes: ReadonlyMap<DataTypeKey, DataTypeManifest>,
): void {
  const dataType = options.pagedDataType;
  const fault = (
    kind: string,
    parameters: Readonly<Record<string, unknown>> = {},
    how: Pick<PlatformFault, 'times' | 'skip'> = {},
  ) => stageOf().platform.setFaults([{ on: { listing: dataType }, kind, parameters, ...how }]);
  let healthy: readonly PullPage[] = [];
  beforeEach(async () => {
    healthy = await stageOf().healthy(dataType);
  });
  const whole = () => sorted(rawById(healthy));
  const read = async () => {
    const { connector, visit } = stageOf();
    const visited = await visit();
    const pages = await readAll(connector, visited.session, { dataType });
    return { pages, requests: visited.exchanges.length };
  };

  describe('bodies without measure', () => {
    const defaultCap = DEFAULT_SESSION_LIMITS.maxBodyBytes;
    test.each([
      ['300 MB', 'hugeBody', {}, defaultCap],
      ['300 MB, announced', 'hugeBody', { announced: true }, defaultCap],
      ['a stream without end', 'hugeBody', { megabytes: 500_000 }, 4 * MEGABYTE],
      ['a megabyte that expands to more than a gigabyte', 'gzipBomb', {}, defaultCap],
    ] as const)('%s: refused once, and never held', async (_what, kind, parameters, maxBodyBytes) => {
      const { connector, visit } = stageOf();
      const { session, exchanges } = await visit({ maxBodyBytes });
      await fault(kind, parameters, { times: null });
      const memory = watchBuffers();
      const error = await platformErrorOf(stageOf(), readAll(connector, session, { dataType }));
      expect(memory.mostBytes()).toBeLessThan(2 * maxBodyBytes + SLACK_BYTES);
      expect([error.code, exchanges.length]).toEqual(['unexpected', 1]);
    });
  });

  describe('listings', () => {
    test('the books fill three pages at least, or these checks show nothing', () => {
      expect(healthy.filter(({ records }) => records.length > 0).length).toBeGreaterThanOrEqual(3);
    });

    test('a page that comes once more ends the listing with a warning', async () => {
      await fault('repeatedPage', {}, { skip: 1 });
      const { pages, requests } = await read();
      expect([requests, warningsOf(pages).length]).toEqual([2, 1]);
    });

    test('the first page over and over ends the listing with a warning', async () => {
      await fault('shortPage', { rows: 1 });
      const [first] = (await read()).pages;
      await fault('query', { set: { offset: '0' } }, { times: null });
      const { pages, requests } = await read();
      expect([requests, warningsOf(pages).length]).toEqual([2, 1]);
      expect(pages[0]?.records[0]).toEqual(first?.records[0]);
    });

    test('a listing that begins anew at its end is read once round, from wherever it is resumed', async () => {
      const { connector, visit } = stageOf();
      await fault('endlessListing', {}, { times: null });
      const { pages, requests } = await read();
      expect(sorted(rawById(pages))).toEqual(whole());
      expect(requests).toBeLessThanOrEqual(healthy.length + 2);
      expect(warningsOf(pages)).toHaveLength(1);

      const visited = await visit();
      await readAll(connector, visited.session, { dataType, checkpoint: pages.at(-1)?.checkpoint ?? null });
      expect(visited.exchanges.length).toBeLessThanOrEqual(healthy.length + 2);
    });

    test('rows that move between pages neither loop nor double a row of a page, and the next quiet listing is whole', async () => {
      await fault('movingRows', { by: 2 }, { times: null });
      const { pages, requests } = await read();
      expect(requests).toBeLessThanOrEqual(healthy.length + 2);
      expect(rawById(healthy).size).toBeGreaterThan(rawById(pages).size);
      expect(new Set(rawById(healthy).keys()).isSupersetOf(new Set(rawById(pages).keys()))).toBe(true);
      for (const { records } of pages) expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);

      await stageOf().platform.setFaults([]);
      expect(sorted(rawById((await read()).pages))).toEqual(whole());
    });

    if (options.pagedBy !== 'number') {
      test('a short page proves nothing: the listing goes on to its end', async () => {
        await fault('shortPage', { rows: 3 }, { skip: 1, times: 2 });
        const { pages } = await read();
        expect(sorted(rawById(pages))).toEqual(whole());
        expect(warningsOf(pages)).toEqual([]);
      });
    }

    test('a row that comes twice is one record', async () => {
      await fault('duplicateRecords', {}, { times: null });
      const { pages, requests } = await read();
      expect(sorted(rawById(pages))).toEqual(whole());
      for (const { records } of pages) expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
      expect(requests).toBeLessThanOrEqual(2 * healthy.length + 2);
    });
  });

  describe('records', () => {
    const mapped = async (pages: readonly PullPage[]) => {
      const { connector, visit } = stageOf();
      return mapAll(
        connector,
        dataType,
        pages,
        await connector.loadLookup((await visit()).session, dataType),
      );
    };
    /** Its second row was given; a later page must not tell the same. */
    const index = 1;

    test.each(['wrongTypes', 'notAnObject', 'missingId'])(
      'a malformed one (%s) is quarantined alone, under an id that it keeps',
      async (damage) => {
        const undisturbed = await mapped(healthy);
        const ids: (string | undefined)[] = [];
        for (let round = 0; round < 2; round += 1) {
          await fault('malformedRecord', { damage, index });
          const { pages } = await read();
          const outcomes = await mapped(pages);
          expect(outcomes).toHaveLength(undisturbed.length);
          const [quarantined] = outcomes.splice(index, 1);
          expect(quarantined).toMatchObject({ kind: 'quarantined', reason: expect.stringMatching(/\w+/) });
          expect(JSON.stringify(outcomes)).toBe(JSON.stringify(undisturbed.toSpliced(index, 1)));
          ids.push(quarantined?.id);
        }
        expect(ids[0]).toMatch(/\S/);
        expect(ids[1]).toBe(ids[0]);
        if (damage === 'wrongTypes') expect(ids[0]).toBe(undisturbed[index]?.id);
      },
    );

    test('99999999999999.99 arrives to the last digit', async () => {
      await fault('hugeAmount', { index });
      const outcome = (await mapped((await read()).pages))[index];
      expect(outcome?.kind).toBe('mapped');
      expect(JSON.stringify(outcome)).toMatch(/:99999999999999\.99[,}]/);
    });

    test('NUL and lone surrogates are taken out of texts, with a warning', async () => {
      await fault('unstorableText', { index });
      const outcomes = await mapped((await read()).pages);
      const outcome = outcomes[index];
      if (outcome?.kind !== 'mapped')
        throw new Error(`expected a mapped record, got ${JSON.stringify(outcome)}`);
      expect(outcome.warnings).not.toEqual([]);
      expect(outcome.record).toEqual(withoutUnstorable(outcome.record));
      expect(outcomes.filter(({ kind }) => kind !== 'mapped')).toEqual([]);
    });

    test('malformed records of any type leave the lookup usable', async () => {
      const { connector, platform, visit } = stageOf();
      for (const other of dataTypes.keys()) {
        for (const damage of ['wrongTypes', 'notAnObject', 'missingId']) {
          const { session } = await visit();
          const parameters = { damage, index: null };
          await platform.setFaults([
            { on: { listing: other }, kind: 'malformedRecord', parameters, times: null },
          ]);
          const outcomes = mapAll(
            connector,
            dataType,
            healthy,
            await connector.loadLookup(session, dataType),
          );
          expect(outcomes.filter(({ kind }) => kind !== 'mapped')).toEqual([]);
          await platform.setFaults([]);
        }
      }
    });
  });

  test('what is no record at all is quarantined by mapping, never thrown', async () => {
    const { connector, visit } = stageOf();
    for (const key of dataTypes.keys()) {
      const lookup = await connector.loadLookup((await visit()).session, key);
      for (const raw of ['', '{', 'null', '[]', '7', '"text"', '{}', '{"id":{}}', '{"id":1e999}', '\ud800'])
        expect([raw, connector.map(key, { id: 'x', raw }, lookup).kind]).toEqual([raw, 'quarantined']);
    }
    expect(recordsOf(healthy).length).toBeGreaterThan(0);
  });
}

/** The most that buffers of this process took since the call, beyond what they took then. */
function watchBuffers() {
  const before = process.memoryUsage().arrayBuffers;
  let most = before;
  const look = () => {
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  };
  const timer = setInterval(look, 2);
  return {
    mostBytes() {
      look();
      clearInterval(timer);
      return most - before;
    },
  };
}

function withoutUnstorable(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replaceAll('\u0000', '').toWellFormed().replaceAll('\ufffd', '');
  if (Array.isArray(value)) return value.map(withoutUnstorable);
  if (typeof value !== 'object' || value === null || JSON.isRawJSON(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutUnstorable(inner)]));
}
