import { Failure } from './expect.ts';
import { type Field, type Form, formsOf, imagesOf, linksOf, visibleText } from './html.ts';
import { type Exchange, send } from './http.ts';

interface Cookie {
  name: string;
  value: string;
  host: string;
  path: string;
  secure: boolean;
  /** As it came. */
  header: string;
}

/** A page that a browser ended on, and how it got there. */
export interface Page {
  url: string;
  status: number;
  /** What a reader sees. */
  text: string;
  html: string;
  forms: Form[];
  links: { href: string; text: string }[];
  images: string[];
  /** Every exchange of the way, the last one being this page. */
  hops: Exchange[];
  exchange: Exchange;
}

const mostRedirects = 12;

/** A browser without JavaScript: cookies, redirects followed one by one, forms. */
export class Browser {
  readonly #cookies: Cookie[] = [];

  /** Opens an address and follows redirects, up to (not into) one that `stopBefore` recognises. */
  async open(url: string, stopBefore?: (url: URL) => boolean): Promise<Page> {
    return this.#follow(url, {}, stopBefore);
  }

  /**
   * Sends a form. `choices` are fields to set (radio buttons and the like by name and value); `button` is the one
   * pressed, by a pattern of its label, value or name.
   */
  async submit(
    form: Form,
    options: {
      choices?: Readonly<Record<string, string>>;
      button?: RegExp;
      stopBefore?: (url: URL) => boolean;
    } = {},
  ): Promise<Page> {
    const { choices = {}, button, stopBefore } = options;
    const pressed = button ? buttonOf(form, button) : form.fields.find(({ type }) => type === 'submit');
    const body = new URLSearchParams();
    for (const field of form.fields) {
      const chosen = choices[field.name];
      const isChoice = ['radio', 'checkbox', 'option'].includes(field.type);
      if (field.type === 'submit' || field.name === '') continue;
      if (chosen === undefined ? field.on : isChoice ? field.value === chosen : true) {
        body.append(field.name, isChoice ? field.value : (chosen ?? field.value));
      }
    }
    if (pressed?.name) body.append(pressed.name, pressed.value);
    if (form.method === 'GET') {
      const url = new URL(form.action);
      url.search = body.toString();
      return this.#follow(url.href, {}, stopBefore);
    }
    return this.#follow(form.action, { method: form.method, body }, stopBefore);
  }

  /** The Set-Cookie headers that are kept. */
  cookieHeaders(): string[] {
    return this.#cookies.map(({ header }) => header);
  }

  async #follow(
    startUrl: string,
    start: { method?: string; body?: URLSearchParams },
    stopBefore?: (url: URL) => boolean,
  ): Promise<Page> {
    const hops: Exchange[] = [];
    let url = startUrl;
    let request = start;
    for (let count = 0; count <= mostRedirects; count += 1) {
      const exchange = await this.#send(url, request);
      hops.push(exchange);
      const location = exchange.headers.get('location');
      const isRedirect = [301, 302, 303, 307, 308].includes(exchange.status) && location !== null;
      const next = isRedirect ? new URL(location, url) : undefined;
      if (!next || stopBefore?.(next)) return pageOf(exchange, hops);
      url = next.href;
      if (![307, 308].includes(exchange.status)) request = {};
    }
    throw new Failure(`more than ${mostRedirects} redirects from ${startUrl}`, hops.at(-1));
  }

  async #send(url: string, request: { method?: string; body?: URLSearchParams }): Promise<Exchange> {
    const { hostname, pathname, protocol, origin } = new URL(url);
    const cookies = this.#cookies.filter(
      (cookie) =>
        cookie.host === hostname &&
        isBelow(pathname, cookie.path) &&
        (protocol === 'https:' || !cookie.secure),
    );
    const headers = {
      accept: 'text/html,application/xhtml+xml',
      'accept-language': 'en',
      ...(cookies.length > 0
        ? { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }
        : {}),
      ...(request.method === 'POST' ? { origin } : {}),
    };
    const exchange = await send(url, { ...request, headers });
    for (const header of exchange.headers.getSetCookie()) this.#keep(header, hostname);
    return exchange;
  }

  #keep(header: string, host: string): void {
    const [pair = '', ...rest] = header.split(';').map((part) => part.trim());
    const attributes = new Map(
      rest.map((part) => {
        const [name = '', value = ''] = part.split('=');
        return [name.toLowerCase(), value] as const;
      }),
    );
    const name = pair.slice(0, pair.indexOf('='));
    const path = attributes.get('path') || '/';
    const known = this.#cookies.findIndex(
      (cookie) => cookie.name === name && cookie.host === host && cookie.path === path,
    );
    if (known >= 0) this.#cookies.splice(known, 1);
    const expires = attributes.get('expires');
    const gone = attributes.get('max-age') === '0' || (expires && Date.parse(expires) < Date.now());
    const value = pair.slice(pair.indexOf('=') + 1);
    if (!gone) this.#cookies.push({ name, value, host, path, secure: attributes.has('secure'), header });
  }
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function pageOf(exchange: Exchange, hops: Exchange[]): Page {
  const { url, status, text: html } = exchange;
  const isHtml = exchange.headers.get('content-type')?.includes('html') ?? false;
  return {
    url,
    status,
    html,
    text: isHtml ? visibleText(html) : html,
    forms: isHtml ? formsOf(html, url) : [],
    links: isHtml ? linksOf(html, url) : [],
    images: isHtml ? imagesOf(html, url) : [],
    hops,
    exchange,
  };
}

function buttonOf(form: Form, pattern: RegExp): Field | undefined {
  const found = form.fields.find(
    ({ type, label, value, name }) =>
      type === 'submit' && [label, value, name].some((text) => pattern.test(text)),
  );
  if (!found)
    throw new Failure(`no button ${pattern} in the form at ${form.action} (${form.text.slice(0, 120)})`);
  return found;
}

/** The form of a page that offers something, and the choice in it: a radio button, an option, a button or a hidden value. */
export function offerOf(
  page: Page,
  pattern: RegExp,
): { form: Form; choices: Record<string, string> } | undefined {
  const matches = ({ label, value }: Field): boolean => pattern.test(label) || pattern.test(value);
  for (const form of page.forms) {
    const choice = form.fields.find(
      (field) => ['radio', 'option', 'checkbox'].includes(field.type) && matches(field),
    );
    if (choice) return { form, choices: { [choice.name]: choice.value } };
    const button = form.fields.find((field) => field.type === 'submit' && matches(field));
    // Only the pressed button is sent with the form.
    const fields = form.fields.filter((field) => field.type !== 'submit' || field === button);
    if (button) return { form: { ...form, fields }, choices: {} };
    if (pattern.test(form.text) || form.fields.some(matches)) return { form, choices: {} };
  }
  return undefined;
}
