import { readFileSync } from 'node:fs';
import type { ConnectorManifest, DataTypeManifest } from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';

/** Listed by what changed since; what is missing can be asked for by itself. */
const RECORDS: DataTypeManifest = {
  listing: 'incremental',
  deletionProof: 'single',
  mappingVersion: 1,
  supportsWindow: false,
};

const DATA_TYPES: readonly (readonly [DataTypeKey, DataTypeManifest])[] = [
  ['customers', RECORDS],
  ['invoices', RECORDS],
];

/** Who the example platform is to Tributary. Reads the logo from the package. */
export function createManifest(): ConnectorManifest {
  return {
    platformKey: 'xmpl',
    word: 'example',
    name: 'Example Books',
    integrationId: '2d7a6c1e-0f4b-4c39-9a58-6b1d3e8f7c20',
    sourceId: '91c0e5b7-3a2d-4f68-8b14-d7f60a9c2e53',
    sourceType: 'Accounting',
    isOfflineConnector: false,
    isBeta: true,
    logo: { contentType: 'image/png', body: readFileSync(new URL('./logo.png', import.meta.url)) },
    authorization: 'oauth2',
    dataTypes: new Map(DATA_TYPES),
  };
}
