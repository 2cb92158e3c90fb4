import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress, webhookUrlProblem } from './target.ts';

describe('addresses on the public internet', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '193.0.0.1', '2606:4700::1111', '2a00:1450::5'])(
    '%s is one',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    ...['0.0.0.0', '0.1.2.3', '127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '172.31.255.255'],
    ...['192.168.1.1', '169.254.169.254', '100.64.0.1', '100.127.255.255', '192.0.0.1', '192.0.2.1'],
    ...['198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', 'fe80::1', 'fec0::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', '2001:db8::1'],
    ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '::ffff:0:10.0.0.1', '64:ff9b::7f00:1'],
    ...['64:ff9b:1::a00:1', '2002:7f00:1::', '2001::1', '100::1', 'fe80::1%eth0', '', 'example.com'],
  ])('%s is none', (address) => expect(isPublicAddress(address)).toBe(false));

  it('never are IPv4 addresses in an IPv6 coat', () => {
    const part = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        expect(isPublicAddress(`::ffff:${a}.${b}.${c}.${d}`)).toBe(false);
        expect(isPublicAddress(`64:ff9b::${a}.${b}.${c}.${d}`)).toBe(false);
      }),
    );
  });
});

describe("a consumer's URL", () => {
  const strict = { allowPrivateTargets: false };
  it.each([
    'https://example.com/hooks?a=b',
    'https://example.com:8443/',
    'https://8.8.8.8/x',
    'https://[2606:4700::1]/',
  ])('%s may be used', (url) => expect(webhookUrlProblem(url, strict)).toBeUndefined());

  it.each([
    ['http://example.com/', 'https'],
    ['ftp://example.com/', 'https'],
    ['javascript:alert(1)', 'https'],
    ['not a url', 'https'],
    ['https://user:secret@example.com/', 'password'],
    ['https://example.com:22/', 'port'],
    ['https://localhost/', 'public'],
    ['https://api.localhost./', 'public'],
    ['https://metadata.google.internal/', 'public'],
    ['https://router/', 'public'],
    ['https://127.0.0.1/', 'public'],
    ['https://2130706433/', 'public'],
    ['https://0x7f.1/', 'public'],
    ['https://[::1]/', 'public'],
    ['https://[::ffff:10.0.0.1]/', 'public'],
    [`https://example.com/${'a'.repeat(2000)}`, '2000'],
  ])('%s is refused, with the reason', (url, word) => expect(webhookUrlProblem(url, strict)).toContain(word));

  it('may be private and plain http where the operator allows it, but never holds a password', () => {
    const lenient = { allowPrivateTargets: true };
    expect(webhookUrlProblem('http://127.0.0.1:8080/hook', lenient)).toBeUndefined();
    expect(webhookUrlProblem('http://user:secret@127.0.0.1/', lenient)).toContain('password');
    expect(webhookUrlProblem('file:///etc/passwd', lenient)).toContain('https');
  });
});
