/** Operations that change the books. */
import type { BookStore } from '../kashoo/books/store.ts';
import { OPERATIONS } from './description.ts';
import type { SoapCall } from './envelope.ts';
import { MalformedCall, type Received, received } from './received.ts';
import { insertContact, updateContact } from './write-contacts.ts';
import { addOrUpdateSubProduct } from './write-items.ts';
import { insertPayment, insertSale, updateSale } from './write-sales.ts';

type Write = (store: BookStore, nowMs: number, record: Received) => bigint | string | undefined;

/** What each answers: the number or code that it gave, nothing for operations without a result. They throw `Refusal`. */
const WRITES: Readonly<Record<string, Write>> = {
  InsertCustomer: (store, nowMs, record) => insertContact({ store, nowMs }, 'CUSTOMER', record),
  UpdateCustomer: (store, nowMs, record) => updateContact({ store, nowMs }, 'CUSTOMER', record),
  InsertSupplier: (store, nowMs, record) => insertContact({ store, nowMs }, 'VENDOR', record),
  UpdateSupplier: (store, nowMs, record) => {
    updateContact({ store, nowMs }, 'VENDOR', record);
    return undefined;
  },
  AddOrUpdateSubProduct: addOrUpdateSubProduct,
  InsertInvoice: (store, nowMs, record) => insertSale(store, nowMs, 'INVOICE', record),
  UpdateInvoice: (store, nowMs, record) => {
    updateSale(store, nowMs, 'INVOICE', record, 'all');
    return undefined;
  },
  UpdateInvoiceHeader: (store, nowMs, record) => {
    updateSale(store, nowMs, 'INVOICE', record, 'header');
    return undefined;
  },
  InsertInvoicePayment: (store, nowMs, record) => insertPayment(store, nowMs, 'INVOICE', record),
  InsertReceipt: (store, nowMs, record) => insertSale(store, nowMs, 'BILL', record),
  UpdateReceipt: (store, nowMs, record) => updateSale(store, nowMs, 'BILL', record, 'all'),
  UpdateReceiptHeader: (store, nowMs, record) => updateSale(store, nowMs, 'BILL', record, 'header'),
  InsertReceiptPayment: (store, nowMs, record) => insertPayment(store, nowMs, 'BILL', record),
};

export const isWrite = (operation: string): boolean => Object.hasOwn(WRITES, operation);

/** Result of an operation that was refused; undefined for one that has none. */
export function nothingOf(operation: string): string | undefined {
  const result = OPERATIONS[operation]?.result;
  return result === 's:int' ? '0' : result === undefined ? undefined : '';
}

/** @throws Refusal when the books do not take it; MalformedCall when it cannot be read */
export function write(
  store: BookStore,
  nowMs: number,
  { operation, elements }: SoapCall,
): string | undefined {
  const [argument] = OPERATIONS[operation]?.args ?? [];
  const act = WRITES[operation];
  if (argument === undefined || act === undefined) throw new MalformedCall('no such operation');
  const [name, type] = argument;
  const element = elements.find((candidate) => candidate.name === name);
  if (element === undefined) throw new MalformedCall(`${name} is missing`);
  return act(store, nowMs, received(type.replace('tns:', ''), element))?.toString();
}
