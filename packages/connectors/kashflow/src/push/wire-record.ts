/** Records of KashFlow as the content of a call: members in the order of the service description, which counts. */
import type { PlatformRequest } from '@tributary/connector-kit';
import { type Decimal, formatDecimal } from '@tributary/model';
import { writeCall } from '../soap.ts';
import { escapeXml } from '../xml.ts';

/** Values by member, as texts. An absent member is not sent. */
export type WireMembers = Readonly<Record<string, string | undefined>>;

const numbered = (name: string): string[] => Array.from({ length: 20 }, (_, index) => `${name}${index + 1}`);
const ADDRESS = ['Address1', 'Address2', 'Address3', 'Address4'];
const PERSON = ['ContactTitle', 'ContactFirstName', 'ContactLastName'];

/** Every member that can be sent, in its order. */
const ORDERS = {
  Customer: [
    ...['CustomerID', 'Code', 'Name', 'Contact', 'Telephone', 'Mobile', 'Fax', 'Email', ...ADDRESS],
    ...[
      'CountryName',
      'CountryCode',
      'Postcode',
      'Website',
      'EC',
      'OutsideEC',
      'Notes',
      'Source',
      'Discount',
    ],
    ...['ShowDiscount', 'PaymentTerms', ...numbered('ExtraText'), ...numbered('CheckBox')],
    ...['Created', 'Updated', 'CurrencyID', ...PERSON, 'CustHasDeliveryAddress'],
    ...ADDRESS.map((line) => `Delivery${line}`),
    ...['DeliveryCountryName', 'DeliveryCountryCode', 'DeliveryPostcode', 'VATNumber'],
  ],
  Supplier: [
    ...['SupplierID', 'Code', 'Name', 'Contact', 'Mobile', 'Fax', ...ADDRESS, 'PostCode', 'Telephone'],
    ...['Website', 'Email', 'Created', 'Updated', 'EC', 'VATNumber', 'Notes', 'CurrencyID', 'PaymentTerms'],
    ...PERSON,
  ],
  SubProduct: [
    ...['id', 'ParentID', 'Name', 'Code', 'Description', 'Price', 'VatRate', 'WholesalePrice', 'Managed'],
    ...['QtyInStock', 'StockWarnQty', 'AutoFill'],
  ],
  Invoice: [
    ...['InvoiceDBID', 'InvoiceNumber', 'InvoiceDate', 'DueDate', 'Customer', 'CustomerID', 'Paid'],
    ...[
      'CustomerReference',
      'EstimateCategory',
      'SuppressTotal',
      'ProjectID',
      'CurrencyCode',
      'ExchangeRate',
    ],
    ...['ReadableString', 'Lines', 'NetAmount', 'VATAmount', 'AmountPaid', 'CustomerName', 'PermaLink'],
    'UseCustomDeliveryAddress',
  ],
  InvoiceLine: [
    ...[
      'Quantity',
      'Description',
      'Rate',
      'ChargeType',
      'VatRate',
      'VatAmount',
      'ProductID',
      'Sort',
      'ProjID',
    ],
    ...['LineID', 'ValuesInCurrency'],
  ],
  Payment: ['PayID', 'PayInvoice', 'PayDate', 'PayNote', 'PayMethod', 'PayAccount', 'PayAmount'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type WireType = keyof typeof ORDERS;

/** @param lines finished elements, in the place of `Lines` */
function contentOf(type: WireType, members: WireMembers, lines: readonly string[] = []): string {
  return ORDERS[type]
    .map((name) => {
      if (name === 'Lines') return lines.length === 0 ? '' : `<Lines>${lines.join('')}</Lines>`;
      const value = members[name];
      return value === undefined ? '' : `<${name}>${escapeXml(value)}</${name}>`;
    })
    .join('');
}

/** A line in a list of any type, where each element says what it is. */
export const lineElement = (members: WireMembers): string =>
  `<anyType xsi:type="InvoiceLine">${contentOf('InvoiceLine', members)}</anyType>`;

/** The call that sends one record. */
export function recordCall(
  operation: string,
  argument: string,
  type: WireType,
  members: WireMembers,
  lines: readonly string[] = [],
): PlatformRequest {
  return writeCall(operation, `<${argument}>${contentOf(type, members, lines)}</${argument}>`);
}

/** What an existing record holds, to be sent again: members of a record that are left out of an update have no value afterwards. */
export function membersOf(json: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(json).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].trim() !== '',
    ),
  );
}

export const midnight = (date: string): string => `${date}T00:00:00`;
export const decimalWire = (decimal: Decimal): string => formatDecimal(decimal);
