import type { Store } from '../store.ts';

/** A data type that a client defined for one platform, as the client wrote it. */
export interface CustomDataTypeConfig {
  /** A path below the connection's own business at the platform. */
  readonly dataSource: string;
  /** By the client's own name: where the value stands in the platform's record. */
  readonly requiredData: Readonly<Record<string, string>>;
  /** What together tells one record from another. */
  readonly keyBy: readonly string[];
  readonly sourceModifiedDate?: readonly string[] | undefined;
}

export interface CustomDataTypeRepository {
  find(clientId: string, platformKey: string, identifier: string): Promise<CustomDataTypeConfig | undefined>;
  /** @returns false when the client has as many custom data types of the platform as it may have */
  save(
    clientId: string,
    platformKey: string,
    identifier: string,
    config: CustomDataTypeConfig,
  ): Promise<boolean>;
}

/** A client may define so many data types for one platform. */
export const maximumCustomDataTypes = 100;

export function createCustomDataTypeRepository({ pool }: Pick<Store, 'pool'>): CustomDataTypeRepository {
  return {
    async find(clientId, platformKey, identifier) {
      const { rows } = await pool.query<{ config: CustomDataTypeConfig }>(
        'SELECT config FROM custom_data_types WHERE client_id = $1 AND platform_key = $2 AND identifier = $3',
        [clientId, platformKey, identifier],
      );
      return rows[0]?.config;
    },

    async save(clientId, platformKey, identifier, config) {
      const { rowCount } = await pool.query(
        `INSERT INTO custom_data_types (client_id, platform_key, identifier, config)
         SELECT $1, $2, $3, $4::jsonb
         WHERE EXISTS (SELECT FROM custom_data_types WHERE client_id = $1 AND platform_key = $2 AND identifier = $3)
           OR (SELECT count(*) FROM custom_data_types WHERE client_id = $1 AND platform_key = $2) < ${maximumCustomDataTypes}
         ON CONFLICT (client_id, platform_key, identifier) DO UPDATE SET config = excluded.config, updated_at = now()`,
        [clientId, platformKey, identifier, JSON.stringify(config)],
      );
      return rowCount === 1;
    },
  };
}
