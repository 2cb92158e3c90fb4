import { tokensOfCredentials } from '@tributary/connector-kit';
import { describe, expect, test } from 'vitest';
import { failureOf, soapDialect } from './soap.ts';
import { childOf, parseXml, textOf } from './xml.ts';

describe('a failure', () => {
  test.each([
    ['Incorrect username or password', 'accessRevoked', 'user name and password'],
    ['Invalid login', 'accessRevoked', 'user name and password'],
    ['Access denied', 'forbidden', 'Enable SOAP API'],
    ['access denied', 'forbidden', 'our address'],
    ['The API is not enabled for this account', 'forbidden', 'Enable SOAP API'],
    ['Your IP address 203.0.113.7 is not allowed', 'forbidden', 'our address'],
    ['There is no customer with that email address', 'notFound', undefined],
    ['No invoice found', 'notFound', undefined],
    ['Something else', 'unexpected', undefined],
    ['', 'unexpected', undefined],
  ] as const)('%j is %s', (detail, code, advice) => {
    const error = failureOf('GetCustomers', detail);
    expect(error.code).toBe(code);
    if (advice === undefined) expect(error.advice).toBeUndefined();
    else expect(error.advice).toContain(advice);
  });

  test('each kind of refusal has words of its own', () => {
    const advice = [
      'Incorrect username or password',
      'The API is not enabled',
      'Your IP address is not allowed',
    ].map((detail) => failureOf('GetCustomers', detail).advice);
    expect(new Set(advice).size).toBe(3);
  });

  test('a detail is cut, and never longer than an operator reads', () => {
    expect(failureOf('GetCustomers', 'x'.repeat(100_000)).message.length).toBeLessThan(400);
  });
});

describe('a call', () => {
  const credentials = { username: 'ann & co', password: '<p>"\'&' };
  const { accessToken } = tokensOfCredentials(credentials);
  const body = '<GetCustomerByID xmlns="KashFlow"><CustomerID>5</CustomerID></GetCustomerByID>';
  const outgoing = soapDialect.outgoing({ method: 'POST', path: '', body }, accessToken);

  test('carries user name and password as its first two elements, whatever is in them', () => {
    const envelope = parseXml(outgoing.body ?? '');
    const call = childOf(envelope, 'Body')?.elements[0];
    expect(call?.elements.map((element) => [element.name, textOf(element)])).toEqual([
      ['UserName', credentials.username],
      ['Password', credentials.password],
      ['CustomerID', '5'],
    ]);
    expect(outgoing.headers).toMatchObject({
      soapaction: '"KashFlow/GetCustomerByID"',
      'content-type': 'text/xml; charset=utf-8',
    });
  });

  test.each([
    ['', 'text/xml', true],
    ['<e:Envelope></e:Envelope>\n', 'text/xml; charset=utf-8', false],
    ['<Envelope></Envelope>', 'application/soap+xml', false],
    ['<Envelope><Body>', 'text/xml', true],
    ['<html></html>', 'text/html', true],
  ])('an answer %j of type %s is garbled: %s', (text, contentType, isGarbled) => {
    const problem = soapDialect.problemOf(
      { method: 'POST', path: '' },
      { body: Buffer.from(text), text, contentType },
    );
    expect(problem !== undefined).toBe(isGarbled);
  });
});
