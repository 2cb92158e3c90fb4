import { z } from 'zod';
import { address, phoneNumber, webLink } from './parts.ts';
import { instantText, localDateText, supplementalData, text } from './values.ts';

const shape = {
  companyName: text.optional(),
  accountingPlatformRef: text.optional(),
  companyLegalName: text.optional(),
  addresses: z.array(address).optional(),
  phoneNumbers: z.array(phoneNumber).optional(),
  webLinks: z.array(webLink).optional(),
  ledgerLockDate: localDateText.optional(),
  registrationNumber: text.optional(),
  taxNumber: text.optional(),
  financialYearStartDate: localDateText.optional(),
  baseCurrency: text.optional(),
  sourceUrls: z.record(z.string(), text).optional(),
  createdDate: instantText.optional(),
};

/** What the platform knows of the business itself (data type `company`): one per connection, without an id of its own. */
export const company = z.strictObject(shape);
/** The same as a client reads it. The published model gives it neither `modifiedDate` nor `metadata`. */
export const companyResponse = z.strictObject({ ...shape, supplementalData: supplementalData.optional() });
export type Company = z.infer<typeof company>;
