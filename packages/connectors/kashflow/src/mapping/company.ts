import type { Company } from '@tributary/model';
import { z } from 'zod';
import { companyDetails, textOrNone } from '../wire.ts';
import { addressOf } from './contacts.ts';
import type { MappingContext } from './context.ts';

/** The business itself, kept together with the id that its connection has. */
export const companyRecord = z.object({ id: z.string(), details: companyDetails });

export function mapCompany({ details }: z.infer<typeof companyRecord>, context: MappingContext): Company {
  const name = textOrNone(details.CompanyName);
  const address = addressOf('Unknown', {
    line1: details.Address1,
    line2: details.Address2,
    city: details.Address3,
    region: details.Address4,
    country: undefined,
    postalCode: details.Postcode,
  });
  const telephone = textOrNone(details.Telephone);
  const mobile = textOrNone(details.Mobile);
  const phoneNumbers = [
    ...(telephone === undefined ? [] : [{ number: telephone, type: 'Primary' as const }]),
    ...(mobile === undefined ? [] : [{ number: mobile, type: 'Mobile' as const }]),
  ];
  return {
    companyName: name,
    accountingPlatformRef: context.id,
    companyLegalName: name,
    addresses: address === undefined ? undefined : [address],
    phoneNumbers: phoneNumbers.length === 0 ? undefined : phoneNumbers,
    taxNumber: textOrNone(details.VatRegistrationNumber),
    baseCurrency: context.lookup.homeCurrency,
  };
}
