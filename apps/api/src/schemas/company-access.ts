import { z } from 'zod';

export const companyAccessToken = z
  .object({
    expiresIn: z.int().describe('Seconds.'),
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
  })
  .meta({ id: 'CompanyAccessToken' });

export const connectionManagementAccessToken = z
  .object({ accessToken: z.string() })
  .meta({ id: 'ConnectionManagementAccessToken' });

export const allowedOrigins = z
  .object({ allowedOrigins: z.array(z.string()) })
  .meta({ id: 'AllowedOrigins', description: 'Origins of pages that may call the API from a browser.' });

const mostOrigins = 100;

/** Scheme, host and port, as a browser names the origin of a page. */
const origin = z
  .string({ error: 'must be text' })
  .max(300, { error: 'must have at most 300 characters' })
  .transform((text, context) => {
    const url = URL.parse(text);
    const isOrigin =
      url !== null &&
      /^https?:$/.test(url.protocol) &&
      url.href === `${url.origin}/` &&
      !/[?#@]/.test(text) &&
      !url.hostname.includes('*');
    if (isOrigin) return url.origin;
    context.addIssue({ code: 'custom', message: 'must be an origin, such as https://app.example.com' });
    return z.NEVER;
  })
  .meta({ format: 'uri' });

export const newAllowedOrigins = z
  .object({
    allowedOrigins: z
      .array(origin, { error: 'is needed: a list of origins' })
      .max(mostOrigins, { error: `must be at most ${mostOrigins}` })
      .transform((origins) => [...new Set(origins)]),
  })
  .meta({ id: 'SetAllowedOrigins' });
