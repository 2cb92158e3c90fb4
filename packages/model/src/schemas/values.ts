import { z } from 'zod';
import { isInstant, isLocalDate } from '../dates.ts';
import { type ExactNumber, isExactNumber } from '../exact-number.ts';
import { fieldKinds } from '../field-kinds.ts';

/** Any text that PostgreSQL can store: no NUL, no lone surrogates. */
export const text = z
  .string()
  .refine(
    (value) => value.isWellFormed() && !value.includes('\u0000'),
    'has characters that cannot be stored',
  );

/** Identifier of a record at its platform, always text, never empty. */
export const idText = z.string().min(1, 'must not be empty');
fieldKinds.add(idText, { kind: 'id' });

/** Text that must not be empty. */
export const nonEmptyText = text.min(1, 'must not be empty');

/** Calendar date, local to the business: `YYYY-MM-DDT00:00:00`, without zone. */
export const localDateText = z
  .string()
  .refine(isLocalDate, 'expected a local date YYYY-MM-DDT00:00:00')
  .describe('Calendar date local to the business, ISO 8601 without zone: YYYY-MM-DDT00:00:00');
fieldKinds.add(localDateText, { kind: 'localDate' });

/** Instant in UTC: `YYYY-MM-DDTHH:MM:SS[.fraction]Z`. */
export const instantText = z
  .string()
  .refine(isInstant, 'expected an instant that ends in Z')
  .describe('Instant in UTC, ISO 8601: YYYY-MM-DDTHH:MM:SS.sssZ');
fieldKinds.add(instantText, { kind: 'instant' });

/** Decimal inside a body: {@link ExactNumber}, so that no digit is lost on the way to the response. */
export const exactDecimal = z.custom<ExactNumber>(isExactNumber, 'expected an exact number');

/** Decimal as a client sees it: a JSON number. */
export const jsonDecimal = z.number();

/** The two kinds of decimal that the shapes of this folder are built for. */
export type DecimalSchema = typeof exactDecimal | typeof jsonDecimal;

/** ISO 4217 code of three capital letters; platforms have codes of their own too, so that only text is asked for. */
export const currencyCode = text.describe('ISO 4217 code.');

/** `metadata` of every response. */
const metadata = z.strictObject({ isDeleted: z.boolean() });

/** Additional data that a client configured; free of form below `content`. */
export const supplementalData = z.strictObject({
  content: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

/** What every response has beside its body. */
export const responseSpine = { modifiedDate: instantText, metadata };

/** The same for the data types that a client can have supplemented. */
export const supplementedSpine = { ...responseSpine, supplementalData: supplementalData.optional() };
