import type { Decimal } from '@tributary/model';

export interface AccountFacts {
  readonly name: string | undefined;
  readonly parentId: string | undefined;
  /** It is a bank account too; absent counts as no. */
  readonly isMoney?: boolean;
}

export interface TaxFacts {
  readonly id: string;
  readonly name: string | undefined;
  /** Per cent, of all components together. */
  readonly effectiveRate: Decimal | undefined;
}

export interface LookupContents {
  readonly homeCurrency?: string | undefined;
  /** Today's date at the platform, `YYYY-MM-DD`. */
  readonly today?: string | undefined;
  readonly accounts?: ReadonlyMap<string, AccountFacts>;
  /** By tax code. */
  readonly taxes?: ReadonlyMap<string, TaxFacts>;
  /** Names by item id. */
  readonly items?: ReadonlyMap<string, string>;
  /** Of everything above that mapping the data type at hand reads. */
  readonly fingerprint?: string | undefined;
}

/** What mapping Kashoo's records needs beside them; only what the data type at hand uses is filled. */
export class KashooLookup {
  readonly homeCurrency: string | undefined;
  readonly today: string | undefined;
  readonly accounts: ReadonlyMap<string, AccountFacts>;
  readonly taxes: ReadonlyMap<string, TaxFacts>;
  readonly items: ReadonlyMap<string, string>;
  readonly fingerprint: string | undefined;

  constructor(contents: LookupContents = {}) {
    this.homeCurrency = contents.homeCurrency;
    this.today = contents.today;
    this.accounts = contents.accounts ?? new Map();
    this.taxes = contents.taxes ?? new Map();
    this.items = contents.items ?? new Map();
    this.fingerprint = contents.fingerprint;
  }
}
