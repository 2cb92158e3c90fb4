import type { z } from 'zod';
import { ONE } from '../../exact/decimal.ts';
import type { Json } from '../../exact/json.ts';
import type { BookStore } from '../books/store.ts';
import { DAY_MS, dateOf, instantOf } from '../calendar.ts';
import { badRequest, notFound, Refusal } from '../errors.ts';
import { clearedLocally, type LocalAllocation, postingsOf } from '../postings.ts';
import {
  type BookRecord,
  type Head,
  isPayment,
  isSale,
  type JournalType,
  type PaymentRecord,
  type PaymentType,
  paymentRecord,
  type RecordType,
  type SaleRecord,
  type SaleType,
  saleRecord,
} from '../records.ts';
import {
  adjustmentInput,
  type HeadInput,
  type PaymentInput,
  paymentInput,
  type SaleInput,
  saleInput,
  transferInput,
} from './input.ts';

/** Changes to the books of one business. Each is one transaction that leaves them double-entry consistent, and stamps what it touched. */
export interface Ledger {
  /** Adds a record from a request body. Throws `Refusal`. */
  create(type: RecordType, body: Json): BookRecord;
  /** Overlays a record with the members of a body. Throws `Refusal`. */
  update(id: bigint, body: Json): BookRecord;
  /** Soft removal: the record stays readable by id. Removing a sale frees what payments had allocated to it. */
  remove(id: bigint): BookRecord;
}

const read = <Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> => {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw badRequest(
    result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '),
  );
};

const integer = (value: unknown): bigint => (typeof value === 'bigint' ? value : 0n);

export function createLedger(store: BookStore, nowMs: () => number): Ledger {
  const { book } = store;
  const { profile } = book;

  const now = (): string => instantOf(nowMs());

  const headFor = (input: HeadInput, type: RecordType, existing: BookRecord | undefined): Head => {
    const currency = input.currency ?? profile.homeCurrency;
    const foreign = currency !== profile.homeCurrency;
    if (foreign && input.exchangeRate === undefined) throw badRequest(`exchangeRate: needed for ${currency}`);
    const head: Head = {
      id: existing?.id ?? store.nextId(),
      business: profile.id,
      number: input.number ?? nextNumber(type),
      date: input.date ?? dateOf(nowMs()),
      currency,
      homeCurrency: profile.homeCurrency,
      exchangeRate: (foreign ? input.exchangeRate : undefined) ?? ONE,
      description: input.description,
      memo: input.memo,
      removed: false,
      readOnly: false,
      foreignCurrency: foreign,
      creation: existing?.creation ?? now(),
      lastModified: now(),
    };
    if ('contact' in input) head.contact = input.contact;
    if ('contactName' in input) head.contactName = input.contactName;
    if (!input.contact && existing?.contact) head.contactName = undefined;
    if (input.contact) {
      const contact = store.get('SELECT name FROM contacts WHERE id = ?', input.contact);
      if (!contact && existing?.contact !== input.contact)
        throw badRequest(`contact: ${input.contact} is not a contact of this business`);
      if (contact && existing?.contact !== input.contact) head.contactName = String(contact['name']);
    }
    return head;
  };

  const nextNumber = (type: RecordType): string => {
    const last = store.get('SELECT number FROM records WHERE type = ? ORDER BY id DESC LIMIT 1', type)?.[
      'number'
    ];
    const digits = /(\d{1,15})$/.exec(typeof last === 'string' ? last : '1000')?.[1] ?? '1000';
    return String(Number(digits) + 1);
  };

  const requireAccount = (account: bigint | undefined, where: string): void => {
    if (account === undefined || store.get('SELECT 1 FROM accounts WHERE id = ? AND removed = 0', account))
      return;
    throw badRequest(`${where}: ${account} is not an account of this business`);
  };

  const allocationsOf = (payment: bigint): LocalAllocation[] =>
    store
      .all('SELECT record, amount, local_amount FROM allocations WHERE payment = ?', payment)
      .map((row) => ({
        record: integer(row['record']),
        amount: integer(row['amount']),
        localAmount: integer(row['local_amount']),
      }));

  const existingRecord = (id: bigint): BookRecord => {
    const record = store.record(id);
    if (!record) throw notFound(`record ${id}`);
    return record;
  };

  /** Rebuilds a sale from the allocations that stand now. */
  const refreshSale = (id: bigint): void => {
    const sale = store.record(id);
    if (!sale || !isSale(sale)) return;
    const payments = store
      .all(
        'SELECT a.payment, a.amount, r.date FROM allocations a JOIN records r ON r.id = a.payment WHERE a.record = ? ORDER BY r.date, a.payment',
        id,
      )
      .map((row) => ({
        record: integer(row['payment']),
        amount: integer(row['amount']),
        date: String(row['date']),
      }));
    const refreshed = saleRecord({ ...sale, lastModified: now() }, payments, book);
    store.replaceRecord(refreshed, postingsOf(refreshed, [], book), []);
  };

  const putSale = (type: SaleType, input: SaleInput, existing: SaleRecord | undefined): SaleRecord => {
    const head = headFor(input, type, existing);
    for (const [index, line] of input.lineItems.entries()) {
      if (line.account !== existing?.lineItems[index]?.account)
        requireAccount(line.account, `lineItems.${index}.account`);
      if (line.taxCode !== '' && !book.taxes.has(line.taxCode))
        throw badRequest(`lineItems.${index}.taxCode: no tax has the code ${line.taxCode}`);
    }
    const sale = saleRecord(
      {
        ...head,
        type,
        terms: input.terms,
        dueDate: input.dueDate ?? dateOf(Date.parse(head.date) + 30 * DAY_MS),
        poNumber: input.poNumber,
        lineItems: input.lineItems.map((line) => ({
          id: line.id ?? store.nextId(),
          item: line.item,
          description: line.description,
          account: line.account,
          quantity: line.quantity,
          rate: line.rate,
          taxCode: line.taxCode,
          taxAmount: line.taxAmount,
        })),
      },
      existing?.payments ?? [],
      book,
    );
    if (
      existing &&
      existing.payments.length > 0 &&
      (sale.totalDue !== existing.totalDue || sale.totalLocalDue !== existing.totalLocalDue)
    ) {
      throw new Refusal(409, 'payments are allocated to this record: its amounts cannot change');
    }
    store.replaceRecord(sale, postingsOf(sale, [], book), []);
    return sale;
  };

  const allocate = (payment: PaymentRecord, record: bigint, amount: bigint): LocalAllocation => {
    const sale = store.record(record);
    const wanted = payment.type === 'INVOICE_PAYMENT' ? 'INVOICE' : 'BILL';
    if (!sale || !isSale(sale) || sale.type !== wanted || sale.removed)
      throw badRequest(`allocations: ${record} is not one of the business's ${wanted} records`);
    if (sale.currency !== payment.currency)
      throw badRequest(`allocations: ${record} is in ${sale.currency}, the payment in ${payment.currency}`);
    const earlier = store.get(
      'SELECT sum(amount) AS amount, sum(local_amount) AS local FROM allocations WHERE record = ?',
      record,
    );
    const settled = integer(earlier?.['amount']);
    const open = sale.totalDue - settled;
    if (open >= 0n ? amount > open : amount < open)
      throw badRequest(`allocations: ${amount} is more than the ${open} open on ${record}`);
    return {
      record,
      amount,
      localAmount: clearedLocally(sale, amount, {
        amount: settled,
        localAmount: integer(earlier?.['local']),
      }),
    };
  };

  const writePayment = (payment: PaymentRecord): PaymentRecord => {
    const before = allocationsOf(payment.id);
    store.run('DELETE FROM allocations WHERE payment = ?', payment.id);
    const allocations = payment.removed
      ? []
      : payment.allocations.map(({ record, amount }) => allocate(payment, record, amount));
    store.replaceRecord(payment, postingsOf(payment, allocations, book), allocations);
    for (const sale of new Set([...before, ...allocations].map(({ record }) => record))) refreshSale(sale);
    return payment;
  };

  const putPayment = (
    type: PaymentType,
    input: PaymentInput,
    existing: PaymentRecord | undefined,
  ): PaymentRecord => {
    requireAccount(input.account, 'account');
    const records = input.allocations.map(({ record }) => record);
    if (new Set(records).size !== records.length) throw badRequest('allocations: one record is named twice');
    return writePayment(
      paymentRecord(
        {
          ...headFor(input, type, existing),
          type,
          account: input.account ?? book.accountOf.bank,
          amount: input.amount,
          allocations: input.allocations,
          method: input.method,
        },
        book,
      ),
    );
  };

  const putAdjustment = (type: JournalType, body: unknown, existing: BookRecord | undefined): BookRecord => {
    const input = read(adjustmentInput, body);
    for (const [index, { account }] of input.lines.entries())
      requireAccount(account, `lines.${index}.account`);
    const difference = input.lines.reduce((total, { debit, credit }) => total + debit - credit, 0n);
    if (difference !== 0n) throw badRequest(`lines: debits and credits differ by ${difference} cents`);
    return replace({ ...headFor(input, type, existing), type, lines: input.lines });
  };

  const putTransfer = (body: unknown, existing: BookRecord | undefined): BookRecord => {
    const input = read(transferInput, body);
    requireAccount(input.fromAccount, 'fromAccount');
    requireAccount(input.toAccount, 'toAccount');
    const { fromAccount, toAccount, amount } = input;
    return replace({
      ...headFor(input, 'TRANSFER', existing),
      type: 'TRANSFER',
      fromAccount,
      toAccount,
      amount,
    });
  };

  const replace = (record: BookRecord): BookRecord => {
    store.replaceRecord(record, postingsOf(record, [], book), []);
    return record;
  };

  const put = (type: RecordType, body: unknown, existing?: BookRecord): BookRecord => {
    switch (type) {
      case 'INVOICE':
      case 'BILL':
        return putSale(type, read(saleInput, body), existing && isSale(existing) ? existing : undefined);
      case 'INVOICE_PAYMENT':
      case 'BILL_PAYMENT':
        return putPayment(
          type,
          read(paymentInput, body),
          existing && isPayment(existing) ? existing : undefined,
        );
      case 'TRANSFER':
        return putTransfer(body, existing);
      case 'ADJUSTMENT':
      case 'YEAR_END_ADJUSTMENT':
        return putAdjustment(type, body, existing);
      default:
        throw badRequest(`records of type ${type} cannot be written`);
    }
  };

  const remove = (record: BookRecord): BookRecord => {
    if (isPayment(record)) return writePayment({ ...record, removed: true, lastModified: now() });
    if (!isSale(record)) return replace({ ...record, removed: true, lastModified: now() });
    for (const { record: payment } of record.payments) {
      const paid = store.record(payment);
      if (!paid || !isPayment(paid)) continue;
      writePayment(
        paymentRecord(
          {
            ...paid,
            lastModified: now(),
            allocations: paid.allocations.filter((allocation) => allocation.record !== record.id),
          },
          book,
        ),
      );
    }
    return replace(saleRecord({ ...record, removed: true, lastModified: now() }, [], book));
  };

  return {
    create: (type, body) => store.transaction(() => put(type, body)),
    update: (id, body) =>
      store.transaction(() => {
        const existing = existingRecord(id);
        if (existing.removed) throw new Refusal(409, `record ${id} is removed`);
        if (typeof body !== 'object' || body === null || Array.isArray(body))
          throw badRequest('body: expected an object');
        return put(existing.type, { ...existing, ...body }, existing);
      }),
    remove: (id) =>
      store.transaction(() => {
        const existing = existingRecord(id);
        return existing.removed ? existing : remove(existing);
      }),
  };
}
