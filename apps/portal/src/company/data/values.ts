/** Values of records, as tables and pages write them. */

import { formatDay, formatInstant } from '../../format/dates.ts';
import { numberFormat } from '../../format/formatters.ts';
import type { WireAmount } from '../../format/money.ts';
import { formatMoney } from '../../format/money.ts';
import type { Field } from './fields.ts';

/** A record, as the API sends it. */
export type DataRecord = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is DataRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isAmount(value);
}

/** Whether the value is a number, or what a number was parsed to whose digits no double holds. */
export function isAmount(value: unknown): value is WireAmount {
  return typeof value === 'number' || typeof value === 'bigint' || JSON.isRawJSON(value);
}

/** What a record has at a dotted path; undefined where it has nothing. */
function valueAt(record: DataRecord, path: string): unknown {
  let value: unknown = record;
  for (const name of path.split('.')) {
    if (!isObject(value)) return undefined;
    value = value[name];
  }
  return value;
}

/** The id of what is nobody: sales and purchases without a contact. */
export const nobody = 'NullId';

/** `PartiallyPaid` as “Partially paid”. */
export function choiceWords(value: string): string {
  const words = value.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** An amount that need not be money, exact to its last digit. */
export function formatAmount(amount: WireAmount, locale?: string): string {
  const text = String(isAmount(amount) && JSON.isRawJSON(amount) ? amount.rawJSON : amount);
  const places = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  return numberFormat(locale, { maximumFractionDigits: Math.min(places, 100) }).format(
    text as Intl.StringNumericLiteral,
  );
}

/** A field of a record in words; empty where the record has nothing. */
export function fieldText(record: DataRecord, field: Field, locale?: string): string {
  const value = valueAt(record, field.path);
  if (value === undefined || value === null) return '';
  switch (field.kind) {
    case 'money': {
      if (!isAmount(value)) return String(value);
      const currency = field.currency === undefined ? undefined : valueAt(record, field.currency);
      return formatMoney(value, typeof currency === 'string' ? currency : undefined, locale);
    }
    case 'number':
      return isAmount(value) ? formatAmount(value, locale) : String(value);
    case 'percent':
      return isAmount(value) ? `${formatAmount(value, locale)} %` : String(value);
    case 'day':
      return formatDay(String(value), locale);
    case 'instant':
      return formatInstant(String(value), locale);
    case 'flag':
      return value === true ? 'Yes' : 'No';
    case 'choice':
      return choiceWords(String(value));
    default:
      return value === nobody ? 'Nobody' : String(value);
  }
}

/** Whether the record was deleted at the platform. */
export function isDeleted(record: DataRecord): boolean {
  return valueAt(record, 'metadata.isDeleted') === true;
}

const nameMembers = [
  'invoiceNumber',
  'creditNoteNumber',
  'billCreditNoteNumber',
  'customerName',
  'supplierName',
  'accountName',
  'name',
  'reference',
  'description',
  'companyName',
  'id',
];

/** What people call a record: its number or name, or else its id. */
export function recordName(record: DataRecord): string {
  for (const member of nameMembers) {
    const value = record[member];
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return '';
}
