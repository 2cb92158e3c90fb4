import type { Store } from '../store.ts';

/** What a client wants of a platform's records beside the unified ones: named groups of properties. */
export type SupplementalConfig = Readonly<
  Record<
    string,
    {
      readonly dataSource?: string | undefined;
      /** By the client's own name: where the value stands in the platform's record. */
      readonly pullData?: Readonly<Record<string, string>> | undefined;
      readonly pushData?: Readonly<Record<string, string>> | undefined;
    }
  >
>;

/** A stored configuration. `version` is 0 where there is none, and rises with each change. */
export interface StoredSupplementalConfig {
  readonly config: SupplementalConfig;
  readonly version: number;
}

export interface SupplementalDataRepository {
  find(clientId: string, platformKey: string, dataType: string): Promise<StoredSupplementalConfig>;
  save(clientId: string, platformKey: string, dataType: string, config: SupplementalConfig): Promise<void>;
}

export function createSupplementalDataRepository({ pool }: Pick<Store, 'pool'>): SupplementalDataRepository {
  return {
    async find(clientId, platformKey, dataType) {
      const { rows } = await pool.query<StoredSupplementalConfig>(
        'SELECT config, version FROM supplemental_data_configs WHERE client_id = $1 AND platform_key = $2 AND data_type = $3',
        [clientId, platformKey, dataType],
      );
      return rows[0] ?? { config: {}, version: 0 };
    },

    async save(clientId, platformKey, dataType, config) {
      // The same once more changes nothing, and makes nothing be mapped again.
      await pool.query(
        `INSERT INTO supplemental_data_configs AS stored (client_id, platform_key, data_type, config)
         VALUES ($1, $2, $3, $4::jsonb)
         ON CONFLICT (client_id, platform_key, data_type) DO UPDATE
         SET config = excluded.config, version = stored.version + 1, updated_at = now()
         WHERE stored.config IS DISTINCT FROM excluded.config`,
        [clientId, platformKey, dataType, JSON.stringify(config)],
      );
    },
  };
}
