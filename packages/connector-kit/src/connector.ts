/**
 * The Connector interface: everything the sync engine and the Link pages ask of an accounting platform.
 *
 * Glossary
 * - platform: the accounting service (Kashoo). Its key has four letters (`ksho`).
 * - business: the set of books at the platform that one connection reads.
 * - session: authorised, paced access to the platform on behalf of one connection.
 * - page: what one listing request brought; the unit of work that the engine commits together with a checkpoint.
 * - ledger: the postings of all records; each line belongs to one account and one record.
 * - wire record: one record as the platform sent it. Mapping turns it into a record of the unified model.
 *
 * Connectors neither store, queue nor serve: they are handed a session and yield pages. Their mapping functions only compute.
 */
import type { DataTypeKey, StatementSection } from '@tributary/model';
import type { JsonValue, PlatformRequest, PlatformSession, WireRecord } from './platform-session.ts';
import type { RecordWriter, WriteDescription } from './writing.ts';

export type * from './platform-session.ts';

/**
 * How a data type is listed. `incremental` takes a cursor (records changed since), `full` reads everything each time. `recent` is for
 * a platform that cannot tell what changed: with a cursor, whatever it says, the connector reads those records anew that are likely
 * to have changed; only the full reads between see all changes.
 */
export type ListingMode = 'incremental' | 'recent' | 'full';

export interface DataTypeManifest {
  readonly listing: ListingMode;
  /**
   * How to make sure that a record which listings no longer show is gone (docs/adr/0011): `single`: request that one record and
   * be told that there is none; `thirdListing`: records cannot be requested one by one, so one more listing has to confirm it;
   * `none`: records do not go away, whatever listings lack.
   */
  readonly deletionProof: 'single' | 'thirdListing' | 'none';
  /**
   * Listings since a cursor do not show everything that happened (removals, or changes of old records): after so many days, and while
   * a record is suspected to be gone, everything is listed. Absent: they do.
   */
  readonly fullReadDays?: number;
  /** Raised when the mapping changes, so that stored raw records are mapped again. */
  readonly mappingVersion: number;
  /** The listing takes a lower bound of the records' date, so that a sync window can be honoured. */
  readonly supportsWindow: boolean;
  /**
   * Absent: its records are pulled. `ledger`: its records are built from the lines of the ledger, which its runs read through
   * {@link Connector.ledger}. `afterLedger`: its runs build them from what the last run of the former has stored.
   */
  readonly derivation?: 'ledger' | 'afterLedger';
}

export interface ConnectorManifest {
  /** Four lower-case letters, as in the public API. */
  readonly platformKey: string;
  /** The word that old clients may send in place of the key, lower case: `kashoo`. */
  readonly word: string;
  readonly name: string;
  /** UUIDs of our own, fixed for ever. */
  readonly integrationId: string;
  readonly sourceId: string;
  readonly sourceType: 'Accounting';
  readonly isOfflineConnector: boolean;
  readonly isBeta: boolean;
  readonly logo: { readonly contentType: string; readonly body: Uint8Array };
  readonly authorization: 'oauth2' | 'credentials';
  /** In the order in which a first sync should read them. */
  readonly dataTypes: ReadonlyMap<DataTypeKey, DataTypeManifest>;
}

/** A pair of tokens as the platform granted it. Instants are epoch milliseconds by our clock. */
export interface TokenSet {
  readonly accessToken: string;
  /** Absent when the platform kept the old one alive. */
  readonly refreshToken?: string;
  readonly expiresAtMs: number;
  readonly platformUserId?: string;
}

export interface ApplicationKeys {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** OAuth 2 authorisation-code flow of one platform. Errors are {@link PlatformError}s. */
export interface OAuth2Authorization {
  authorizeUrl(request: { clientId: string; redirectUri: string; state: string }): string;
  exchangeCode(request: {
    keys: ApplicationKeys;
    code: string;
    redirectUri: string;
    signal?: AbortSignal;
  }): Promise<TokenSet>;
  refresh(request: { keys: ApplicationKeys; refreshToken: string; signal?: AbortSignal }): Promise<TokenSet>;
  /**
   * Finds out whether the platform knows the application keys, without anybody's consent. Resolves when it does.
   * @throws PlatformError `applicationKeysRejected` when it does not; others when it could not be found out
   */
  checkKeys(request: { keys: ApplicationKeys; redirectUri: string; signal?: AbortSignal }): Promise<void>;
}

/** What a small business signs in with at a platform without OAuth. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** How a platform is linked whose users enter their user name and password on the Link page. Plain texts, for the small business. */
export interface CredentialsAuthorization {
  /** What to enter, and what has to be switched on at the platform first. */
  readonly instructions: string;
  /** What the platform calls the user name and the password. */
  readonly labels: { readonly username: string; readonly password: string };
}

/** One set of books that the authorising user can reach. */
export interface Business {
  readonly id: string;
  readonly name: string;
  /** Shown to lenders as `connectionInfo`; strings only. */
  readonly info: Readonly<Record<string, string>>;
}

/** A call as it goes over the wire, authorisation included. */
export interface OutgoingCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** How a platform's calls carry their authorisation, and what its answers look like. */
export interface Dialect {
  /** @param accessToken the connection's; `credentialsOf` reads user name and password from it where there is no OAuth */
  outgoing(request: PlatformRequest, accessToken: string): OutgoingCall;
  /** Why a success cannot be one (a maintenance page, a body that ended early) and is worth asking for again; undefined when it can. */
  problemOf(
    request: PlatformRequest,
    answer: { readonly body: Buffer; readonly text: string; readonly contentType: string },
  ): string | undefined;
}

export interface PullRequest {
  readonly dataType: DataTypeKey;
  /** Epoch milliseconds by the platform's clock: only records changed since then; undefined reads everything. */
  readonly modifiedSinceMs: number | undefined;
  /** Calendar date (`YYYY-MM-DD`) before which records are not wanted; undefined: no window. */
  readonly fromDate: string | undefined;
  /** What the last committed page left behind; undefined starts at the beginning. */
  readonly checkpoint: JsonValue | undefined;
}

export interface PullPage {
  readonly records: readonly WireRecord[];
  /** Where to resume when the worker dies after committing this page. */
  readonly checkpoint: JsonValue;
  readonly platformTimeMs: number | undefined;
  /** Warnings about the listing itself (a page without a new id, …). */
  readonly warnings: readonly DataWarning[];
}

/** Shown by the validation route and counted in the history. `ruleId` is a stable name in kebab case. */
export interface DataWarning {
  readonly ruleId: string;
  readonly itemId?: string;
  readonly message: string;
}

/** What the pure mapping of one wire record came to. */
export type MappingOutcome =
  | {
      readonly kind: 'mapped';
      readonly id: string;
      /** Body of the unified record (see `dataTypes[key].record` of the model). */
      readonly record: object;
      /** The platform's own time of last change, if it tells: ISO instant. */
      readonly sourceModifiedAt: string | undefined;
      /** The same in epoch milliseconds, for the cursor. */
      readonly sourceModifiedMs: number | undefined;
      /** The platform marks the record as removed. */
      readonly isDeleted: boolean;
      readonly warnings: readonly DataWarning[];
    }
  | { readonly kind: 'quarantined'; readonly id: string; readonly reason: string };

/** Names and rates that mapping needs beside the record (accounts, tax codes, items); opaque to the engine but for its fingerprint. */
export interface Lookup {
  /**
   * Differs when mapping the data type that the lookup was loaded for may come to another outcome, whatever the record; `fingerprintOf`
   * makes one. Records that were mapped with the same and have not changed are not mapped again. Absent: they always are.
   */
  readonly fingerprint?: string | undefined;
}

/** An account that can have lines, archived ones included. */
export interface LedgerAccount {
  readonly id: string;
  readonly name: string | undefined;
  readonly section: StatementSection;
  /** Its lines are account transactions. */
  readonly isBank: boolean;
  /** On which side its balance is positive at the platform. */
  readonly normalSide: 'debit' | 'credit';
}

/** A balance that an account had before its first line, kept beside the ledger. */
export interface LedgerOpening {
  readonly accountId: string;
  /** Calendar date `YYYY-MM-DD` from which it counts. */
  readonly date: string;
  /** A debit is positive. */
  readonly cents: bigint;
}

export interface LedgerOpenings {
  /** At most one for an account and a date. */
  readonly openings: readonly LedgerOpening[];
  readonly warnings: readonly DataWarning[];
}

export interface LedgerChart {
  readonly homeCurrency: string | undefined;
  /** In the order of the platform's list, which is that of the statements. */
  readonly accounts: readonly LedgerAccount[];
  readonly platformTimeMs: number | undefined;
  readonly warnings: readonly DataWarning[];
}

/** A record that changed at the platform; whatever it posts may have changed with it. */
export interface LedgerChange {
  readonly recordId: string;
  /** Calendar date `YYYY-MM-DD` of the record as it is now. */
  readonly date: string;
  readonly isRemoved: boolean;
  /** Epoch milliseconds; undefined when the platform does not tell. */
  readonly modifiedMs: number | undefined;
}

export interface LedgerChanges {
  readonly records: readonly LedgerChange[];
  readonly platformTimeMs: number | undefined;
}

export interface LedgerLine {
  readonly id: string;
  readonly recordId: string;
  readonly recordType: string;
  /** Calendar date `YYYY-MM-DD`. */
  readonly date: string;
  /** In home currency, a debit is positive. */
  readonly cents: bigint;
  /** Moves a year's result to equity: balance sheets include the line, profit and loss leaves it out. */
  readonly isClosing: boolean;
  /** Exact JSON text as received. */
  readonly raw: string;
}

export interface LedgerPage {
  readonly lines: readonly LedgerLine[];
  /** Where to resume this account's lines. */
  readonly checkpoint: JsonValue;
  readonly platformTimeMs: number | undefined;
  /** Lines that could not be read, and oddities of the listing. */
  readonly warnings: readonly DataWarning[];
}

/**
 * The general ledger of a platform that gives journal entries as lines by account. The lines of one record come from the listings
 * of different accounts; the engine keeps them all, checks that they add up, and builds entries and statements from them.
 *
 * What mapping gets of it, as JSON text:
 * - `journalEntries`: `{"id": <record id>, "lines": [{"account": <account id>, "line": <as sent>}, …]}`, lines in a fixed order
 * - `accountTransactions`: `{"id": <line id>, "account": <account id>, "line": <as sent>}`
 * - `journals`: `{"id": <record type>}`
 *
 * Every call may throw a PlatformError.
 */
export interface LedgerReader {
  accounts(session: PlatformSession): Promise<LedgerChart>;
  /** Opening balances of these accounts; empty where the product posts them as records. */
  openings(session: PlatformSession, accounts: readonly LedgerAccount[]): Promise<LedgerOpenings>;
  /**
   * @param modifiedSinceMs epoch milliseconds by the platform's clock
   * @returns undefined when the platform cannot tell, or one of the records has no readable date: then everything is to be read
   */
  changes(session: PlatformSession, modifiedSinceMs: number): Promise<LedgerChanges | undefined>;
  /** Lines of one account, resuming after `checkpoint`. An account that the platform denies has none. */
  lines(
    session: PlatformSession,
    request: {
      readonly accountId: string;
      /** Lines before this calendar date are not wanted; undefined: all are. */
      readonly fromDate: string | undefined;
      readonly checkpoint: JsonValue | undefined;
    },
  ): AsyncGenerator<LedgerPage, void, void>;
}

/** Listings of the platform that clients choose themselves, below the business of their connection. */
export interface CustomListings {
  /**
   * The path of a listing below the business, from what a client wrote; an own-business placeholder is filled in. Pure.
   * @param source without host, `..` or encoded characters: the API has seen to that
   * @returns undefined when it names another business, or lies outside of one
   */
  pathOf(source: string, businessId: string): string | undefined;
  /** Pages of one listing, in order. The listing is complete when the generator returns. Only reads. */
  list(
    session: PlatformSession,
    request: { readonly path: string; readonly query: Readonly<Record<string, string>> },
  ): AsyncGenerator<{ readonly elements: readonly string[] }, void, void>;
}

/** What a platform tells of a file that is attached to a record; its content is not part of it. */
export interface Attachment {
  readonly id: string;
  readonly name?: string;
  /** Media type, such as `image/jpeg`. */
  readonly contentType?: string;
  /** ISO instant. */
  readonly dateCreated?: string;
  /** Bytes. */
  readonly fileSize?: number;
}

/** Attachments as records of the platform list them. */
export interface AttachmentReader {
  readonly dataTypes: ReadonlySet<DataTypeKey>;
  /** Pure. @param raw JSON text of the platform's record */
  of(raw: string): readonly Attachment[];
}

export interface Connector {
  readonly manifest: ConnectorManifest;
  /** Present where the manifest's `authorization` says so. */
  readonly oauth2?: OAuth2Authorization;
  readonly credentials?: CredentialsAuthorization;
  /** Absent: calls carry a bearer token, answers are JSON. */
  readonly dialect?: Dialect;
  /** How often the platform may be called: by all connections of one application key together, and by each one. */
  readonly limits: { readonly requestsPerSecond: number; readonly requestsPerHour: number | undefined };
  /** Base URL that session paths are below; may depend on the chosen business. */
  apiUrl(info: Readonly<Record<string, string>>): string;
  /**
   * Every business that the authorising user can read.
   * @param username what was entered on the Link page, for platforms that give a business no id
   */
  listBusinesses(session: PlatformSession, username?: string): Promise<readonly Business[]>;
  /** Loads once per run what mapping this data type needs. */
  loadLookup(session: PlatformSession, dataType: DataTypeKey): Promise<Lookup>;
  /** What can be written to the platform. Absent: nothing can. */
  readonly writing?: WriteDescription;
  /** How it is written, one record at a time. */
  readonly writer?: RecordWriter;
  /** Absent: clients cannot define data types of their own. */
  readonly customListings?: CustomListings;
  /** Needed by data types with a `derivation`. */
  readonly ledger?: LedgerReader;
  /** Absent: records of the platform list none. */
  readonly attachments?: AttachmentReader;
  /** Pages of one listing (of a data type without a `derivation`), in order, resuming after `checkpoint`. The listing is complete when the generator returns. */
  pull(session: PlatformSession, request: PullRequest): AsyncGenerator<PullPage, void, void>;
  /** Pure: one raw record to the unified model. Never throws for bad data: it quarantines. */
  map(dataType: DataTypeKey, record: WireRecord, lookup: Lookup): MappingOutcome;
  /** Asks the platform for one record: `absent` only when it denies it (404) or calls it removed. */
  probe(session: PlatformSession, dataType: DataTypeKey, id: string): Promise<'present' | 'absent'>;
}
