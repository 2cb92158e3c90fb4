import type { Store } from '../store.ts';

/** Name of the setting that shows whether the encryption keys are those that sealed what is stored. */
export const encryptionKeyCheckSetting = 'encryption-key-check';

/**
 * The value of a setting of the installation, made and stored when there is none. Of several processes that make one at the same
 * time, one wins, and all get its value.
 */
export async function settingOrNew(
  { pool }: Pick<Store, 'pool'>,
  name: string,
  make: () => string,
): Promise<string> {
  const stored = await readSetting(pool, name);
  if (stored !== undefined) return stored;
  await pool.query('INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    name,
    make(),
  ]);
  const winner = await readSetting(pool, name);
  if (winner === undefined) throw new Error(`the setting ${name} could not be stored`);
  return winner;
}

async function readSetting(pool: Store['pool'], name: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ value: string }>('SELECT value FROM settings WHERE name = $1', [name]);
  return rows[0]?.value;
}
