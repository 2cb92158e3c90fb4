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
  /** Other software may be the way out. */
  readonly orOther?: true;
  /** What kind of mishap it is, at a glance; absent: something to be done. */
  readonly mark?: 'wait' | 'broken';
}

/** Names as they stand in sentences. */
export interface Names {
  readonly lender: Html;
  readonly platform: Html;
  readonly business: Html;
  readonly offered: Html;
  /** When trying again makes sense, as it stands in a sentence: `in about 3 minutes`. */
  readonly when: string;
}

/** Ends what leaves everything as it was. */
export const nothingChanged = 'Nothing has changed.';

/** For what the small business cannot mend itself. */
export const tellLender = ({ lender }: Names): Html =>
  html`Please tell !${lender}, and open your link again afterwards.`;
