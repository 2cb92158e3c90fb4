import { html } from 'ghtml';
import type { Html } from './layout.ts';

/** What one failure's page says: HTML made by `html` templates. */
export interface FailureText {
  readonly title: string;
  readonly what: (names: Names) => Html;
  /** What to do about it, in a sentence; the buttons follow. */
  readonly next: (names: Names) => Html;
  /** Which way the page offers on. */
  readonly offer: 'again' | 'choose' | 'confirmation' | 'none';
}

/** Names as they stand in sentences. */
export interface Names {
  readonly lender: Html;
  readonly platform: Html;
  readonly business: Html;
  readonly offered: Html;
}

/** Ends what leaves everything as it was. */
export const nothingChanged = 'Nothing has changed.';

/** For what the small business cannot mend itself. */
export const tellLender = ({ lender }: Names): Html =>
  html`Please tell !${lender}, and open your link again afterwards.`;
