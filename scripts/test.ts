// `npm test`: runs vitest and closes with the line `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closingLine, exitCodeOf } from './test-verdict.ts';
import type { TestSummary } from './vitest-summary.ts';

const folder = mkdtempSync(join(tmpdir(), 'tributary-summary-'));
const summaryFile = join(folder, 'summary.json');
const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, TEST_SUMMARY_FILE: summaryFile },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => vitest.kill(signal));
// Whoever ran this is gone: so is the reader of its output.
process.once('disconnect', () => vitest.kill('SIGTERM'));

const vitestCode = await new Promise<number>((done) => {
  vitest.once('exit', (code) => done(code ?? 1));
});
const summary: TestSummary | undefined = existsSync(summaryFile)
  ? JSON.parse(readFileSync(summaryFile, 'utf8'))
  : undefined;
rmSync(folder, { recursive: true, force: true });

const isContinuousIntegration = Boolean(process.env['CI']);
for (const { name, reason } of summary?.skipped ?? []) process.stdout.write(`skipped: ${name} (${reason})\n`);
process.stdout.write(`${closingLine(vitestCode, summary)}\n`);
// Not process.exit(): it would cut off what a pipe has not taken yet.
process.exitCode = exitCodeOf(vitestCode, summary, isContinuousIntegration);
process.channel?.unref();
