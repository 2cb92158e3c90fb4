import { createHash } from 'node:crypto';
import type {
  FindOutcome,
  LostWrite,
  PlatformSession,
  PreparedWrite,
  WriteRequest,
  WriteVerdict,
  Written,
} from '@tributary/connector-kit';
import { WriteRefusedError } from '@tributary/connector-kit';

/** How records of one data type are written. */
export interface WriteKind {
  /** Pure. */
  validate(request: WriteRequest): WriteVerdict;
  prepare(session: PlatformSession, request: WriteRequest): Promise<PreparedWrite>;
  /** @param result what the call answered: an id or a number; of an update, maybe nothing */
  readBack(session: PlatformSession, request: WriteRequest, result: string | undefined): Promise<Written>;
  find(session: PlatformSession, request: WriteRequest, lost: LostWrite): Promise<FindOutcome>;
}

/** @throws WriteRefusedError when there are problems */
export function refuseFor(problems: WriteVerdict['errors']): void {
  const [first] = problems;
  if (first !== undefined) throw new WriteRefusedError(`${first.itemId}: ${first.message}`, problems);
}

/** What a record holds, without holding it. */
function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** What an update leaves behind to be recognised by. */
interface UpdateMemory {
  readonly before: string;
  readonly wanted: string;
}

export const updateMemory = (before: unknown, wanted: unknown): { [key in keyof UpdateMemory]: string } => ({
  before: fingerprint(before),
  wanted: fingerprint(wanted),
});

/**
 * What became of an update whose answer was lost.
 * @param now the record as it is now; undefined: it is not there any more
 * @param comparable the same of it that `updateMemory` was given
 */
export async function foundUpdate<Found>(
  lost: LostWrite,
  now: Found | undefined,
  comparable: { readonly before: (found: Found) => unknown; readonly wanted: (found: Found) => unknown },
  written: () => Promise<Written>,
): Promise<FindOutcome> {
  if (now === undefined)
    return {
      kind: 'unknown',
      reason: 'The record is not at KashFlow any more, so that it cannot be told whether it was updated.',
    };
  const { before, wanted } = (lost.memory ?? {}) as Partial<UpdateMemory>;
  if (fingerprint(comparable.wanted(now)) === wanted) return { kind: 'found', ...(await written()) };
  if (fingerprint(comparable.before(now)) === before) return { kind: 'absent' };
  return {
    kind: 'unknown',
    reason:
      'The record at KashFlow is neither as it was before the update nor as it should be after it: somebody changed it meanwhile. Look at it there before you push again.',
  };
}
