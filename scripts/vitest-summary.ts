import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** What one vitest run came to; `npm test` reads it to print its closing line. */
export interface TestSummary {
  passed: number;
  failed: number;
  skipped: { name: string; reason: string }[];
}

/** Writes a {@link TestSummary} as JSON to the file named by `TEST_SUMMARY_FILE`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(testModules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env['TEST_SUMMARY_FILE'];
    if (!file) return;
    // An error outside every test is a failure too: otherwise a run could break and count as passed.
    const summary: TestSummary = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const testModule of testModules) {
      const cases = [...testModule.children.allTests()];
      for (const testCase of cases) count(testCase, summary);
      const brokeOutsideTests = testModule.state() === 'failed' && !cases.some(hasFailed);
      if (brokeOutsideTests) summary.failed += 1;
    }
    writeFileSync(file, JSON.stringify(summary));
  }
}

function hasFailed(testCase: TestCase): boolean {
  return testCase.result().state === 'failed';
}

function count(testCase: TestCase, summary: TestSummary): void {
  const result = testCase.result();
  if (result.state === 'passed') summary.passed += 1;
  else if (result.state === 'failed') summary.failed += 1;
  else {
    const reason = ('note' in result && result.note) || 'no reason given';
    summary.skipped.push({ name: `${testCase.module.relativeModuleId}: ${testCase.fullName}`, reason });
  }
}
