import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { makeWebhookSecret, signedHeaders } from './signature.ts';

const now = () => Math.floor(Date.now() / 1000);
const body = JSON.stringify({ eventType: 'company.created', payload: { name: 'Café “Zwölf” 🦊' } });

describe('signed headers', () => {
  it.each([
    ['standardwebhooks', (secret: string) => new StandardWebhook(secret)],
    ['svix', (secret: string) => new SvixWebhook(secret)],
  ] as const)('are accepted by %s, and refused for another body, secret or time', (_name, verifier) => {
    const secret = makeWebhookSecret();
    const headers = signedHeaders([secret], { id: 'event-1', timestampSeconds: now(), body });
    expect(verifier(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => verifier(secret).verify(`${body} `, headers)).toThrow();
    expect(() => verifier(makeWebhookSecret()).verify(body, headers)).toThrow();
    const old = signedHeaders([secret], { id: 'event-1', timestampSeconds: now() - 3600, body });
    expect(() => verifier(secret).verify(body, old)).toThrow();
  });

  it('hold a signature per secret, so that a receiver may know the old one or the new one', () => {
    const [fresh, old] = [makeWebhookSecret(), makeWebhookSecret()];
    const headers = signedHeaders([fresh, old], { id: 'event-1', timestampSeconds: now(), body });
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secret of [fresh, old])
      expect(new StandardWebhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('a secret is whsec_ and 32 random bytes', () => {
    const secret = makeWebhookSecret();
    expect(secret).toMatch(/^whsec_/);
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
    expect(makeWebhookSecret()).not.toBe(secret);
  });
});
