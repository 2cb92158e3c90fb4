/**
 * The conformance suite: what every connector must do on healthy books and under every fault that a platform can cause.
 * A connector's own test file calls it once for each product, against the platform's sandbox; it is written with vitest.
 */
import { allDataTypeKeys, dataTypeKeys } from '@tributary/model';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DataTypeManifest } from '../connector.ts';
import { describeCredentials } from './credentials-checks.ts';
import { describeFaults } from './fault-checks.ts';
import { describeHostilePlatforms } from './hostile-checks.ts';
import { describeLedger } from './ledger-checks.ts';
import { describeListings } from './listing-checks.ts';
import { describeOAuth2 } from './oauth2-checks.ts';
import type { ConformanceOptions } from './platform.ts';
import { createSkippingClock, openStage, type Stage } from './stage.ts';

export type {
  ConformanceOptions,
  CredentialsPlatformUnderTest,
  FaultTarget,
  OAuth2PlatformUnderTest,
  PlatformFault,
  PlatformUnderTest,
} from './platform.ts';
export { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';

/** No platform is there: for reading the manifest only. */
const NOWHERE = 'http://127.0.0.1:9';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether the records of a data type are listed by the platform, and not derived from others. */
function isPulled(dataType: DataTypeManifest): boolean {
  return dataType.derivation === undefined;
}

/** Registers the suite's tests. Call it at the top level of a test file. */
export function describeConnectorConformance(options: ConformanceOptions): void {
  const { manifest } = options.createConnector({ origin: NOWHERE, clock: createSkippingClock() });
  let stage: Stage | undefined;
  const stageOf = (): Stage => {
    if (stage === undefined) throw new Error('The platform is not running');
    return stage;
  };

  describe(`${options.name} conforms`, () => {
    beforeAll(async () => {
      stage = await openStage(options);
    });
    beforeEach(() => stageOf().platform.setFaults([]));
    afterAll(() => stage?.close());

    test('the manifest names the platform, its ids and its data types', () => {
      expect(manifest.platformKey).toMatch(/^[a-z]{4}$/);
      expect(manifest.word).toMatch(/^[a-z0-9]+$/);
      expect([manifest.integrationId, manifest.sourceId]).toEqual([
        expect.stringMatching(UUID),
        expect.stringMatching(UUID),
      ]);
      expect(manifest.logo.body.length).toBeGreaterThan(0);
      expect(manifest.dataTypes.size).toBeGreaterThan(0);
      expect(dataTypeKeys).toEqual(expect.arrayContaining([...manifest.dataTypes.keys()]));
      expect(allDataTypeKeys).toEqual(expect.arrayContaining([...manifest.dataTypes.keys()]));
      expect(manifest.dataTypes.has(options.pagedDataType)).toBe(true);
    });

    const pulled = new Map([...manifest.dataTypes].filter(([, dataType]) => isPulled(dataType)));
    const hasTokens = manifest.authorization === 'oauth2';
    describeListings(stageOf, options, pulled, hasTokens);
    describeFaults(stageOf, options, hasTokens);
    describeHostilePlatforms(stageOf, options, pulled);
    describeLedger(stageOf, options, manifest.dataTypes);
    if (manifest.authorization === 'oauth2') describeOAuth2(stageOf, options);
    else describeCredentials(stageOf, options);
  });
}
