/** What is asked of the platform, in which order, and where a listing goes on: against a platform that answers as told. */
import {
  type JsonValue,
  PlatformError,
  type PlatformSession,
  type PullRequest,
} from '@tributary/connector-kit';
import { createManualClock } from '@tributary/connector-kit/testing';
import type { DataTypeKey } from '@tributary/model';
import { describe, expect, test } from 'vitest';
import { createPull } from './pull.ts';

const clock = createManualClock(Date.UTC(2024, 1, 29, 12));
const pull = createPull(clock);

/** Content of the result by operation and arguments, as the request log shows them. */
type Answers = (operation: string, args: readonly string[]) => string | undefined;

function platform(answers: Answers): { session: PlatformSession; calls: string[] } {
  const calls: string[] = [];
  const session: PlatformSession = {
    businessId: 'business',
    info: {},
    async request({ operation: shown = '', isRead }) {
      expect(isRead).toBe(true);
      const [operation = '', ...args] = shown.split(/[?&](?:\w+=)?/);
      calls.push([operation, ...args].join(' '));
      const content = answers(operation, args);
      const text = `<e:Envelope xmlns:e="e"><e:Body><${operation}Response xmlns="KashFlow"><${operation}Result>${content ?? ''}</${operation}Result><Status>OK</Status></${operation}Response></e:Body></e:Envelope>`;
      return { status: 200, text, platformTimeMs: 5 };
    },
  };
  return { session, calls };
}

async function read(session: PlatformSession, dataType: DataTypeKey, request: Partial<PullRequest> = {}) {
  const pages = [];
  const whole = { modifiedSinceMs: undefined, fromDate: undefined, checkpoint: undefined, ...request };
  for await (const page of pull(session, { dataType, ...whole })) pages.push(page);
  return { pages, ids: pages.flatMap(({ records }) => records.map(({ id }) => id)) };
}

const invoice = (id: number, net = '10.0000') =>
  `<Invoice><InvoiceDBID>${id}</InvoiceDBID><InvoiceNumber>${id + 1000}</InvoiceNumber><NetAmount>${net}</NetAmount><VATAmount>0</VATAmount></Invoice>`;

describe('invoices', () => {
  const books: Answers = (operation, [first = '']) => {
    if (operation === 'GetInvoicesByDateRange') {
      if (first.startsWith('1970')) return invoice(1) + invoice(2, '-5.0000');
      if (first.startsWith('2024-01')) return invoice(3);
      return first.startsWith('2024-02') ? invoice(4) : '';
    }
    if (operation === 'GetInvoices_Unpaid') return invoice(4) + invoice(5);
    if (operation === 'GetInvoicePaymentsByDateRange')
      return '<Payment><PayID>1</PayID><PayInvoice>1001</PayInvoice></Payment><Payment><PayID>2</PayID><PayInvoice>1003</PayInvoice></Payment>';
    return operation === 'GetInvoice' ? '<InvoiceDBID>1</InvoiceDBID><NetAmount>10</NetAmount>' : undefined;
  };

  test('are read in full period by period, credit notes apart, and no page comes for an empty month', async () => {
    const { session, calls } = platform(books);
    const { pages, ids } = await read(session, 'invoices');
    expect(ids).toEqual(['1', '3', '4']);
    expect(pages.length).toBeLessThan(6);
    expect(calls).toHaveLength(50);
    expect(calls.every((call) => call.startsWith('GetInvoicesByDateRange '))).toBe(true);
    expect((await read(session, 'creditNotes')).ids).toEqual(['2']);
  });

  test('between full reads: the last months, what is open, and what a payment of late was for', async () => {
    const { session, calls } = platform(books);
    const { ids } = await read(session, 'invoices', { modifiedSinceMs: clock.now() - 86_400_000 });
    expect(ids).toEqual(['3', '4', '4', '5', '1']);
    expect(calls.filter((call) => call.startsWith('GetInvoice '))).toEqual(['GetInvoice 1001']);
    expect(calls.filter((call) => call.startsWith('GetInvoicesByDateRange'))).toHaveLength(16);
  });

  test('go on after each page, also when the month has changed meanwhile', async () => {
    const { session } = platform(books);
    const { pages } = await read(session, 'invoices');
    for (const [index, { checkpoint }] of pages.entries()) {
      const rest = await read(session, 'invoices', { checkpoint });
      expect(rest.ids).toEqual(pages.slice(index + 1).flatMap(({ records }) => records.map(({ id }) => id)));
    }
    const atMonth: JsonValue = { next: '2021-01-01' };
    const { session: later, calls } = platform(books);
    await read(later, 'invoices', { checkpoint: atMonth });
    expect(calls[0]).toBe('GetInvoicesByDateRange 2021-01-01T00:00:00 2021-01-31T23:59:59');
  });

  test('thousands in one answer become pages, and only the last of them moves on', async () => {
    const many = Array.from({ length: 1200 }, (_, index) => invoice(index + 1)).join('');
    const { session } = platform((_operation, [first = '']) => (first.startsWith('1970') ? many : ''));
    const { pages, ids } = await read(session, 'invoices');
    expect(new Set(ids).size).toBe(1200);
    expect(pages.slice(0, 3).map(({ checkpoint }) => checkpoint)).toEqual([
      { next: '1970-01-01' },
      { next: '1970-01-01' },
      { next: '2021-02-01' },
    ]);
  });
});

describe('items', () => {
  const books: Answers = (operation, [product]) => {
    if (operation === 'GetProducts')
      return '<Product><ProductID>7</ProductID></Product><Product><ProductID>8</ProductID></Product>';
    return product === '7'
      ? '<SubProduct><id>70</id><ParentID>7</ParentID></SubProduct><SubProduct><id>8</id><ParentID>7</ParentID></SubProduct>'
      : '<SubProduct><id>80</id><ParentID>8</ParentID></SubProduct>';
  };

  test('are the products, then the sub-products of each; an id that both have stays the product’s', async () => {
    const { session, calls } = platform(books);
    expect((await read(session, 'items')).ids).toEqual(['7', '8', '70', '7:8', '80']);
    expect(calls).toEqual(['GetProducts', 'GetSubProducts 7', 'GetSubProducts 8']);
  });

  test('go on with the product after the last one', async () => {
    const { session } = platform(books);
    expect((await read(session, 'items', { checkpoint: { after: '7' } })).ids).toEqual(['80']);
  });
});

test('payments to suppliers are asked for receipt by receipt, where something has been paid', async () => {
  const receipt = (id: number, paid: string, date: string) =>
    `<Invoice><InvoiceDBID>${id}</InvoiceDBID><InvoiceNumber>${id}</InvoiceNumber><InvoiceDate>${date}T00:00:00</InvoiceDate><Paid>1</Paid><AmountPaid>${paid}</AmountPaid></Invoice>`;
  const { session, calls } = platform((operation, [page]) => {
    if (operation === 'GetReceiptPayment') return `<Payment><PayID>${page}0</PayID></Payment>`;
    return page === '1'
      ? receipt(1, '0.0000', '2024-02-01') +
          receipt(2, '5.0000', '2020-01-01') +
          receipt(3, '5', '2024-02-02')
      : '';
  });
  expect((await read(session, 'billPayments')).ids).toEqual(['20', '30']);
  expect(calls).toEqual([
    'GetReceiptsWithPaging 1 100 All',
    'GetReceiptPayment 2',
    'GetReceiptPayment 3',
    'GetReceiptsWithPaging 2 100 All',
  ]);
  const recent = await read(session, 'billPayments', { modifiedSinceMs: clock.now() });
  expect(recent.ids).toEqual(['30']);
});

test('a listing that repeats itself ends with a warning, and proves nothing', async () => {
  const { session } = platform(() => invoice(1));
  const { pages } = await read(session, 'bills');
  expect(pages.flatMap(({ warnings }) => warnings.map(({ ruleId }) => ruleId))).toEqual([
    'listing-repeated-page',
  ]);
});

test.each([
  ['no envelope', '<a/>'],
  ['a document type', '<!DOCTYPE a><a/>'],
  ['another operation’s answer', '<e:Envelope xmlns:e="e"><e:Body><Other/></e:Body></e:Envelope>'],
])('an answer that is %s fails the listing', async (_what, text) => {
  const session = {
    ...platform(() => '').session,
    request: async () => ({ status: 200, text, platformTimeMs: 1 }),
  };
  await expect(read(session, 'taxRates')).rejects.toThrow(PlatformError);
});
