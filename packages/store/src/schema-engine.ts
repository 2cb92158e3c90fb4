/**
 * Prisma's schema engine in its WebAssembly build, so that migrations need no downloaded binary. It keeps Prisma's own
 * `_prisma_migrations` table: `prisma migrate deploy` agrees with what it did.
 */
import type { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

type SchemaEngine = bindings.SchemaEngine;

/**
 * Runs `use` with an engine that is connected to `databaseUrl`.
 * @param datamodel text of `schema.prisma`, when the work needs it (diffs)
 */
export async function withSchemaEngine<T>(
  options: { databaseUrl: string; datamodel?: string },
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  await instantiate();
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: 2, Client: CatalogueClient });
  const adapterFactory = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool));
  const errors = adapterFactory.errorRegistry;
  const engine = await bindings.SchemaEngine.new(
    { datamodels: options.datamodel === undefined ? undefined : [['schema.prisma', options.datamodel]] },
    () => undefined,
    adapterFactory,
  );
  try {
    return await use(engine);
  } catch (error) {
    throw unwrap(error, errors);
  } finally {
    engine.free();
    await pool.end();
  }
}

const charOid = 18;
const textOid = 25;

/** The adapter knows no `"char"`, a type of PostgreSQL's catalogue that the engine reads when it describes a schema: text does. */
class CatalogueClient extends pg.Client {
  constructor(configuration?: string | pg.ClientConfig) {
    super(configuration);
    const { connection } = this as unknown as { connection: EventEmitter };
    connection.prependListener('rowDescription', ({ fields }: { fields: { dataTypeID: number }[] }) => {
      for (const field of fields) if (field.dataTypeID === charOid) field.dataTypeID = textOid;
    });
  }
}

/** Node's types leave WebAssembly to the DOM library, which a server does not load. */
interface WebAssemblyLoader {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
}
const { WebAssembly: webAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyLoader };

// The generated bindings keep one instance per process by themselves; this only waits for it once.
let instantiated: Promise<void> | undefined;

function instantiate(): Promise<void> {
  instantiated ??= (async () => {
    const require = createRequire(import.meta.url);
    const glue = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const bytes = await readFile(new URL('schema_engine_bg.wasm', `file://${glue}`));
    const { instance } = await webAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings });
    bindings.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start();
  })();
  return instantiated;
}

/** The engine reports database errors by number; the adapter keeps the original under it. */
function unwrap(
  error: unknown,
  errors: { consumeError(id: number): { error: unknown } | undefined },
): unknown {
  const match = error instanceof Error ? /External error.*?(\d+)/.exec(error.message) : null;
  return match === null ? error : (errors.consumeError(Number(match[1]))?.error ?? error);
}
