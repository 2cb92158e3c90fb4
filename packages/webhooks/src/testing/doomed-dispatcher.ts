// Delivers what is due, and is killed by the test that started it while a receiver holds its request. For tests.
import { startWebhookHouse } from './webhook-house.ts';

const databaseUrl = process.argv[2];
if (databaseUrl === undefined) throw new Error('usage: doomed-dispatcher DATABASE_URL');
const house = await startWebhookHouse(databaseUrl);
house.dispatcher().start({ pollMs: 20 });
