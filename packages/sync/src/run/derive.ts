/** Runs of data types that are built from the ledger instead of being listed by the platform. */
import { PlatformError } from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';
import { type ClaimedRun, findOrCreateRun, isLedgerReadSince, type PullOperation } from '@tributary/store';
import { buildAccountTransactions } from './derive-account-transactions.ts';
import type { DeriveDependencies } from './derive-context.ts';
import { buildJournals } from './derive-journals.ts';
import { readLedger } from './derive-ledger.ts';
import { buildStatements } from './derive-statements.ts';

/** What a data type is built from could not be read. */
export class PrerequisiteNotMetError extends Error {}

/** What a data type is built from is being read by another worker, or waits for the platform. */
export class PrerequisitePendingError extends Error {
  /** When it goes on, epoch milliseconds, if it waits for something. */
  readonly retryAtMs: number | undefined;
  constructor(message: string, retryAtMs: number | undefined) {
    super(message);
    this.retryAtMs = retryAtMs;
  }
}

/** @throws LeaseLostError, PlatformError, SliceOverError, PrerequisiteNotMetError, PrerequisitePendingError */
export async function deriveRun(
  run: ClaimedRun,
  dependencies: DeriveDependencies & {
    /** Works on another run of the connection, as a worker would. */
    readonly execute: (runId: string) => Promise<void>;
  },
): Promise<void> {
  const manifest = dependencies.connector.manifest.dataTypes.get(run.dataType);
  if (manifest?.derivation === 'ledger') return readLedger(run, dependencies);
  await ensureLedger(run, dependencies);
  switch (run.dataType) {
    case 'journals':
      return buildJournals(run, dependencies);
    case 'accountTransactions':
      return buildAccountTransactions(run, dependencies);
    case 'balanceSheet':
    case 'profitAndLoss':
    case 'cashFlowStatement':
      return buildStatements(run, run.dataType, dependencies);
    default:
      throw new PlatformError('notFound', `${run.dataType} cannot be built from the ledger`);
  }
}

/**
 * Sees to it that the ledger has been read since the run was asked for: by whoever is at it, or by this worker, as a run of its own.
 */
async function ensureLedger(
  run: ClaimedRun,
  { store, connector, execute }: Parameters<typeof deriveRun>[1],
): Promise<void> {
  if (await isLedgerReadSince(store.pool, run.id)) return;
  const dataType = ledgerType(connector.manifest.dataTypes);
  const needed = await findOrCreateRun(store.pool, {
    connectionId: run.connectionId,
    dataType,
    trigger: 'request',
    traceId: undefined,
  });
  if (needed === undefined) throw new PlatformError('accessRevoked', 'The connection is not linked');
  await execute(needed.id);
  if (await isLedgerReadSince(store.pool, run.id)) return;
  const found = await store.prisma.pullOperation.findUnique({ where: { id: needed.id } });
  const failure = failureOf(found);
  if (failure === undefined)
    throw new PrerequisitePendingError(`Waiting for ${dataType}`, found?.notBefore?.getTime());
  throw new PrerequisiteNotMetError(`${dataType}, which this is built from, could not be read: ${failure}`);
}

function ledgerType(
  dataTypes: ReadonlyMap<DataTypeKey, { readonly derivation?: 'ledger' | 'afterLedger' }>,
): DataTypeKey {
  for (const [dataType, manifest] of dataTypes) if (manifest.derivation === 'ledger') return dataType;
  throw new Error('a platform whose data types come after the ledger has one that reads it');
}

/** Why a run did not succeed; undefined while it has not ended, or when it did. */
function failureOf(run: PullOperation | null): string | undefined {
  if (run === null) return 'its run is gone';
  if (run.completedAt === null || run.status === 'Complete') return undefined;
  return run.errorMessage ?? run.status;
}
