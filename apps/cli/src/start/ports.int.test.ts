import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '@tributary/testing';
import { expect, test } from 'vitest';
import { portProblems } from './ports.ts';

const host = '127.0.0.1';

test('free ports are no problem, and stay free', async () => {
  const [port, other] = [await freePort(), await freePort()];
  const listeners = [
    { host, port, variable: 'PORT' },
    { host, port: other, variable: 'SANDBOX_PORT' },
  ];
  expect(await portProblems(listeners)).toEqual([]);
  expect(await portProblems(listeners)).toEqual([]);
});

test('a taken port is one line that names the variable', async () => {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  expect(await portProblems([{ host, port, variable: 'SANDBOX_PORT' }])).toEqual([
    `Port ${port} on 127.0.0.1 is taken. Stop what uses it, or set SANDBOX_PORT to another port.`,
  ]);
  server.close();
});

test('one port for two listeners is noticed before either starts', async () => {
  const problems = await portProblems([
    { host, port: 3000, variable: 'PORT' },
    { host, port: 3000, variable: 'SANDBOX_PORT' },
  ]);
  expect(problems).toEqual(['PORT and SANDBOX_PORT are both 3000. Set one of them to another port.']);
});
