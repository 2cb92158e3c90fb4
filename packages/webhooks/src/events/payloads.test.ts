import { describe, expect, it } from 'vitest';
import { loadCodatEvents } from '../testing/codat-events.ts';
import { isEventType, readEventName, writeEventName } from './event-types.ts';
import { companyPayload, productPayload, rateLimitPayload, readPayload, writePayload } from './payloads.ts';

const problemsOf = loadCodatEvents();
const at = new Date('2026-02-01T10:00:00Z');
const id = '0498e921-9b53-4396-a412-4f2f5983b0a2';
const connectionId = 'ee2eb431-c0fa-4dc9-93fa-d29781c12bcd';
const publicUrl = 'https://tributary.example.com';
const company = {
  id,
  clientId: id,
  name: 'Corner Bakery',
  description: null,
  tags: { region: 'uk' },
  createdBy: null,
  products: [],
  createdAt: at,
  lastSyncAt: null,
};
const read = {
  id: connectionId,
  dataType: 'invoices',
  status: 'Complete',
  errorMessage: null,
  hasModified: true,
  hasWarnings: false,
  previousAt: at,
};
const write = { id, type: 'Create', connectionId, requestedAt: at, completedAt: at } as const;

/** An event of each type whose payload is made without a database. */
const events = {
  'company.created': companyPayload(company, publicUrl),
  'company.deleted': companyPayload(
    { ...company, description: 'a loan', lastSyncAt: at, products: ['lending'] },
    publicUrl,
  ),
  'company.product.added': productPayload(company, {
    productId: 'lending',
    productName: 'Lending',
    products: ['lending'],
  }),
  'read.completed': readPayload([read], { company, connectionId, publicUrl }),
  'read.completed.initial': readPayload(
    [read, { ...read, dataType: 'bills', status: 'FetchError', errorMessage: 'Away', hasWarnings: true }],
    { company, connectionId, publicUrl },
  ),
  'bills.write.successful': writePayload(
    { ...write, dataType: 'bills', status: 'Success', recordId: '7' },
    company,
    publicUrl,
  ),
  'bills.write.unsuccessful': writePayload(
    { ...write, dataType: 'bills', status: 'TimedOut' },
    company,
    publicUrl,
  ),
  'client.rateLimit.reached': rateLimitPayload({ limit: 1000, remaining: 0, resetAtMs: at.getTime() }),
};

const bodyOf = (eventType: string, payload: object) =>
  JSON.stringify({ id, eventType, generatedDate: at.toISOString(), payload });

describe('payloads', () => {
  it.each(Object.entries(events))('of %s are what the specification says', (eventType, payload) => {
    expect(isEventType(eventType)).toBe(true);
    expect(problemsOf?.(bodyOf(eventType, payload)) ?? []).toEqual([]);
  });

  it('of a read say since when to ask, whether anything changed, and where the reasons are', () => {
    expect(events['read.completed.initial']).toEqual({
      referenceCompany: {
        id,
        name: 'Corner Bakery',
        links: { portal: `${publicUrl}/portal` },
        tags: { region: 'uk' },
      },
      modifiedFromDate: '2026-02-01T10:00:00.000Z',
      dataTypes: [
        { connectionId, dataType: 'invoices', recordsModified: true, status: 'Complete', issues: [] },
        {
          connectionId,
          dataType: 'bills',
          recordsModified: true,
          status: 'FetchError',
          issues: [
            expect.objectContaining({ type: 'warning.validation' }),
            {
              type: 'error.read',
              message: 'Away',
              links: { logs: `${publicUrl}/companies/${id}/data/history/${connectionId}` },
            },
          ],
        },
      ],
    });
  });

  it('the checker finds what does not fit', ({ skip }) => {
    const check = problemsOf ?? skip('the specification (../shared) is not here');
    expect(check(bodyOf('company.created', { id, name: 'no redirect' }))).not.toEqual([]);
    expect(check(bodyOf('company.created', { ...events['company.created'], description: null }))).toContain(
      'holds a null',
    );
    expect(check(bodyOf('company.renamed', {}))).toEqual(['no event company.renamed']);
  });
});

describe('names of events', () => {
  it.each([
    'bills.write.successful',
    '{dataType}.write.unsuccessful',
    'DataSyncCompleted',
    'Dataset data changed',
  ])('%s can be subscribed to', (name) => expect(isEventType(name)).toBe(true));

  it.each(['', 'company', 'company.renamed', 'ghosts.write.successful', 'READ.COMPLETED'])(
    '%j cannot',
    (name) => expect(isEventType(name)).toBe(false),
  );

  it('older ones tell reads that failed, and reads that changed nothing, apart', () => {
    const names = (status: string, hasModified: boolean) => readEventName({ status, hasModified }).names;
    expect(names('Complete', false)).toContain('DataSyncCompleted');
    expect(names('Complete', false)).not.toContain('DatasetDataChanged');
    expect(names('Complete', true)).toContain('DatasetDataChanged');
    expect(names('AuthError', true)).not.toContain('DataSyncCompleted');
    expect(writeEventName('bills', 'successful', false).names).toContain('{dataType}.write.successful');
  });
});
