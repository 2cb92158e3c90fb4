import { Api } from '../kit/api.ts';
import { equal, expect } from '../kit/expect.ts';
import { parseExact, textAt } from '../kit/json.ts';
import { lastLines, type World } from '../world.ts';

/** Makes a second client with `npm run client -- create NAME`, through npm itself, as an operator does. */
export async function createOtherClient(world: World): Promise<void> {
  const environment = world.environment({ PATH: world.environment()['PATH'] });
  const args = ['run', '-s', 'client', '--', 'create', 'Second lender'];
  const result = await world.processes.run('client', { program: 'npm', args, environment, cwd: world.root });
  equal(result.code, 0, `exit code (${lastLines(result)})`);
  const lines = result.output.filter((line) => line !== '');
  expect(lines.length === 1, `standard output is not one line: ${lines.join(' ⏎ ')}`);
  const made = parseExact(lines[0] ?? '');
  equal(textAt(made, 'name'), 'Second lender', 'name');
  const key = textAt(made, 'apiKey');
  world.found.otherClient = { api: new Api(world.publicUrl, key), key, clientId: textAt(made, 'clientId') };
}
