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

/**
 * A credential that was given out as one word. What stands around it came with the copying and is dropped; whitespace, control
 * and invisible characters within it are refused, because no platform would take them, and a person cannot see why.
 */
export function credentialText({ maximum }: { maximum: number }) {
  return z
    .string({ error: 'must be text' })
    .trim()
    .min(1, { error: 'must not be empty', abort: true })
    .max(maximum, { error: `must have at most ${maximum} characters`, abort: true })
    .refine((text) => !/[\s\p{Cc}\p{Cf}]/u.test(text) && text.isWellFormed(), {
      error: 'must not hold whitespace or control characters',
    });
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
