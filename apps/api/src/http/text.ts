import { z } from 'zod';

/**
 * Text of a client that is stored exactly as it is sent: HTML, right-to-left text and emoji included. Refused with a reason: what is
 * blank (unless `blank` allows it), too long in characters, or cannot be stored.
 */
export function storedText({ maximum, blank = false }: { maximum: number; blank?: boolean }) {
  return z
    .string({ error: 'must be text' })
    .refine((text) => blank || text.trim() !== '', { error: 'must not be empty', abort: true })
    .refine((text) => text.length <= maximum || [...text].length <= maximum, {
      error: `must have at most ${maximum} characters`,
      abort: true,
    })
    .refine((text) => !text.includes('\u0000') && text.isWellFormed(), {
      error: 'holds a character that cannot be stored',
    })
    .meta({ maxLength: maximum, ...(!blank && { minLength: 1 }) });
}

/** An http(s) URL without user name or password. */
export function webUrl() {
  return z
    .string({ error: 'must be a URL' })
    .max(2000, { error: 'must have at most 2000 characters' })
    .refine((text) => isWebUrl(text), {
      error: 'must be an http or https URL without user name and password',
    })
    .meta({ format: 'uri' });
}

function isWebUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
