/**
 * Formatters of `Intl`, made once for each way of writing: making one takes longer than to write a hundred values with it, and a
 * table writes hundreds while it scrolls. What is kept depends on nothing but its key.
 */
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Amounts of many decimal places each have a way of their own; the table is begun anew before it grows long. */
const mostKept = 200;

function kept<Format>(formats: Map<string, Format>, key: string, make: () => Format): Format {
  const known = formats.get(key);
  if (known !== undefined) return known;
  if (formats.size >= mostKept) formats.clear();
  const made = make();
  formats.set(key, made);
  return made;
}

/** @throws RangeError as `Intl.NumberFormat` does */
export function numberFormat(
  locale: string | undefined,
  options: Intl.NumberFormatOptions = {},
): Intl.NumberFormat {
  const key = JSON.stringify([locale, options]);
  return kept(numberFormats, key, () => new Intl.NumberFormat(locale, options));
}

/** @throws RangeError as `Intl.DateTimeFormat` does */
export function dateFormat(
  locale: string | undefined,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  return kept(dateFormats, key, () => new Intl.DateTimeFormat(locale, options));
}
