import { z } from 'zod';
import { storedText, webUrl } from '../http/text.ts';

export const profile = z
  .object({
    name: z.string(),
    logoUrl: z.string().optional(),
    iconUrl: z.string().optional(),
    redirectUrl: z
      .string()
      .describe('Where a small business goes after linking; empty: our confirmation page.'),
    whiteListUrls: z.array(z.string()),
  })
  .meta({ id: 'Profile', description: 'What a client says of itself.' });

export type Profile = z.output<typeof profile>;

const orEmpty = (schema: z.ZodType<string>) => z.union([z.literal(''), schema]).nullish();

export const replacedProfile = z
  .object({
    name: storedText({ maximum: 200 }),
    logoUrl: orEmpty(webUrl()),
    iconUrl: orEmpty(webUrl()),
    redirectUrl: storedText({ maximum: 2000, blank: true })
      .nullish()
      .describe(
        'An http(s) URL, with the placeholders `{companyId}`, `{connectionId}`, `{statusCode}` and `{errorMessage}` behind its host.',
      ),
    whiteListUrls: z.array(webUrl()).max(100, { error: 'must be at most 100' }).nullish(),
  })
  .meta({ id: 'ReplaceProfile' });

export type ReplacedProfile = z.output<typeof replacedProfile>;
