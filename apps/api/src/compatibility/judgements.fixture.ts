/** What is known of the published API's operations beyond their being there: the facts behind `docs/compatibility.md`. */
import { type DataTypeDefinition, dataTypeKeys, dataTypes } from '@tributary/model';

/** Operations that the published API does not have, by id. */
export const ownOperations: ReadonlySet<string> = new Set([
  'get-health',
  'get-readiness',
  'get-integration-logo',
  'export-company',
  'replace-company-by-body',
  'update-integration',
  'get-integration-credentials',
  'save-integration-credentials',
  'get-webhook-consumer',
  'update-webhook-consumer',
  'rotate-webhook-secret',
  'list-webhook-deliveries',
  'replay-webhook-delivery',
  'cancel-pull-operation',
  'list-upstream-requests',
  'list-push-upstream-requests',
  // The published API has an operation for each data type in place of these.
  'create-record',
  'update-record',
]);

/** A data type is read of one connection too, where the published API has it of the company only. */
export function isOwnPath(path: string): boolean {
  if (/^\/(?:portal\/api|branding)\//.test(path)) return true;
  const [, listPath] =
    /^\/companies\/\{\w+\}\/connections\/\{\w+\}\/data\/([\w/]+?)(?:\/\{\w+\})?$/.exec(path) ?? [];
  return dataTypeKeys.some((key) => {
    const { listPath: served, scopes }: DataTypeDefinition = dataTypes[key];
    return served === listPath && !scopes.includes('connection');
  });
}

interface Judgement {
  readonly state: 'works' | 'partly' | 'not';
  readonly note: string;
}

/** By operation id. */
export const judgements: Readonly<Record<string, Judgement>> = {
  'create-company': {
    state: 'works',
    note: 'Characters that Codat takes out of names are kept: a business may be called Café Zoë. A parent is set with `referenceParentCompany: {"id": …}`.',
  },
  'add-product': { state: 'works', note: 'Products are labels of the client’s own; none is built in.' },
  'remove-product': { state: 'works', note: '404 for a product that the company does not have.' },
  'update-connection-authorization': {
    state: 'partly',
    note: 'The small business authorises at the `linkUrl`, where it consents: an empty body is answered with the connection, values with 400.',
  },
  'get-company-access-token': {
    state: 'works',
    note: 'Opens that company, its connections and the list of integrations, from the origins of the CORS settings; everything else answers 403.',
  },
  'refresh-company-data': {
    state: 'works',
    note: 'All data types of the platform, whether or not they are fetched on the first link.',
  },
  'delete-api-key': {
    state: 'works',
    note: 'Codat’s SDK for TypeScript looks for a body in the 204 and throws after the key was deleted, as it does with Codat.',
  },
  'list-api-keys': {
    state: 'works',
    note: 'Keys are stored as hashes: `apiKey` is in the answer that created one only.',
  },
  'get-integrations-branding': {
    state: 'works',
    note: 'One picture of each platform serves for all of them.',
  },
  'get-create-update-model-options-by-data-type': {
    state: 'works',
    note: 'Kashoo: customers, suppliers, invoices, bills, payments, billPayments, items, journals (or journalEntries), transfers, accounts (or chartOfAccounts). KashFlow: customers, suppliers, items, invoices, bills, payments.',
  },
  'configure-supplemental-data': {
    state: 'partly',
    note: '`pullData` takes dotted names of members of the record that the data type is read from; `dataSource` and `pushData` are kept and not used. Not for data types that are derived.',
  },
  'configure-custom-data-type': {
    state: 'works',
    note: 'Kashoo only. `dataSource` is a path below the business of the connection, and is only read; selectors are dotted names.',
  },
  'get-custom-data-type-configuration': {
    state: 'works',
    note: 'Answers the configuration, which the published schema describes as a page of records.',
  },
  'list-custom-data-type-records': {
    state: 'works',
    note: 'Values that are no objects come as `{"value": …}`: the published schema has objects only.',
  },
};

/** Of what is not in {@link judgements}. */
export function judgementOf(operationId: string): Judgement {
  const known = judgements[operationId];
  if (known !== undefined) return known;
  if (operationId === 'download-invoice-pdf')
    return { state: 'not', note: 'No platform gives invoices as PDF: 404 that says so.' };
  if (operationId.startsWith('download-'))
    return { state: 'not', note: 'No platform gives the content of attachments: 404 that says so.' };
  if (/^(list|get)-(customer|supplier)-attachments?$/.test(operationId))
    return {
      state: 'not',
      note: 'Attachments are told of invoices and bills only: 404 that says so.',
    };
  return { state: 'works', note: '' };
}

interface Absence {
  /** Of `get /companies/{}/…`, in lower case. */
  readonly pattern: RegExp;
  readonly what: string;
  readonly reason: string;
}

const ofCompany = String.raw`/companies/\{\}`;
const ofConnection = String.raw`${ofCompany}/connections/\{\}`;

/** Operations of the published API that are not there, by what they are. */
export const absences: readonly Absence[] = [
  {
    pattern: new RegExp(`^post ${ofConnection}/push/(\\w+|bankaccounts/.*/banktransactions)$`),
    what: '`POST …/push/invoices` and the like',
    reason:
      'Served by `POST …/push/{dataType}`. Kashoo: customers, suppliers, invoices, bills, payments, billPayments, items, journals (or journalEntries), transfers, accounts. KashFlow: customers, suppliers, items, invoices, bills, payments. Others 404.',
  },
  {
    pattern: new RegExp(`^put ${ofConnection}/push/`),
    what: '`PUT …/push/invoices/{invoiceId}` and the like',
    reason:
      'Served by `PUT …/push/{dataType}/{recordId}`. Kashoo: customers, suppliers, invoices, bills. KashFlow: those and items. Others 404.',
  },
  {
    pattern: new RegExp(`^(delete ${ofConnection}/push/|post ${ofConnection}/push/.*/attachments?$)`),
    what: '`DELETE …/push/{dataType}/{id}`, attachments',
    reason: 'Records can be created and changed, not deleted, and no files can be attached to them.',
  },
  {
    pattern: new RegExp(`^get ${ofConnection}/options/`),
    what: '`GET …/options/invoices` and the like',
    reason: 'Served by `…/options/{dataType}`, for what can be written to the platform.',
  },
  {
    pattern: new RegExp(
      `^get (${ofConnection}|${ofCompany})/data/(directcosts|directincomes|paymentmethods|purchaseorders|salesorders|trackingcategories)`,
    ),
    what: 'Direct costs and incomes, payment methods, orders, tracking categories',
    reason: 'No platform of Tributary has them: 404 that says so.',
  },
  {
    pattern: new RegExp(`^get ${ofConnection}/data/(banking|commerce)-`),
    what: '`…/data/banking-…`, `…/data/commerce-…`',
    reason: 'Tributary reads accounting platforms.',
  },
  {
    pattern: new RegExp(`^get ${ofCompany}/data/bankaccounts/`),
    what: '`GET /companies/{companyId}/data/bankAccounts/{accountId}`',
    reason: 'Read at `…/connections/{connectionId}/data/bankAccounts/{accountId}`.',
  },
  {
    pattern: new RegExp(`^post ${ofCompany}/data/info$`),
    what: '`POST /companies/{companyId}/data/info`',
    reason: 'Refreshed by `POST …/data/queue/company`.',
  },
  {
    pattern: /^(get|post) \/data\/companies\/\{\}\/(connections\/\{\}\/)?assess\//,
    what: '`…/assess/…`',
    reason: 'Codat’s own metrics and spreadsheets.',
  },
  {
    pattern: new RegExp(`^(get|post) ${ofCompany}/reports(/|$)`),
    what: 'Enhanced and categorised reports, loans, credit model',
    reason: 'Codat’s own analysis of the books.',
  },
  {
    pattern: new RegExp(
      `^(get|post) (${ofCompany}/files|${ofConnection}/(files|connectioninfo/bankfeedaccounts|bankfeedaccounts|bankstatements))`,
    ),
    what: 'File uploads, bank feeds, bank statements',
    reason: 'Not built.',
  },
];
