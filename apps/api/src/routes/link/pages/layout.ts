import { html } from 'ghtml';
import type { LenderBrand } from '../../../link/branding.ts';

/** HTML that is safe to put into a page as it is: made by `html` templates only, which escape what they are given. */
export type Html = string;

/** Somebody's name, of any language and direction, isolated from the text around it. */
export function nameOf(text: string): Html {
  return html`<bdi dir="auto">${text}</bdi>`;
}

/** Where the pages' files are; a new content has a new address. */
export interface PageAssets {
  readonly stylesheetPath: string;
  readonly scriptPath: string;
  readonly iconPath: string;
  logoPath(platformKey: string): string;
  /** The stylesheet that lays a client's colour over the other. @param colour `#rrggbb` */
  themePath(colour: string): string;
}

export interface PageOptions {
  /** Plain text. */
  readonly title: string;
  readonly content: Html;
  /** Who asks; absent where that is not known, or not to be told. */
  readonly lender?: LenderBrand | undefined;
  /** Where there are no scripts, the page is fetched again after so many seconds. */
  readonly refreshSeconds?: number | undefined;
}

/** What could turn the text around it in a title, where no element can isolate it. */
const directionMarks = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The frame of every Link page. */
export function layout(assets: PageAssets, { title, content, lender, refreshSeconds }: PageOptions): Html {
  const refresh =
    refreshSeconds === undefined
      ? ''
      : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript>`;
  const theme =
    lender?.colour === undefined
      ? ''
      : html`<link rel="stylesheet" href="${assets.themePath(lender.colour)}">`;
  const whole = lender === undefined ? title : `${title} – ${lender.name.replaceAll(directionMarks, '')}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
!${refresh}
<title>${whole}</title>
<link rel="icon" type="image/svg+xml" href="${assets.iconPath}">
<link rel="stylesheet" href="${assets.stylesheetPath}">
!${theme}
<script type="module" src="${assets.scriptPath}"></script>
</head>
<body>
!${lenderHeader(lender)}
<main>
!${content}
</main>
!${helpFooter(lender)}
</body>
</html>
`;
}

function lenderHeader(lender: LenderBrand | undefined): Html {
  if (lender === undefined) return '<header class="lender"></header>';
  const mark =
    lender.logoUrl === undefined
      ? html`<span class="monogram" aria-hidden="true">${initialOf(lender.name)}</span>`
      : html`<img class="lender-logo" src="${lender.logoUrl}" alt="">`;
  return html`<header class="lender">!${mark}<span class="lender-name">!${nameOf(lender.name)}</span></header>`;
}

/** The first letter or digit that somebody sees; of a name without any, a dot. */
function initialOf(name: string): string {
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(name)) {
    if (/[\p{Letter}\p{Number}]/u.test(segment)) return segment.toUpperCase();
  }
  return '•';
}

/** Whom to ask, in the lender's own words where it has given them. */
function helpFooter(lender: LenderBrand | undefined): Html {
  if (lender === undefined) {
    return '<footer><h2>Help</h2><p>If you do not know how to go on, please ask the one who sent you the link.</p></footer>';
  }
  const { contactEmail, helpUrl } = lender;
  const name = nameOf(lender.name);
  const ways = [
    contactEmail === undefined
      ? ''
      : html`<li>Write to <a href="mailto:${contactEmail}">${contactEmail}</a></li>`,
    helpUrl === undefined
      ? ''
      : html`<li><a href="${helpUrl}" target="_blank" rel="noopener noreferrer">Read the help of !${name} (opens in a new tab)</a></li>`,
  ].filter((way) => way !== '');
  const ask =
    ways.length === 0
      ? html`<p>If something here is unclear, please ask !${name}.</p>`
      : html`<ul>!${ways.join('')}</ul>`;
  return html`<footer><h2>Help from !${name}</h2>
!${ask}</footer>`;
}

/** A way on, as a button; the first of a page stands out. */
export function linkButton(path: string, label: Html, kind: 'main' | 'plain' = 'main'): Html {
  return html`<a class="${kind === 'main' ? 'button' : 'button plain'}" href="${path}">!${label}</a>`;
}

/** The addresses of a connection's pages. */
export function connectionPath(ids: { companyId: string; connectionId: string }, page: string): string {
  return `/link/companies/${ids.companyId}/connections/${ids.connectionId}/${page}`;
}

export function companyPath(companyId: string): string {
  return `/link/company/${companyId}`;
}
