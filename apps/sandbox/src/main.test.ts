import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it } from 'vitest';

function start(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return {
    child,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, output, errors })),
    output: () => output,
  };
}

it('a wrong configuration ends the process with a list of all that is wrong', async () => {
  const { code, errors } = await start({
    SANDBOX_PORT: 'x',
    SANDBOX_SIZE: '1',
    SANDBOX_FAULTS: '[{"match":".","kind":"meteor"}]',
  }).ended;
  expect(code).not.toBe(0);
  expect(errors).toContain('SANDBOX_FAULTS=[{"match":".","kind":"meteor"}]: switch 1: kind');
  expect(errors).toContain('SANDBOX_PORT=x');
  expect(errors).toContain('SANDBOX_SIZE=1');
});

it('a taken port is one readable line', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { code, errors } = await start({ SANDBOX_PORT: String(port), SANDBOX_SIZE: '50' }).ended;
  taken.close();
  expect(code).toBe(1);
  expect(errors.trim().split('\n')).toEqual([
    `Port ${port} on 127.0.0.1 is taken: stop what uses it, or set SANDBOX_PORT.`,
  ]);
});

it('a dataset that cannot be read is one readable line', async () => {
  const { code, errors } = await start({ SANDBOX_DATASET: '/nowhere/sales.csv' }).ended;
  expect(code).toBe(1);
  expect(errors).toMatch(/^The sandbox cannot start: \/nowhere\/sales\.csv: cannot be read.*\n$/);
});

it('logs JSON lines, says where it listens, and ends cleanly on SIGTERM', async () => {
  const sandbox = start({ SANDBOX_PORT: '0', SANDBOX_SIZE: '50' });
  while (!sandbox.output().includes('listening')) await once(sandbox.child.stdout, 'data');
  sandbox.child.kill('SIGTERM');
  const { code, output, errors } = await sandbox.ended;
  expect([code, errors]).toEqual([0, '']);
  for (const line of output.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
});
