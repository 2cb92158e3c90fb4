import { html } from 'ghtml';

/** HTML that is safe to put into a page as it is: made by `html` templates only, which escape what they are given. */
export type Html = string;

/** Somebody's name, of any language and direction, isolated from the text around it. */
export function nameOf(text: string): Html {
  return html`<bdi dir="auto">${text}</bdi>`;
}

/** Where the stylesheet is; a new content has a new address. */
export interface PageAssets {
  readonly stylesheetPath: string;
  logoPath(platformKey: string): string;
}

export interface PageOptions {
  /** Plain text. */
  readonly title: string;
  readonly content: Html;
  /** The page is fetched again after so many seconds. */
  readonly refreshSeconds?: number;
}

/** The frame of every Link page. */
export function layout(assets: PageAssets, { title, content, refreshSeconds }: PageOptions): Html {
  const refresh =
    refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}">`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
!${refresh}
<title>${title}</title>
<link rel="stylesheet" href="${assets.stylesheetPath}">
</head>
<body>
<main>
!${content}
</main>
</body>
</html>
`;
}

/** The addresses of a connection's pages. */
export function connectionPath(ids: { companyId: string; connectionId: string }, page: string): string {
  return `/link/companies/${ids.companyId}/connections/${ids.connectionId}/${page}`;
}

export function companyPath(companyId: string): string {
  return `/link/company/${companyId}`;
}
