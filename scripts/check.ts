// `npm run check`: types, lint and formatting, module boundaries, dead code. Turbo remembers what passed on the same files.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const steps = [
  { task: 'check:types', name: 'types' },
  { task: 'check:lint', name: 'lint and formatting' },
  { task: 'check:boundaries', name: 'module boundaries and circular imports' },
  { task: 'check:unused', name: 'dead code and dependencies' },
];

const turbo = join('node_modules', '.bin', 'turbo');
const turboArgs = [
  '--output-logs=errors-only',
  '--log-prefix=none',
  '--no-update-notifier',
  '--ui=stream',
  '--no-color',
];
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };

const failed: string[] = [];
for (const { task, name } of steps) {
  const startedAt = performance.now();
  const result = spawnSync(turbo, ['run', task, ...turboArgs], { encoding: 'utf8', env });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const passed = result.status === 0;
  const cached = passed && result.stdout.includes('FULL TURBO') ? ', unchanged' : '';
  process.stdout.write(`${passed ? 'ok    ' : 'FAILED'} ${name} (${seconds} s${cached})\n`);
  if (passed) continue;
  failed.push(name);
  process.stdout.write(`${result.error?.message ?? ''}${result.stdout ?? ''}${result.stderr ?? ''}\n`);
}
if (failed.length > 0) process.stdout.write(`check failed: ${failed.join('; ')}\n`);
// Not process.exit(): it would cut off what a pipe has not taken yet.
process.exitCode = failed.length > 0 ? 1 : 0;
