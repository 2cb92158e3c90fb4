/**
 * The last step of a run before it completes: what it wrote is checked against the rules of sound books.
 *
 * A finding lasts as long as its record is so: records with findings are checked again by every run, whatever it wrote. Everything is
 * checked after a listing in full, once a week, and once a day while a rule finds more than is kept; references can come to lead
 * nowhere without their record being written.
 */
import {
  type ClaimedRun,
  copyFindings,
  type Finding,
  findProblems,
  hasIntegrityRules,
  holdRun,
  inTransaction,
  lockForWriting,
  readIntegrityState,
  recordDeletions,
  recordFullCheck,
  recordMoreFindings,
  recordsToCheck,
  replaceFindings,
  type Store,
  sharedValues,
} from '@tributary/store';

/** Findings that are kept of each rule; beyond them they are counted. */
const mostPerRule = 200;
const batchSize = 3000;
const daysBetweenFullChecks = 7;

/** @param isFull the run listed everything. @throws LeaseLostError */
export async function checkIntegrity(
  run: ClaimedRun,
  { pool }: Pick<Store, 'pool'>,
  isListedInFull: boolean,
): Promise<void> {
  if (!hasIntegrityRules(run.dataType)) return;
  const { daysSinceFullCheck = Number.POSITIVE_INFINITY, hasMore } = await readIntegrityState(
    pool,
    run,
    run.dataType,
  );
  const isFull = isListedInFull || daysSinceFullCheck >= (hasMore ? 1 : daysBetweenFullChecks);
  // Every record with a finding is checked again: what is kept is counted afresh.
  const kept = new Map<string, number>();
  const beyond = new Map<string, { count: number; severity: Finding['severity'] }>();
  let known: Parameters<typeof findProblems>[4] | undefined;
  for (let after = ''; ; ) {
    const ids = await recordsToCheck(pool, run, run.dataType, {
      runId: run.id,
      isFull,
      after,
      limit: batchSize,
    });
    const last = ids.at(-1);
    if (last === undefined) break;
    after = last;
    known ??= {
      currencies: Intl.supportedValuesOf('currency'),
      shared: await sharedValues(pool, run, run.dataType),
    };
    const facts = known;
    const found = await inTransaction(pool, (client) => findProblems(client, run, run.dataType, ids, facts));
    const room = found.filter(({ ruleId, severity }) => {
      const count = kept.get(ruleId) ?? 0;
      kept.set(ruleId, count + 1);
      if (count < mostPerRule) return true;
      beyond.set(ruleId, { count: count + 1 - mostPerRule, severity });
      return false;
    });
    await inTransaction(pool, async (client) => {
      await holdRun(client, run);
      await replaceFindings(client, run, run.dataType, ids, room);
      await recordDeletions(client, run, { deleted: 0, warnings: 0 });
    });
  }
  await inTransaction(pool, async (client) => {
    await lockForWriting(client, run);
    if (isFull || (beyond.size > 0 && !hasMore))
      await recordMoreFindings(client, run, run.dataType, [...beyond].map(moreOf));
    if (isFull) await recordFullCheck(client, run, run.dataType);
    const warnings = await copyFindings(client, run);
    await recordDeletions(client, run, { deleted: 0, warnings });
  });
}

function moreOf([ruleId, { count, severity }]: [string, { count: number; severity: Finding['severity'] }]) {
  return { ruleId, severity, message: `${count} more findings of this rule are not listed.` };
}
