// `npm run rekey`: seals everything again with the first of ENCRYPTION_KEYS. Run it after a new key was put first, while API and
// workers run with both; when it reports nothing left, the old key can be taken away.
import { exitOnConfigurationError, readEnvironment, rekeyConfiguration } from '@tributary/config';
import { openStore } from '@tributary/store';
import { resealEverything } from '@tributary/sync';
import { createVault } from '@tributary/vault';
import { failureLine, tell } from './output.ts';

const configuration = exitOnConfigurationError(() => readEnvironment(rekeyConfiguration, process.env));
const store = openStore({
  databaseUrl: configuration.databaseUrl,
  poolSize: 2,
  applicationName: 'tributary-rekey',
  onError: (error) => tell(error.message),
});
try {
  const { credentials, applicationSecrets, webhookSecrets, idempotentAnswers } = await resealEverything(
    store,
    createVault(configuration.encryptionKeys),
  );
  tell(
    credentials + applicationSecrets + webhookSecrets + idempotentAnswers === 0
      ? `Everything is sealed with the key ${configuration.encryptionKeys[0]?.id}. Older keys can be removed.`
      : `Sealed again: tokens of ${credentials} connections, ${applicationSecrets} application secrets, ${webhookSecrets} webhook secrets, ${idempotentAnswers} kept answers. Run it once more before removing an older key.`,
  );
} catch (error) {
  tell(failureLine('The secrets could not be sealed again', error));
  process.exitCode = 1;
} finally {
  await store.close();
}
