/** A platform whose listings and names a test alters on their way to the engine, and a count of what is mapped. For tests. */
import type {
  Connector,
  DataTypeManifest,
  DataWarning,
  PlatformSession,
  WireRecord,
} from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';
import type { Harness } from './harness.ts';

export interface AlteredPlatform {
  /** Ids that were mapped since it was last emptied, each as often as it was. */
  readonly mapped: string[];
  /** What the nth page of a listing shows instead. */
  page: ((records: readonly WireRecord[], nth: number) => readonly WireRecord[]) | undefined;
  /** What each page warns of. */
  warnings: readonly DataWarning[];
  /** Appended to the name of every account, as records that are listed look it up. */
  accountSuffix: string;
  /** Records whose mapping warns. */
  readonly odd: Set<string>;
  /** Records that the platform denies to have. */
  readonly denied: Set<string>;
  /** What the manifest says instead. */
  manifest: Partial<DataTypeManifest>;
  /** Called before the nth page of a listing is shown. */
  before: ((nth: number) => Promise<void>) | undefined;
  /** Everything as the platform has it. */
  restore(): void;
}

/** Puts itself between the harness and one of its connectors. */
export function alterPlatform(harness: Harness, platformKey = 'ksho'): AlteredPlatform {
  const connectors = harness.connectors as Map<string, Connector>;
  const connector = connectors.get(platformKey);
  if (connector === undefined) throw new Error('there is a connector');
  const altered: AlteredPlatform = {
    mapped: [],
    page: undefined,
    warnings: [],
    accountSuffix: '',
    odd: new Set(),
    denied: new Set(),
    manifest: {},
    before: undefined,
    restore() {
      Object.assign(altered, {
        page: undefined,
        warnings: [],
        accountSuffix: '',
        manifest: {},
        before: undefined,
      });
      altered.odd.clear();
      altered.denied.clear();
      altered.mapped.length = 0;
    },
  };
  const renaming = (session: PlatformSession): PlatformSession => ({
    ...session,
    async request(request) {
      const answer = await session.request(request);
      if (altered.accountSuffix === '' || !request.path.endsWith('/accounts')) return answer;
      const { status, platformTimeMs } = answer;
      const text = answer.text.replaceAll(/("name":"[^"]*)"/g, `$1${altered.accountSuffix}"`);
      return { status, text, platformTimeMs };
    },
  });
  connectors.set(platformKey, {
    ...connector,
    get manifest() {
      if (Object.keys(altered.manifest).length === 0) return connector.manifest;
      const dataTypes = new Map<DataTypeKey, DataTypeManifest>(
        [...connector.manifest.dataTypes].map(([key, own]) => [key, { ...own, ...altered.manifest }]),
      );
      return { ...connector.manifest, dataTypes };
    },
    loadLookup: (session, dataType) =>
      connector.loadLookup(isDerived(connector, dataType) ? session : renaming(session), dataType),
    async *pull(session, request) {
      let nth = 0;
      for await (const page of connector.pull(session, request)) {
        await altered.before?.(nth);
        const records = altered.page?.(page.records, nth) ?? page.records;
        yield { ...page, records, warnings: [...page.warnings, ...altered.warnings] };
        nth += 1;
      }
    },
    map(dataType, record, lookup) {
      altered.mapped.push(record.id);
      const outcome = connector.map(dataType, record, lookup);
      if (outcome.kind !== 'mapped' || !altered.odd.has(outcome.id)) return outcome;
      return { ...outcome, warnings: [{ ruleId: 'odd', itemId: outcome.id, message: 'It is odd.' }] };
    },
    probe: async (session, dataType, id) =>
      altered.denied.has(id) ? 'absent' : connector.probe(session, dataType, id),
  });
  return altered;
}

const isDerived = (connector: Connector, dataType: DataTypeKey): boolean =>
  connector.manifest.dataTypes.get(dataType)?.derivation !== undefined;

/** The text of a record with another memo. */
export const withMemo = ({ id, raw }: WireRecord, memo: string): WireRecord => ({
  id,
  raw: raw.replace(/"memo":"[^"]*"/, `"memo":${JSON.stringify(memo)}`),
});
