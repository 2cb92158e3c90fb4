/** Answers of the API, as its OpenAPI document (`/openapi.json`) describes them; instants are ISO 8601 text. */

export type Role = 'owner' | 'admin' | 'operator' | 'viewer';

export interface Session {
  readonly user: { readonly id: string; readonly email: string; readonly name: string; readonly role: Role };
  readonly client: { readonly id: string; readonly name: string };
  readonly csrfToken: string;
}

export interface Page<Result> {
  readonly results: readonly Result[];
  readonly pageNumber: number;
  readonly pageSize: number;
  readonly totalResults: number;
}

export type CompanyStatus = 'Blank' | 'PendingAuth' | 'Linked' | 'Deauthorised';

export interface Connection {
  readonly id: string;
  readonly integrationKey: string;
  readonly platformName: string;
  readonly linkUrl: string;
  readonly status: 'PendingAuth' | 'Linked' | 'Unlinked' | 'Deauthorized';
  readonly lastSync?: string;
  readonly created: string;
}

export interface Company {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly platform: string;
  readonly status: CompanyStatus;
  /** The hosted Link page. */
  readonly redirect: string;
  readonly linkUrl?: string;
  readonly lastSync?: string;
  readonly created: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly dataConnections: readonly Connection[];
}

export interface Integration {
  readonly key: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly sourceType: string;
  readonly isBeta: boolean;
  readonly datatypeFeatures: readonly {
    readonly dataType: string;
    readonly supportedFeatures: readonly { readonly featureType: string; readonly featureState: string }[];
  }[];
}
