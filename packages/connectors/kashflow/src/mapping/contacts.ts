import type { Customer, Supplier } from '@tributary/model';
import { instant } from '@tributary/model';
import {
  idOrNone,
  instantOrNone,
  isTrue,
  textOrNone,
  type WireCustomer,
  type WireSupplier,
  type WireText,
} from '../wire.ts';
import type { MappingContext } from './context.ts';

type Address = NonNullable<Customer['addresses']>[number];
type Phone = NonNullable<NonNullable<Customer['contacts']>[number]['phone']>[number];

/** What KashFlow calls a customer has one person and two addresses at most; its fourth line of an address is the county. */
export function mapCustomer(record: WireCustomer, context: MappingContext): Customer {
  const addresses = [
    addressOf('Billing', {
      ...record,
      line1: record.Address1,
      line2: record.Address2,
      city: record.Address3,
      region: record.Address4,
      country: record.CountryName,
      postalCode: record.Postcode,
    }),
    isTrue(record.CustHasDeliveryAddress)
      ? addressOf('Delivery', {
          line1: record.DeliveryAddress1,
          line2: record.DeliveryAddress2,
          city: record.DeliveryAddress3,
          region: record.DeliveryAddress4,
          country: record.DeliveryCountryName,
          postalCode: record.DeliveryPostcode,
        })
      : undefined,
  ].filter((address) => address !== undefined);
  const phones = phonesOf(record);
  const contactName = textOrNone(record.Contact);
  const email = textOrNone(record.Email);
  const isAnybody = contactName !== undefined || email !== undefined || phones.length > 0;
  return {
    id: context.id,
    customerName: textOrNone(record.Name),
    contactName,
    emailAddress: email,
    defaultCurrency: currencyOf(record.CurrencyID, context),
    phone: phones[0]?.number,
    addresses: addresses.length === 0 ? undefined : addresses,
    contacts: isAnybody
      ? [{ name: contactName, email, phone: phones.length === 0 ? undefined : phones, status: 'Active' }]
      : undefined,
    taxNumber: textOrNone(record.VATNumber),
    status: 'Active',
    sourceModifiedDate: modifiedOf(record.Updated),
  };
}

export function mapSupplier(record: WireSupplier, context: MappingContext): Supplier {
  const address = addressOf('Billing', {
    line1: record.Address1,
    line2: record.Address2,
    city: record.Address3,
    region: record.Address4,
    country: undefined,
    postalCode: record.PostCode,
  });
  return {
    id: context.id,
    supplierName: textOrNone(record.Name),
    contactName: textOrNone(record.Contact),
    emailAddress: textOrNone(record.Email),
    phone: textOrNone(record.Telephone) ?? textOrNone(record.Mobile),
    addresses: address === undefined ? undefined : [address],
    taxNumber: textOrNone(record.VATNumber),
    // KashFlow archives no supplier, and does not say that one is in use.
    status: 'Unknown',
    defaultCurrency: currencyOf(record.CurrencyID, context),
    sourceModifiedDate: modifiedOf(record.Updated),
  };
}

function currencyOf(id: WireText, { lookup }: MappingContext): string | undefined {
  const currency = idOrNone(id);
  return currency === undefined ? undefined : lookup.currencies.get(currency);
}

function modifiedOf(value: WireText): string | undefined {
  const ms = instantOrNone(value);
  return ms === undefined ? undefined : instant(ms);
}

function phonesOf({ Telephone, Mobile, Fax }: WireCustomer): Phone[] {
  const numbers = [
    ['Primary', textOrNone(Telephone)],
    ['Mobile', textOrNone(Mobile)],
    ['Fax', textOrNone(Fax)],
  ] as const;
  return numbers.flatMap(([type, number]) => (number === undefined ? [] : [{ number, type }]));
}

/** Undefined when nothing is known of the address. */
export function addressOf(
  type: Address['type'],
  lines: Readonly<Record<'line1' | 'line2' | 'city' | 'region' | 'country' | 'postalCode', WireText>>,
): Address | undefined {
  const address = {
    line1: textOrNone(lines.line1),
    line2: textOrNone(lines.line2),
    city: textOrNone(lines.city),
    region: textOrNone(lines.region),
    country: textOrNone(lines.country),
    postalCode: textOrNone(lines.postalCode),
  };
  return Object.values(address).some((line) => line !== undefined) ? { type, ...address } : undefined;
}
