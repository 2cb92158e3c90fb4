import type { Company } from '@tributary/model';
import type { WireBusiness } from '../wire.ts';
import { textOrNone } from '../wire-values.ts';
import { addressOf, phoneNumbersOf } from './contact-details.ts';
import type { MappingContext } from './context.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MONTH_AND_DAY = /^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;

/** The business itself. */
export function mapCompany(business: WireBusiness, context: MappingContext): Company {
  const information = business.contactInformation;
  const address = addressOf(information, undefined, 'Unknown');
  const phoneNumbers = phoneNumbersOf(information, undefined);
  const name = textOrNone(business.name);
  return {
    companyName: name,
    accountingPlatformRef: context.id,
    companyLegalName: textOrNone(information?.name) ?? name,
    addresses: address === undefined ? undefined : [address],
    phoneNumbers: phoneNumbers.length === 0 ? undefined : phoneNumbers,
    financialYearStartDate: yearStart(business, context),
    baseCurrency: textOrNone(business.homeCurrency),
  };
}

function yearStart(business: WireBusiness, context: MappingContext): string | undefined {
  const end = textOrNone(business.fiscalYearEnd);
  const { today } = context.lookup;
  if (end === undefined || today === undefined) return undefined;
  const start = financialYearStart(end, today);
  if (start === undefined)
    context.warn('unreadable-date', 'fiscalYearEnd is not a month and a day and was left out');
  return start;
}

/**
 * First day of the financial year that `today` (`YYYY-MM-DD`) lies in, for a year that ends on `end` (`MM-DD`), as a local date.
 * An end that the calendar does not have in some years (`02-29`, `06-31`) means the last day of that month.
 */
export function financialYearStart(end: string, today: string): string | undefined {
  const [, month, day] = MONTH_AND_DAY.exec(end) ?? [];
  if (month === undefined || day === undefined) return undefined;
  const year = Number(today.slice(0, 4));
  const startAfterEndOf = (endYear: number): string => {
    const lastOfMonth = new Date(Date.UTC(endYear, Number(month), 0)).getUTCDate();
    const endMs = Date.UTC(endYear, Number(month) - 1, Math.min(Number(day), lastOfMonth));
    return new Date(endMs + DAY_MS).toISOString().slice(0, 10);
  };
  const thisYear = startAfterEndOf(year);
  return `${thisYear <= today ? thisYear : startAfterEndOf(year - 1)}T00:00:00`;
}
