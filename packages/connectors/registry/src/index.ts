/** Every platform that this deployment knows: adding one is one folder beside this one and one line below. */
import { createKashFlowConnector } from '@tributary/connector-kashflow';
import { createKashooConnector } from '@tributary/connector-kashoo';
import type { Clock, Connector, PlatformDispatcher } from '@tributary/connector-kit';

/** Where each platform is, and how fast it may be asked; in the shape that the environment is read into. URLs without a trailing slash. */
export interface ConnectorsConfiguration {
  readonly kashoo: {
    readonly apiUrl: string;
    readonly trulySmallApiUrl: string;
    readonly oauthUrl: string;
    readonly authorizeUrl: string;
    readonly requestsPerSecond: number;
    readonly requestsPerHour: number | undefined;
  };
  /** Absent: not offered. */
  readonly kashflow?: { readonly soapUrl: string; readonly requestsPerSecond: number };
  readonly dispatcher?: PlatformDispatcher;
  readonly clock?: Clock;
}

/** Every connector by its platform key. */
export function createConnectors(configuration: ConnectorsConfiguration): ReadonlyMap<string, Connector> {
  const shared = { dispatcher: configuration.dispatcher, clock: configuration.clock };
  const connectors: Connector[] = [
    createKashooConnector({
      apiUrl: configuration.kashoo.apiUrl,
      tsaApiUrl: configuration.kashoo.trulySmallApiUrl,
      oauthUrl: configuration.kashoo.oauthUrl,
      authorizeUrl: configuration.kashoo.authorizeUrl,
      requestsPerSecond: configuration.kashoo.requestsPerSecond,
      requestsPerHour: configuration.kashoo.requestsPerHour,
      ...shared,
    }),
    ...(configuration.kashflow === undefined
      ? []
      : [createKashFlowConnector({ ...configuration.kashflow, clock: configuration.clock })]),
  ];
  return new Map(connectors.map((connector) => [connector.manifest.platformKey, connector]));
}

/** The connector that a platform key, or the word that older clients send in its place, names; in any case. */
export function findPlatform(
  connectors: ReadonlyMap<string, Connector>,
  keyOrWord: string,
): Connector | undefined {
  const name = keyOrWord.trim().toLowerCase();
  const byKey = connectors.get(name);
  if (byKey !== undefined) return byKey;
  for (const connector of connectors.values()) if (connector.manifest.word === name) return connector;
  return undefined;
}
