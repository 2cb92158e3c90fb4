import { wireDecimalText } from '@tributary/model/exact-json';

/** An amount as the API sends it: a number, or what its exact digits were parsed to. */
export type WireAmount = Parameters<typeof wireDecimalText>[0];

/** `Intl` formats the digits of a text as they are; only its types ask for more than text. */
function asIntlNumber(text: string): Intl.StringNumericLiteral {
  return text as Intl.StringNumericLiteral;
}

/** Digits behind the point that the text itself has. */
function decimalPlaces(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

/** Most decimal places that `Intl.NumberFormat` can show. */
const mostPlaces = 100;

/**
 * An amount in the reader's notation, exact to its last digit: never rounded, never by way of a double.
 * @param currency ISO 4217 code; left out, or unknown to the browser, the bare amount is written
 */
export function formatMoney(amount: WireAmount, currency?: string, locale?: string): string {
  const text = wireDecimalText(amount);
  const places = Math.min(decimalPlaces(text), mostPlaces);
  const plain = (least: number) =>
    new Intl.NumberFormat(locale, {
      minimumFractionDigits: least,
      maximumFractionDigits: Math.max(least, places),
    }).format(asIntlNumber(text));
  if (!currency) return plain(Math.min(2, mostPlaces));
  try {
    const usual = new Intl.NumberFormat(locale, { style: 'currency', currency });
    const least = usual.resolvedOptions().minimumFractionDigits ?? 2;
    return new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      minimumFractionDigits: least,
      maximumFractionDigits: Math.max(least, places),
    }).format(asIntlNumber(text));
  } catch {
    return `${plain(2)} ${currency}`;
  }
}

/** A count in the reader's notation. */
export function formatCount(count: number, locale?: string): string {
  return new Intl.NumberFormat(locale).format(count);
}
