/** What the conformance suite asks of whoever runs it: a platform to talk to, and a connector to talk with. */
import type { DataTypeKey } from '@tributary/model';
import type { Clock } from '../clock.ts';
import type { ApplicationKeys, Connector, Credentials } from '../connector.ts';
import type { PlatformDispatcher } from '../exchange.ts';

/**
 * Which requests a fault strikes: the pages of one listing, single reads of records of one data type, any request for data, those for
 * lines of the ledger, or token requests.
 */
export type FaultTarget =
  | { readonly listing: DataTypeKey }
  | { readonly single: DataTypeKey }
  | { readonly data: true }
  | { readonly ledgerLines: true }
  | { readonly token: true };

/** One fault of the sandbox; its README tells the kinds and their parameters. */
export interface PlatformFault {
  readonly on: FaultTarget;
  readonly kind: string;
  /** How often it strikes; null: until other faults are set. Default 1. */
  readonly times?: number | null;
  /** How many matching requests pass first. Default 0. */
  readonly skip?: number;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A running stand-in for a platform, with healthy books until faults are set. */
export type PlatformUnderTest = OAuth2PlatformUnderTest | CredentialsPlatformUnderTest;

export interface OAuth2PlatformUnderTest extends AnyPlatformUnderTest {
  /** Application keys that it accepts. */
  readonly keys: ApplicationKeys;
  readonly redirectUri: string;
  /** Plays the business that consents at the authorisation URL; the address that its browser is sent back to. */
  consent(authorizeUrl: string): Promise<URL>;
}

export interface CredentialsPlatformUnderTest extends AnyPlatformUnderTest {
  /** What opens the books; withdrawn access is given again. */
  signIn(): Promise<Credentials>;
}

interface AnyPlatformUnderTest {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Exactly these faults from now on. */
  setFaults(faults: readonly PlatformFault[]): Promise<void>;
  /** Withdraws everything that was granted. */
  revokeAccess(): Promise<void>;
  /** Ids of the records that the platform has of a data type, removed ones included, read without the connector. */
  idsOf(dataType: DataTypeKey, businessId: string): Promise<readonly string[]>;
  /** Ids of all lines of the ledger, read without the connector; needed where a data type is derived from them. */
  ledgerLineIdsOf?(businessId: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface ConformanceOptions {
  /** Stands before the names of all tests: the product. */
  readonly name: string;
  startPlatform(): Promise<PlatformUnderTest>;
  /** Called once without a platform (for the manifest), and once with the origin of the running one. Must do no I/O. */
  createConnector(settings: {
    readonly origin: string;
    readonly clock: Clock;
    readonly dispatcher?: PlatformDispatcher;
  }): Connector;
  /** For OAuth 2: query parameters of the authorisation URL beside `client_id`, `redirect_uri` and `state`: these and no others. */
  readonly authorizeParameters?: Readonly<Record<string, string>>;
  /** A data type whose listing is paged and long enough for three pages: most faults strike it. Its records hold amounts and texts. */
  readonly pagedDataType: DataTypeKey;
  /**
   * How the paged listing is paged; default `offset`. By the number of a page, rows that a short page lacks cannot be asked for:
   * the suite then asks only for what can be done.
   */
  readonly pagedBy?: 'offset' | 'number';
  /** Declared data types that this product lacks: they list nothing and say so. */
  readonly unsupported?: readonly DataTypeKey[];
  /** An id of the right form that no record has. */
  readonly unknownId: string;
}
