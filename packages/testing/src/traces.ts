/** Searches for ids wherever data is kept, without knowing what is kept where. */
import { spawnSync } from 'node:child_process';
import pg from 'pg';

/**
 * Where any of the ids (UUIDs) occurs in a database: every column of every table of every schema is looked into, as text.
 * @returns `schema.table`, sorted
 */
export async function tracesInDatabase(databaseUrl: string, ids: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(
      `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2`,
    );
    const patterns = ids.flatMap((id) => [`%${id}%`, `%${id.replaceAll('-', '')}%`]);
    const found: string[] = [];
    for (const { schema, name } of tables) {
      const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
      const { rowCount } = await client.query(
        `SELECT FROM ${table} AS stored WHERE stored::text ILIKE ANY ($1::text[]) LIMIT 1`,
        [patterns],
      );
      if (rowCount !== 0) found.push(`${schema}.${name}`);
    }
    return found;
  } finally {
    await client.end();
  }
}

/** Walks every key of a Redis and returns those that have one of the arguments in their name or in what they hold. */
const searchScript = `
local function texts(key)
  local kind = redis.call('TYPE', key).ok
  if kind == 'string' then return {redis.call('GET', key)} end
  if kind == 'hash' then return redis.call('HGETALL', key) end
  if kind == 'list' then return redis.call('LRANGE', key, 0, -1) end
  if kind == 'set' then return redis.call('SMEMBERS', key) end
  if kind == 'zset' then return redis.call('ZRANGE', key, 0, -1) end
  local flat = {}
  for _, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do
    for _, field in ipairs(entry[2]) do flat[#flat + 1] = field end
  end
  return flat
end
local found = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  local all = key .. ' ' .. table.concat(texts(key), ' ')
  for _, id in ipairs(ARGV) do
    if string.find(all, id, 1, true) then found[#found + 1] = key break end
  end
end
return cjson.encode(found)`;

/** Where any of the ids occurs in a Redis. @returns keys, sorted */
export function tracesInRedis(redisUrl: string, ids: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync('redis-cli', ['-u', redisUrl, 'EVAL', searchScript, '0', ...ids], {
    encoding: 'utf8',
  });
  if (!stdout.startsWith('[') && !stdout.startsWith('{}')) throw new Error(`redis-cli: ${stdout}${stderr}`);
  return stdout.startsWith('{}') ? [] : (JSON.parse(stdout) as string[]).toSorted();
}
