/** Who reads a page. */
export interface Reader {
  /** How numbers and dates are written: a kind of English, since the texts are. */
  readonly locale: string;
}

const fallback = 'en-GB';

/** @param acceptLanguage the header of a browser; its first English decides */
export function readerOf(acceptLanguage: string | undefined): Reader {
  const [tag = fallback] = /\ben-[a-z]{2}\b/i.exec(acceptLanguage?.slice(0, 500) ?? '') ?? [];
  return { locale: Intl.DateTimeFormat.supportedLocalesOf([tag])[0] ?? fallback };
}
