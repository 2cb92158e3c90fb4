/** How the members of any record are written, told by their names and values: records have too many to list each. */
import { formatDay, formatInstant } from '../../format/dates.ts';
import { formatMoney } from '../../format/money.ts';
import { choiceWords, formatAmount, isAmount, isObject } from './values.ts';

export type Shape = 'nothing' | 'plain' | 'table';

/** How much room a value needs. */
export function shapeOf(value: unknown): Shape {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (Array.isArray(value)) {
    if (value.length === 0) return 'nothing';
    return value.every(isObject) ? 'table' : 'plain';
  }
  if (isObject(value))
    return Object.values(value).every((part) => shapeOf(part) === 'nothing') ? 'nothing' : 'plain';
  return 'plain';
}

const labels: Readonly<Record<string, string>> = {
  id: 'Id',
  iBan: 'IBAN',
  modifiedDate: 'Changed here',
  sourceModifiedDate: 'Changed at the platform',
  metadata: 'State',
  isDeleted: 'Deleted',
  customerRef: 'Customer',
  supplierRef: 'Supplier',
};

/** A member's name for people: `taxRateRef` is “Tax rate”. */
export function memberLabel(member: string): string {
  return (
    labels[member] ??
    choiceWords(
      member
        .replace(/Refs$/, 's')
        .replace(/Ref$/, '')
        .replace(/^is(?=[A-Z])/, ''),
    )
  );
}

const percents = /percent|rate$/i;
const counts = /quantity|currencyRate|number$/i;

/** A plain value in words. @param currency of the amounts around it */
export function memberText(
  member: string,
  value: unknown,
  currency: string | undefined,
  locale?: string,
): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (isAmount(value)) {
    if (counts.test(member)) return formatAmount(value, locale);
    if (percents.test(member)) return `${formatAmount(value, locale)} %`;
    return formatMoney(value, currency, locale);
  }
  const text = String(value ?? '');
  if (/^\d{4}-\d{2}-\d{2}T00:00:00$/.test(text)) return formatDay(text, locale);
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text)) return formatInstant(text, locale);
  return isWord(member) ? choiceWords(text) : text;
}

/** Members whose values are names of the API's own, not what somebody wrote. */
function isWord(member: string): boolean {
  return /^(status|type|itemStatus|accountType|transactionType|isBilledTo|isRebilledTo)$/.test(member);
}
