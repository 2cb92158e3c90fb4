/** The sandbox with the guide's platform beside its own, as a process. */
import { buildSandbox } from '../app.ts';
import { readConfig } from '../config.ts';
import { exampleRoutes } from './routes.ts';

const config = readConfig(process.env);
if ('problems' in config) throw new Error(config.problems.join('; '));
const app = await buildSandbox({
  clientId: config.clientId,
  clientSecret: config.clientSecret,
  size: 50,
  logger: { level: config.logLevel },
  platform: { prefix: '/example', routes: exampleRoutes },
});
process.on('SIGTERM', () => void app.close());
await app.listen({ host: config.host, port: config.port });
