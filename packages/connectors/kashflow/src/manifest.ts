import { readFileSync } from 'node:fs';
import type { ConnectorManifest, DataTypeManifest } from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';

/** To be raised with every change of what mapping makes of the same raw record. */
const MAPPING_VERSION = 2;

/** Listed in full each time, and there is no request for one record by its id. */
const FULL: DataTypeManifest = {
  listing: 'full',
  deletionProof: 'thirdListing',
  mappingVersion: MAPPING_VERSION,
  supportsWindow: false,
};
const FULL_WITH_SINGLE_READ: DataTypeManifest = { ...FULL, deletionProof: 'single' };

/** KashFlow tells neither what changed nor what was removed: between full reads only what is recent, or open, is read again. */
const weekly = { fullReadDays: 7 } as const;
const RECENT: DataTypeManifest = { ...FULL, ...weekly, listing: 'recent', supportsWindow: true };
/** What changed can be asked for; what was removed cannot. */
const CUSTOMERS: DataTypeManifest = { ...FULL_WITH_SINGLE_READ, ...weekly, listing: 'incremental' };
/** A month does not go away; it only falls out of what is read. */
const STATEMENTS: DataTypeManifest = { ...FULL, ...weekly, listing: 'recent', deletionProof: 'none' };

/** What names are looked up from comes before what refers to it. */
const DATA_TYPES: readonly (readonly [DataTypeKey, DataTypeManifest])[] = [
  ['company', FULL],
  ['taxRates', FULL],
  ['chartOfAccounts', FULL],
  ['bankAccounts', FULL],
  ['items', FULL],
  ['customers', CUSTOMERS],
  ['suppliers', FULL_WITH_SINGLE_READ],
  ['invoices', { ...RECENT, deletionProof: 'single' }],
  ['creditNotes', { ...RECENT, deletionProof: 'single' }],
  ['bills', FULL],
  ['billCreditNotes', FULL],
  ['payments', RECENT],
  ['billPayments', { ...RECENT, supportsWindow: false }],
  ['bankTransactions', FULL],
  ['journalEntries', FULL],
  ['balanceSheet', STATEMENTS],
  ['profitAndLoss', STATEMENTS],
];

/** Who KashFlow is to Tributary. Reads the logo from the package. */
export function createManifest(): ConnectorManifest {
  return {
    platformKey: 'wvzu',
    word: 'kashflow',
    name: 'KashFlow',
    integrationId: '3b9e5d7c-64f0-4a1b-b2d8-9c07e1f5a836',
    sourceId: 'e01f6a92-7d3c-4b85-a94e-5f2c8b7d1064',
    sourceType: 'Accounting',
    isOfflineConnector: false,
    isBeta: false,
    logo: { contentType: 'image/png', body: readFileSync(new URL('./logo.png', import.meta.url)) },
    authorization: 'credentials',
    dataTypes: new Map(DATA_TYPES),
  };
}
