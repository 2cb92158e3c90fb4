import { randomUUID } from 'node:crypto';
import {
  createWebhookConsumerRepository,
  idempotentAnswerBinding,
  sealedWebhookSecrets,
} from '@tributary/store';
import { createVault } from '@tributary/vault';
import { webhookSecretBinding } from '@tributary/webhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applicationSecretBinding, credentialBinding } from './connection-ref.ts';
import { resealEverything } from './reseal.ts';
import { type Harness, startHarness } from './testing/harness.ts';

const oldKey = { id: 'test', key: Buffer.alloc(32, 7) };
const newKey = { id: 'next', key: Buffer.alloc(32, 9) };

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ sandbox: { size: 50 } });
});
afterAll(() => harness.close());

it('after a key was put first, everything is sealed with it, the old key can go, and syncs that run meanwhile go on', async () => {
  const { store } = harness;
  const connection = await harness.link();
  const { clientId } = connection;
  const binding = applicationSecretBinding(clientId, 'ksho');
  await store.prisma.clientIntegration.create({
    data: {
      clientId,
      platformKey: 'ksho',
      applicationClientId: 'sandbox',
      applicationSecret: createVault([oldKey]).seal('sandbox-secret', binding),
    },
  });
  const secretId = randomUUID();
  const secretBinding = webhookSecretBinding(secretId, clientId);
  await createWebhookConsumerRepository(store).create(clientId, {
    id: randomUUID(),
    url: 'https://example.com/',
    eventTypes: [],
    companyTags: [],
    disabled: false,
    secret: { id: secretId, sealed: createVault([oldKey]).seal('whsec_secret', secretBinding) },
  });
  const answerId = Buffer.alloc(32, 1);
  const answerBinding = idempotentAnswerBinding(clientId, answerId);
  await store.prisma.idempotencyKey.create({
    data: {
      clientId,
      id: answerId,
      requestHash: answerId,
      holder: randomUUID(),
      heldUntil: new Date(),
      expiresAt: new Date(Date.now() + 1000),
      answer: createVault([oldKey]).seal('{"status":200}', answerBinding),
    },
  });
  const both = createVault([newKey, oldKey]);
  expect(await resealEverything(store, both)).toEqual({
    credentials: 1,
    applicationSecrets: 1,
    idempotentAnswers: 1,
    webhookSecrets: 1,
  });
  expect(await resealEverything(store, both)).toEqual({
    credentials: 0,
    applicationSecrets: 0,
    idempotentAnswers: 0,
    webhookSecrets: 0,
  });

  const onlyNew = createVault([newKey]);
  const { answer } = await store.prisma.idempotencyKey.findFirstOrThrow({ where: { clientId } });
  expect(onlyNew.open(answer ?? '', answerBinding)).toBe('{"status":200}');
  const { sealed } = await store.prisma.connectionCredential.findUniqueOrThrow({
    where: { connectionId: connection.id },
  });
  expect(JSON.parse(onlyNew.open(sealed, credentialBinding(connection)))).toHaveProperty('accessToken');
  const { applicationSecret } = await store.prisma.clientIntegration.findFirstOrThrow({
    where: { clientId },
  });
  expect(onlyNew.open(applicationSecret ?? '', binding)).toBe('sandbox-secret');
  const [webhookSecret] = await sealedWebhookSecrets(store.pool, undefined, 10);
  expect(onlyNew.open(webhookSecret?.sealed ?? '', secretBinding)).toBe('whsec_secret');
  const check = await store.prisma.setting.findUniqueOrThrow({ where: { name: 'encryption-key-check' } });
  expect(() => onlyNew.verifyKeyCheck(check.value)).not.toThrow();
  expect(() => createVault([oldKey]).verifyKeyCheck(check.value)).toThrow();
});
