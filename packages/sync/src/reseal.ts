/** Key rotation: everything that is sealed is sealed again with the first of the keys. */
import {
  idempotentAnswerBinding,
  resealAnswer,
  resealCredential,
  resealWebhookSecret,
  type Store,
  sealedAnswers,
  sealedCredentials,
  sealedWebhookSecrets,
} from '@tributary/store';
import type { Vault } from '@tributary/vault';
import { webhookSecretBinding } from '@tributary/webhooks';
import { applicationSecretBinding, credentialBinding } from './connection-ref.ts';

const batchSize = 500;

/**
 * Safe while API and workers run, old and new keys side by side: a value that changed meanwhile was sealed by its writer, and is
 * looked at again by the next call. When a call reports nothing resealed, the old key can be taken away.
 * @returns how many values were sealed again
 */
export async function resealEverything(
  store: Store,
  vault: Vault,
): Promise<{
  credentials: number;
  applicationSecrets: number;
  webhookSecrets: number;
  idempotentAnswers: number;
}> {
  let credentials = 0;
  for (let after: string | undefined; ; ) {
    const batch = await sealedCredentials(store.pool, after, batchSize);
    for (const { row, clientId, sealed } of batch) {
      if (!vault.needsReseal(sealed)) continue;
      const binding = credentialBinding({ id: row, clientId });
      if (await resealCredential(store.pool, row, sealed, vault.seal(vault.open(sealed, binding), binding)))
        credentials += 1;
    }
    if (batch.length < batchSize) break;
    after = batch.at(-1)?.row;
  }
  let applicationSecrets = 0;
  const integrations = await store.prisma.clientIntegration.findMany({
    where: { applicationSecret: { not: null } },
  });
  for (const { clientId, platformKey, applicationSecret } of integrations) {
    if (applicationSecret === null || !vault.needsReseal(applicationSecret)) continue;
    const binding = applicationSecretBinding(clientId, platformKey);
    const { count } = await store.prisma.clientIntegration.updateMany({
      where: { clientId, platformKey, applicationSecret },
      data: { applicationSecret: vault.seal(vault.open(applicationSecret, binding), binding) },
    });
    applicationSecrets += count;
  }
  let webhookSecrets = 0;
  for (let after: string | undefined; ; ) {
    const batch = await sealedWebhookSecrets(store.pool, after, batchSize);
    for (const { row, clientId, sealed } of batch) {
      if (!vault.needsReseal(sealed)) continue;
      const binding = webhookSecretBinding(row, clientId);
      if (
        await resealWebhookSecret(store.pool, row, sealed, vault.seal(vault.open(sealed, binding), binding))
      )
        webhookSecrets += 1;
    }
    if (batch.length < batchSize) break;
    after = batch.at(-1)?.row;
  }
  const idempotentAnswers = await resealAnswers(store, vault);
  await store.prisma.setting.updateMany({
    where: { name: 'encryption-key-check' },
    data: { value: vault.makeKeyCheck() },
  });
  return { credentials, applicationSecrets, webhookSecrets, idempotentAnswers };
}

/** Answers that are kept for requests which may be repeated. */
async function resealAnswers({ pool }: Store, vault: Vault): Promise<number> {
  let answers = 0;
  for (let after: string | undefined; ; ) {
    const batch = await sealedAnswers(pool, after, batchSize);
    for (const { row, clientId, sealed } of batch) {
      if (!vault.needsReseal(sealed)) continue;
      const id = Buffer.from(row.slice(row.indexOf('/') + 1), 'hex');
      const binding = idempotentAnswerBinding(clientId, id);
      const anew = vault.seal(vault.open(sealed, binding), binding);
      if (await resealAnswer(pool, clientId, id, sealed, anew)) answers += 1;
    }
    if (batch.length < batchSize) return answers;
    after = batch.at(-1)?.row;
  }
}
