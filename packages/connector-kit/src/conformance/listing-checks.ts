/** Listings, cursors, windows, mapping and probes on healthy books, for every declared data type. */
import { inspect } from 'node:util';
import { type DataTypeKey, validateRecord } from '@tributary/model';
import { describe, expect, test } from 'vitest';
import type { Connector, DataTypeManifest, MappingOutcome, PullPage } from '../connector.ts';
import type { ConformanceOptions } from './platform.ts';
import {
  mapAll,
  platformErrorOf,
  rawById,
  readAll,
  readUntilFailure,
  recordsOf,
  type Stage,
  sorted,
  warningsOf,
} from './stage.ts';

const DAY_MS = 86_400_000;

/** Where among so many requests a fault strikes, counted from 0. */
const POSITIONS: readonly (readonly [where: string, positionOf: (requests: number) => number])[] = [
  ['first', () => 0],
  ['middle', (requests) => Math.floor(requests / 2)],
  ['last', (requests) => requests - 1],
];

export function describeListings(
  stageOf: () => Stage,
  options: ConformanceOptions,
  dataTypes: ReadonlyMap<DataTypeKey, DataTypeManifest>,
  /** Access tokens that end, as those of OAuth 2 do. */
  hasTokens: boolean,
): void {
  const unsupported = new Set(options.unsupported);
  for (const [dataType, manifest] of dataTypes) {
    if (unsupported.has(dataType)) describeUnsupported(stageOf, dataType);
    else describeDataType(stageOf, options, dataType, manifest, hasTokens);
  }
}

function describeUnsupported(stageOf: () => Stage, dataType: DataTypeKey): void {
  test(`${dataType}, which the product lacks, list nothing and say so`, async () => {
    const pages = await stageOf().healthy(dataType);
    expect(recordsOf(pages)).toEqual([]);
    expect(warningsOf(pages).map(({ ruleId }) => ruleId)).toEqual(['data-type-not-supported']);
  });
}

function describeDataType(
  stageOf: () => Stage,
  options: ConformanceOptions,
  dataType: DataTypeKey,
  manifest: DataTypeManifest,
  hasTokens: boolean,
): void {
  const readAgain = async (request: { modifiedSinceMs?: number; fromDate?: string } = {}) => {
    const { connector, visit } = stageOf();
    return readAll(connector, (await visit()).session, { dataType, ...request });
  };
  const outcomesOf = async (pages: readonly PullPage[]): Promise<MappingOutcome[]> => {
    const { connector, visit } = stageOf();
    return mapAll(connector, dataType, pages, await connector.loadLookup((await visit()).session, dataType));
  };

  describe(dataType, () => {
    test('a full listing brings every record that the platform has, each once, without a warning', async () => {
      const { platform, healthy, visit } = stageOf();
      const pages = await healthy(dataType);
      const ids = recordsOf(pages).map(({ id }) => id);
      const { businessId = '' } = (await visit()).session;
      expect(ids.length).toBeGreaterThan(0);
      expect(ids.toSorted()).toEqual([...(await platform.idsOf(dataType, businessId))].toSorted());
      expect(warningsOf(pages)).toEqual([]);
    });

    test('every record maps to a document of the unified model, under the id it was listed by', async () => {
      const pages = await stageOf().healthy(dataType);
      const outcomes = await outcomesOf(pages);
      expect(outcomes.filter(({ kind }) => kind !== 'mapped')).toEqual([]);
      expect(outcomes.map(({ id }) => id)).toEqual(recordsOf(pages).map(({ id }) => id));
      for (const outcome of outcomes) {
        if (outcome.kind !== 'mapped') continue;
        expect(validateRecord(dataType, outcome.record)).toMatchObject({ ok: true });
        expect(JSON.stringify(outcome.record).isWellFormed()).toBe(true);
      }
    });

    test('mapping is pure: it changes neither record nor lookup, and says the same every time', async () => {
      const { connector, healthy, visit } = stageOf();
      const pages = await healthy(dataType);
      const lookup = await connector.loadLookup((await visit()).session, dataType);
      const before = snapshot(lookup);
      const records = recordsOf(pages).map(({ id, raw }) => Object.freeze({ id, raw }));
      const first = records.map((record) => JSON.stringify(connector.map(dataType, record, lookup)));
      const backwards = records
        .toReversed()
        .map((record) => JSON.stringify(connector.map(dataType, record, lookup)));
      expect(backwards.toReversed()).toEqual(first);
      expect(snapshot(lookup)).toBe(before);
    });

    test('a lookup that is loaded again has the same fingerprint, or none', async () => {
      const { connector, visit } = stageOf();
      const load = async () => connector.loadLookup((await visit()).session, dataType);
      expect((await load()).fingerprint).toBe((await load()).fingerprint);
    });

    test('a second full listing brings the same records to the byte', async () => {
      const healthy = await stageOf().healthy(dataType);
      expect(sorted(rawById(await readAgain()))).toEqual(sorted(rawById(healthy)));
    });

    test('every page tells the platform’s time and where to go on; going on there brings the rest', async () => {
      const { connector, healthy, visit } = stageOf();
      const pages = await healthy(dataType);
      const whole = sorted(rawById(pages));
      const { session } = await visit();
      for (const [index, page] of pages.entries()) {
        expect(Math.abs((page.platformTimeMs ?? 0) - Date.now())).toBeLessThan(60_000);
        // As the store keeps it: through JSON.
        const checkpoint = JSON.parse(JSON.stringify(page.checkpoint));
        const rest = await readAll(connector, session, { dataType, checkpoint });
        expect(sorted(rawById([...pages.slice(0, index + 1), ...rest]))).toEqual(whole);
      }
    });

    if (manifest.listing === 'incremental') {
      test('a cursor before all changes brings everything, one after them nothing, one between them the later ones', async () => {
        const pages = await stageOf().healthy(dataType);
        expect(sorted(rawById(await readAgain({ modifiedSinceMs: 1 })))).toEqual(sorted(rawById(pages)));
        expect(recordsOf(await readAgain({ modifiedSinceMs: Date.now() + DAY_MS }))).toEqual([]);

        const modifiedMs = new Map(
          (await outcomesOf(pages)).map((outcome) => [
            outcome.id,
            outcome.kind === 'mapped' ? outcome.sourceModifiedMs : undefined,
          ]),
        );
        const instants = [...modifiedMs.values()].filter((ms) => ms !== undefined).toSorted((a, b) => a - b);
        expect(instants).toHaveLength(modifiedMs.size);
        const since = instants[Math.floor(instants.length / 2)] ?? 0;
        const later = [...modifiedMs].filter(([, ms = 0]) => ms >= since).map(([id]) => id);
        expect([...rawById(await readAgain({ modifiedSinceMs: since })).keys()].toSorted()).toEqual(
          later.toSorted(),
        );
      });
    }

    if (manifest.supportsWindow) {
      test('a window leaves out what is older, and nothing else', async () => {
        const pages = await stageOf().healthy(dataType);
        const days = new Map((await outcomesOf(pages)).map((outcome) => [outcome.id, dayOf(outcome)]));
        const fromDate = [...days.values()].toSorted()[Math.floor(days.size / 2)] ?? '';
        const wanted = [...days].filter(([, day]) => day >= fromDate).map(([id]) => id);
        expect(wanted.length).toBeLessThan(days.size);
        expect([...rawById(await readAgain({ fromDate })).keys()].toSorted()).toEqual(wanted.toSorted());
      });
    }

    test('a probe finds what is there, and denies what is removed or was never there', async () => {
      const { connector, visit, healthy } = stageOf();
      const outcomes = await outcomesOf(await healthy(dataType));
      const mapped = outcomes.filter((outcome) => outcome.kind === 'mapped');
      const { session } = await visit();
      const answers = await probed(connector, session, dataType, [
        ...mapped
          .filter(({ isDeleted }) => !isDeleted)
          .slice(0, 3)
          .map(({ id }) => [id, 'present'] as const),
        ...mapped
          .filter(({ isDeleted }) => isDeleted)
          .slice(0, 3)
          .map(({ id }) => [id, 'absent'] as const),
        [options.unknownId, 'absent'],
      ]);
      expect(answers.found).toEqual(answers.expected);
      expect(answers.expected).toContain('present');
    });

    describe.each(POSITIONS)('disturbed at its %s request', (_where, positionOf) => {
      /** A session that is disturbed at that request of the listing, whatever it asks for. */
      const disturbed = async (kind: string, parameters: Readonly<Record<string, unknown>> = {}) => {
        const { connector, platform, visit } = stageOf();
        const visited = await visit();
        await readAll(connector, visited.session, { dataType });
        const skip = positionOf(visited.exchanges.length);
        visited.forget();
        await platform.setFaults([{ on: { data: true }, kind, parameters, skip }]);
        return visited;
      };

      if (hasTokens) {
        test('by the end of its access token, the listing is whole after one refresh', async () => {
          const { session, tokens } = await disturbed('tokenExpired');
          const pages = await readAll(stageOf().connector, session, { dataType });
          expect(sorted(rawById(pages))).toEqual(sorted(rawById(await stageOf().healthy(dataType))));
          expect(tokens.refreshes).toBe(1);
        });
      }

      test('by a limit that outlasts it, the listing goes on from the last page and is whole', async () => {
        const { connector, healthy } = stageOf();
        const { session, slept } = await disturbed('rateLimited', { retryAfterSeconds: 600 });
        const { pages, failure } = await readUntilFailure(connector, session, { dataType });
        expect((await platformErrorOf(stageOf(), Promise.reject(failure))).code).toBe('rateLimited');
        expect(slept()).toEqual([]);
        const checkpoint = pages.at(-1)?.checkpoint;
        const rest = await readAll(connector, session, { dataType, checkpoint });
        expect(sorted(rawById([...pages, ...rest]))).toEqual(sorted(rawById(await healthy(dataType))));
      });
    });
  });
}

async function probed(
  connector: Connector,
  session: Parameters<Connector['probe']>[0],
  dataType: DataTypeKey,
  questions: readonly (readonly [id: string, answer: 'present' | 'absent'])[],
) {
  const found: string[] = [];
  for (const [id] of questions) found.push(await connector.probe(session, dataType, id));
  return { found, expected: questions.map(([, answer]) => answer) };
}

const snapshot = (value: object): string =>
  inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null, showHidden: false });

/** The calendar date of a document, by which windows are cut. */
function dayOf(outcome: MappingOutcome): string {
  if (outcome.kind !== 'mapped') return '';
  const { record } = outcome;
  const date =
    'issueDate' in record
      ? record.issueDate
      : 'date' in record
        ? record.date
        : 'postedOn' in record
          ? record.postedOn
          : '';
  return String(date).slice(0, 10);
}
