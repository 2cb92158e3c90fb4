import { readFileSync } from 'node:fs';
import type { ConnectorManifest, DataTypeManifest } from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';

/** To be raised with every change of what mapping makes of the same raw record. */
const MAPPING_VERSION = 1;

/** Listed in full each time; what is missing can be asked for by itself. */
const FULL: DataTypeManifest = {
  listing: 'full',
  deletionProof: 'single',
  mappingVersion: MAPPING_VERSION,
  supportsWindow: false,
};
/** Listed in full each time; there is no single read. */
const FULL_WITHOUT_SINGLE_READ: DataTypeManifest = { ...FULL, deletionProof: 'thirdListing' };
/** Listed by what changed since, removed records included. */
const RECORDS: DataTypeManifest = { ...FULL, listing: 'incremental', supportsWindow: true };

/** Its records come from the ledger; see `ledger.ts`. */
const LEDGER: DataTypeManifest = { ...FULL, derivation: 'ledger' };
const AFTER_LEDGER: DataTypeManifest = { ...FULL, derivation: 'afterLedger' };

/** What a lender sees first comes first; what names are looked up from comes before what refers to it. */
const DATA_TYPES: readonly (readonly [DataTypeKey, DataTypeManifest])[] = [
  ['company', FULL_WITHOUT_SINGLE_READ],
  ['taxRates', FULL_WITHOUT_SINGLE_READ],
  ['chartOfAccounts', FULL],
  ['bankAccounts', FULL],
  ['items', FULL],
  ['customers', FULL],
  ['suppliers', FULL],
  ['invoices', RECORDS],
  ['bills', RECORDS],
  ['payments', RECORDS],
  ['billPayments', RECORDS],
  ['transfers', RECORDS],
  ['journalEntries', LEDGER],
  ['journals', AFTER_LEDGER],
  ['accountTransactions', AFTER_LEDGER],
  ['balanceSheet', AFTER_LEDGER],
  ['profitAndLoss', AFTER_LEDGER],
  ['cashFlowStatement', AFTER_LEDGER],
];

/** Who Kashoo is to Tributary. Reads the logo from the package. */
export function createManifest(): ConnectorManifest {
  return {
    platformKey: 'ksho',
    word: 'kashoo',
    name: 'Kashoo',
    integrationId: '7f3b1c52-9a0e-4d57-8c1f-2e6a4b90d3f1',
    sourceId: 'c4d8e0a6-51b7-4f2c-9e3d-80b6f7a2155c',
    sourceType: 'Accounting',
    isOfflineConnector: false,
    isBeta: false,
    logo: { contentType: 'image/png', body: readFileSync(new URL('./logo.png', import.meta.url)) },
    authorization: 'oauth2',
    dataTypes: new Map(DATA_TYPES),
  };
}
