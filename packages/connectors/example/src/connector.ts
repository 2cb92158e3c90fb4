import {
  type Business,
  type Clock,
  type Connector,
  createOAuth2Client,
  createSystemClock,
  fingerprintOf,
  type PlatformDispatcher,
} from '@tributary/connector-kit';
import { parseCleanJson } from '@tributary/model';
import { createManifest } from './manifest.ts';
import { mapRecord } from './mapping/map.ts';
import { listBooks, probe, pull } from './pull.ts';
import * as wire from './wire.ts';

/** URLs without a trailing slash. */
export interface ExampleSettings {
  readonly apiUrl: string;
  /** `/authorize` and `/token` lie below it. */
  readonly oauthUrl: string;
  readonly requestsPerSecond: number;
  readonly dispatcher?: PlatformDispatcher | undefined;
  readonly clock?: Clock | undefined;
}

/** The platform of the guide in CONTRIBUTING.md: as small as one can be. */
export function createExampleConnector(settings: ExampleSettings): Connector {
  const clock = settings.clock ?? createSystemClock();
  return {
    manifest: createManifest(),
    oauth2: createOAuth2Client({
      authorizeUrl: `${settings.oauthUrl}/authorize`,
      tokenUrl: `${settings.oauthUrl}/token`,
      scope: 'read',
      clock,
      dispatcher: settings.dispatcher,
    }),
    limits: { requestsPerSecond: settings.requestsPerSecond, requestsPerHour: undefined },
    apiUrl: () => settings.apiUrl,
    async listBusinesses(session) {
      return (await listBooks(session)).flatMap((raw): Business[] => {
        const books = wire.books.safeParse(parseCleanJson(raw).json).data;
        return books === undefined ? [] : [{ id: String(books.id), name: books.name, info: {} }];
      });
    },
    // Mapping looks at the record alone.
    loadLookup: async () => ({ fingerprint: fingerprintOf({}) }),
    pull,
    map: mapRecord,
    probe,
  };
}
