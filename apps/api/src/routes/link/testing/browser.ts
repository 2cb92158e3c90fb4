/** A browser as far as linking needs one: it keeps cookies by host and path, and does not follow redirects by itself. */
export interface Page {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  /** Absolute target of a redirect. */
  readonly location: string | undefined;
  /** `Set-Cookie` headers as they came. */
  readonly setCookies: readonly string[];
}

interface StoredCookie {
  readonly host: string;
  readonly path: string;
  readonly value: string;
}

export class Browser {
  readonly cookies = new Map<string, StoredCookie>();

  get(url: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.#send(url, { headers });
  }

  post(url: string, fields: Record<string, string>): Promise<Page> {
    return this.#send(url, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** Follows redirects until a page comes. */
  async follow(page: Page): Promise<Page> {
    let current = page;
    for (let step = 0; current.location !== undefined; step += 1) {
      if (step > 10) throw new Error(`redirects in circles at ${current.url}`);
      current = await this.get(current.location);
    }
    return current;
  }

  async #send(url: string, init: RequestInit): Promise<Page> {
    const target = new URL(url);
    const cookie = [...this.cookies]
      .filter(([, { host, path }]) => host === target.hostname && target.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const headers = {
      ...Object.fromEntries(new Headers(init.headers)),
      ...(cookie === '' ? {} : { cookie }),
    };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    const setCookies = answer.headers.getSetCookie();
    for (const line of setCookies) this.#keep(target.hostname, line);
    const location = answer.headers.get('location');
    return {
      status: answer.status,
      url,
      headers: answer.headers,
      body: await answer.text(),
      location: location === null ? undefined : new URL(location, url).href,
      setCookies,
    };
  }

  #keep(host: string, line: string): void {
    const [pair = '', ...attributes] = line.split(/;\s*/);
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals);
    const value = pair.slice(equals + 1);
    const path =
      /^path=(.*)$/i.exec(attributes.find((attribute) => /^path=/i.test(attribute)) ?? '')?.[1] ?? '/';
    if (attributes.some((attribute) => /^(max-age=0|expires=Thu, 01 Jan 1970)/i.test(attribute)))
      this.cookies.delete(name);
    else this.cookies.set(name, { host, path, value });
  }
}
