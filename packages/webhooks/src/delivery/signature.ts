/** Signatures of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body. */
import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';
const secretBytes = 32;

/** A new signing secret: `whsec_` and the base64 of 32 random bytes. */
export function makeWebhookSecret(random: (bytes: number) => Buffer = randomBytes): string {
  return prefix + random(secretBytes).toString('base64');
}

/** Where a signing secret lives, for the vault. */
export const webhookSecretBinding = (secretId: string, clientId: string) => ({
  table: 'webhook_secrets',
  row: secretId,
  client: clientId,
});

/** A message as it is signed. */
export interface SignedMessage {
  readonly id: string;
  /** Seconds since the epoch, of this attempt. */
  readonly timestampSeconds: number;
  readonly body: string;
}

/** `v1,` and the signature in base64. */
function signMessage(secret: string, { id, timestampSeconds, body }: SignedMessage): string {
  const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`, 'utf8');
  return `v1,${signature.digest('base64')}`;
}

/** The headers of an attempt; one signature per valid secret, so that a receiver may know any of them. */
export function signedHeaders(secrets: readonly string[], message: SignedMessage): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Tributary-Webhooks',
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestampSeconds),
    'webhook-signature': secrets.map((secret) => signMessage(secret, message)).join(' '),
  };
}
