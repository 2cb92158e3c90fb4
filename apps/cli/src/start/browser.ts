import { request } from 'node:http';

/** A page that a {@link Browser} ended on, redirects followed. */
interface Page {
  url: URL;
  status: number;
  body: string;
}

/** As much of a browser as the link flow needs: cookies, redirects, forms. */
export interface Browser {
  open(url: string): Promise<Page>;
  /** Sends the first form of a page as it stands, with some fields chosen. */
  submit(page: Page, chosen: Readonly<Record<string, string>>): Promise<Page>;
}

interface Answer {
  status: number;
  location: string | undefined;
  cookies: string[];
  body: string;
}

const mostRedirects = 10;

/**
 * @param addressOf where to connect for a URL: the public address may belong to a proxy that does not run yet, while
 *   its name must still be sent.
 */
export function createBrowser(addressOf: (url: URL) => { host: string; port: number }): Browser {
  const jars = new Map<string, Map<string, string>>();

  function cookiesFor(url: URL): Map<string, string> {
    const jar = jars.get(url.hostname) ?? new Map<string, string>();
    jars.set(url.hostname, jar);
    return jar;
  }

  function send(url: URL, form?: string): Promise<Answer> {
    const cookie = [...cookiesFor(url)].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      host: url.host,
      accept: 'text/html',
      ...(cookie && { cookie }),
      ...(form !== undefined && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(form),
        origin: url.origin,
      }),
    };
    const target = { ...addressOf(url), path: `${url.pathname}${url.search}`, headers };
    return new Promise((done, fail) => {
      const outgoing = request({ ...target, method: form === undefined ? 'GET' : 'POST' }, (incoming) => {
        let body = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => {
          body += chunk;
        });
        incoming.on('error', fail);
        incoming.on('end', () => {
          const { location, 'set-cookie': cookies = [] } = incoming.headers;
          done({ status: incoming.statusCode ?? 0, location, cookies, body });
        });
      });
      outgoing.on('error', fail);
      outgoing.end(form);
    });
  }

  async function visit(first: URL, firstForm?: string): Promise<Page> {
    let url = first;
    let form = firstForm;
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      const { status, location, cookies, body } = await send(url, form);
      for (const cookie of cookies) keepCookie(cookiesFor(url), cookie);
      if (status < 300 || status >= 400 || location === undefined) return { url, status, body };
      url = new URL(location, url);
      form = undefined;
    }
    throw new Error(`${first.href} leads from one redirect to the next.`);
  }

  return {
    open: (url) => visit(new URL(url)),
    submit: (page, chosen) => {
      const { action, fields } = firstForm(page);
      return visit(action, new URLSearchParams({ ...fields, ...chosen }).toString());
    },
  };
}

function keepCookie(jar: Map<string, string>, header: string): void {
  const [pair = '', ...attributes] = header.split(';');
  const separator = pair.indexOf('=');
  const name = pair.slice(0, separator).trim();
  const isDeletion = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
  if (isDeletion) jar.delete(name);
  else jar.set(name, pair.slice(separator + 1).trim());
}

function firstForm(page: Page): { action: URL; fields: Record<string, string> } {
  const [form, open = ''] = /<form\b([^>]*)>[\s\S]*?<\/form>/i.exec(page.body) ?? [];
  if (form === undefined)
    throw new Error(`There is no form on ${page.url.origin}${page.url.pathname} (${page.status}).`);
  const fields: Record<string, string> = {};
  for (const [, attributes = ''] of form.matchAll(/<input\b([^>]*)>/gi)) {
    const name = attribute(attributes, 'name');
    const isChoice = /^(radio|checkbox)$/i.test(attribute(attributes, 'type') ?? '');
    const counts = !isChoice || /\schecked\b/i.test(attributes);
    if (name !== undefined && counts) fields[name] = attribute(attributes, 'value') ?? '';
  }
  return { action: new URL(attribute(open, 'action') ?? '', page.url), fields };
}

function attribute(attributes: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(attributes);
  const text = value?.[1] ?? value?.[2];
  return text === undefined ? undefined : unescapeHtml(text);
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

function unescapeHtml(text: string): string {
  return text.replaceAll(/&(?:(amp|lt|gt|quot)|#(\d+)|#x([\da-f]+));/gi, (whole, name, decimal, hex) => {
    if (name) return entities[String(name).toLowerCase()] ?? whole;
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16));
  });
}
