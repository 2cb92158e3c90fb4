/**
 * Whole records as Kashoo sends them beside the whole documents that they become, written by hand.
 * `documents.test.ts` maps each of them, compares the complete documents, and counts which properties of the model were asserted.
 */
import type { DataTypeKey } from '@tributary/model';
import { KashooLookup } from '../lookup.ts';

export interface DocumentCase {
  readonly dataType: DataTypeKey;
  readonly name: string;
  /** As the platform sends it; for accounts together with the answer to the request for the balance. */
  readonly wire: string;
  readonly expected: object;
  readonly isDeleted?: boolean;
  readonly sourceModifiedAt?: string;
  /** Rule ids of the expected warnings. */
  readonly warnings?: readonly string[];
}

export const lookup = new KashooLookup({
  homeCurrency: 'CAD',
  today: '2024-05-20',
  accounts: new Map([
    ['501', { name: 'Chequing', parentId: undefined, isMoney: true }],
    ['510', { name: 'Accounts Receivable', parentId: undefined }],
    ['540', { name: 'Sales', parentId: undefined }],
    ['541', { name: 'Repairs', parentId: '540' }],
    ['560', { name: 'Office Supplies', parentId: undefined }],
    ['561', { name: 'Software', parentId: '560' }],
    ['570', { name: 'Inventory', parentId: undefined }],
  ]),
  taxes: new Map([
    ['GST', { id: '601', name: 'GST 5%', effectiveRate: { unscaled: 5n, scale: 0 } }],
    ['MIX', { id: '602', name: 'GST + PST', effectiveRate: { unscaled: 120n, scale: 1 } }],
  ]),
  items: new Map([['701', 'Brake pads']]),
});
