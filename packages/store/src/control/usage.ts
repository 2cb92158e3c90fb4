import type { Store } from '../store.ts';

/** Requests of a client on one UTC day. */
export interface UsageRepository {
  /**
   * Adds to the day's count (nothing, to read it).
   * @param day `YYYY-MM-DD`, UTC
   * @returns the day's count of all processes, `requests` included
   */
  add(clientId: string, day: string, requests: number): Promise<number>;
}

export function createUsageRepository({ pool }: Pick<Store, 'pool'>): UsageRepository {
  return {
    add: async (clientId, day, requests) => {
      const { rows } = await pool.query<{ requests: string }>({
        name: 'add-client-usage',
        text: `INSERT INTO client_usage (client_id, day, requests) SELECT id, $2, $3 FROM clients WHERE id = $1
               ON CONFLICT (client_id, day) DO UPDATE SET requests = client_usage.requests + excluded.requests
               RETURNING requests`,
        values: [clientId, day, requests],
      });
      return Number(rows[0]?.requests ?? requests);
    },
  };
}
