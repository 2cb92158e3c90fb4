import {
  type Business,
  type Clock,
  type Connector,
  createOAuth2Client,
  createSystemClock,
  type PlatformDispatcher,
} from '@tributary/connector-kit';
import { parseExactJson } from '@tributary/model';
import { attachments } from './attachments.ts';
import { customListings } from './custom-listings.ts';
import { ledger } from './ledger.ts';
import { loadLookup } from './load-lookup.ts';
import { KashooLookup } from './lookup.ts';
import { createManifest } from './manifest.ts';
import { mapRecord } from './mapping/map.ts';
import { probe } from './probe.ts';
import { listBusinesses, pull } from './pull.ts';
import { writing } from './push/options.ts';
import { createKashooWriter } from './push/writer.ts';
import { TRULY_SMALL_SITE, business as wireBusiness } from './wire.ts';
import { idOrNone, textOrNone } from './wire-values.ts';

/** Everything that differs between Kashoo itself and a stand-in for it. URLs without a trailing slash. */
export interface KashooSettings {
  readonly apiUrl: string;
  /** TrulySmall Accounting (Kashoo 2.0). */
  readonly tsaApiUrl: string;
  /** `/token` lies below it. */
  readonly oauthUrl: string;
  /** Where the browser goes. */
  readonly authorizeUrl: string;
  readonly requestsPerSecond: number;
  /** Undefined: no hourly budget. */
  readonly requestsPerHour: number | undefined;
  readonly dispatcher?: PlatformDispatcher | undefined;
  readonly clock?: Clock | undefined;
}

/** Kashoo Cloud Accounting and TrulySmall Accounting. */
export function createKashooConnector(settings: KashooSettings): Connector {
  const clock = settings.clock ?? createSystemClock();
  return {
    manifest: createManifest(),
    oauth2: createOAuth2Client({
      authorizeUrl: settings.authorizeUrl,
      tokenUrl: `${settings.oauthUrl}/token`,
      scope: 'full-access',
      clock,
      dispatcher: settings.dispatcher,
    }),
    limits: { requestsPerSecond: settings.requestsPerSecond, requestsPerHour: settings.requestsPerHour },
    apiUrl: (info) => (info['site'] === TRULY_SMALL_SITE ? settings.tsaApiUrl : settings.apiUrl),
    async listBusinesses(session) {
      const businesses: Business[] = [];
      for await (const page of listBusinesses(session)) {
        for (const { raw } of page.records) {
          const business = businessOf(raw);
          if (business !== undefined) businesses.push(business);
        }
      }
      return businesses;
    },
    loadLookup: (session, dataType) => loadLookup(session, dataType, clock),
    writing,
    writer: createKashooWriter(clock),
    customListings,
    ledger,
    attachments,
    pull,
    map(dataType, record, lookup) {
      if (!(lookup instanceof KashooLookup))
        throw new TypeError('The lookup is not one that loadLookup of this connector made');
      return mapRecord(dataType, record, lookup);
    },
    probe,
  };
}

/** One business as the Link pages and `connectionInfo` show it; undefined when it has no id to link by. */
function businessOf(raw: string): Business | undefined {
  const business = wireBusiness.safeParse(parsed(raw)).data;
  const id = idOrNone(business?.id);
  if (business === undefined || id === undefined) return undefined;
  const site = textOrNone(business.site);
  const homeCurrency = textOrNone(business.homeCurrency);
  return {
    id,
    name: textOrNone(business.name) ?? textOrNone(business.contactInformation?.name) ?? id,
    info: {
      product: site === TRULY_SMALL_SITE ? 'TrulySmall Accounting' : 'Kashoo Classic',
      ...(site === undefined ? {} : { site }),
      ...(homeCurrency === undefined ? {} : { homeCurrency }),
    },
  };
}

function parsed(raw: string): unknown {
  try {
    return parseExactJson(raw);
  } catch {
    return undefined;
  }
}
