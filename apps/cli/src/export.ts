// `npm run export -- COMPANY_ID > file.ndjson`: everything that is kept of a company, one JSON object on each line.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { clientConfiguration, exitOnConfigurationError, readEnvironment } from '@tributary/config';
import { exportCompany, openStore } from '@tributary/store';
import { failureLine, tell } from './output.ts';

const anyUuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

const { databaseUrl } = exitOnConfigurationError(() => readEnvironment(clientConfiguration, process.env));
const [companyId, ...others] = process.argv.slice(2);
if (companyId === undefined || others.length > 0 || !anyUuid.test(companyId)) {
  tell('usage: npm run export -- COMPANY_ID > file.ndjson');
  process.exit(2);
}
const store = openStore({
  databaseUrl,
  poolSize: 2,
  applicationName: 'tributary-export',
  onError: (error) => tell(error.message),
});
try {
  const lines = await exportCompany(store.pool, { companyId });
  if (lines === undefined) {
    tell(`There is no company ${companyId}.`);
    process.exitCode = 1;
  } else {
    await pipeline(Readable.from(lines, { objectMode: false }), process.stdout);
  }
} catch (error) {
  tell(failureLine('The company could not be exported', error));
  process.exitCode = 1;
} finally {
  await store.close();
}
