import type { TestSummary } from './vitest-summary.ts';

/** A run that broke without a failed test has still failed once. */
function failures(vitestCode: number, summary: TestSummary | undefined): number {
  const counted = summary?.failed ?? 0;
  return vitestCode !== 0 && counted === 0 ? 1 : counted;
}

/** The last line of `npm test`: `12 passed, 0 failed`, and `, 3 skipped` where there were any. */
export function closingLine(vitestCode: number, summary: TestSummary | undefined): string {
  const skipped = summary?.skipped.length ?? 0;
  const counts = `${summary?.passed ?? 0} passed, ${failures(vitestCode, summary)} failed`;
  return skipped > 0 ? `${counts}, ${skipped} skipped` : counts;
}

/** The exit code of `npm test`. In continuous integration a skipped test is a failure: there, everything is installed. */
export function exitCodeOf(vitestCode: number, summary: TestSummary | undefined, strict: boolean): number {
  const skipped = summary?.skipped.length ?? 0;
  return failures(vitestCode, summary) > 0 || (strict && skipped > 0) ? 1 : 0;
}
