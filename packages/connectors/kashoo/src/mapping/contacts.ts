import type { Customer, Supplier } from '@tributary/model';
import type { WireContact } from '../wire.ts';
import { textOrNone } from '../wire-values.ts';
import { addressOf, phoneNumbersOf } from './contact-details.ts';
import type { MappingContext, SourceModified } from './context.ts';

/** A CUSTOMER contact. */
export function mapCustomer(
  record: WireContact,
  context: MappingContext,
  modified: SourceModified | undefined,
): Customer {
  const party = partyOf(record);
  const { contactName, emailAddress, phones, addresses, status } = party;
  const isReachable = contactName !== undefined || emailAddress !== undefined || phones.length > 0;
  return {
    id: context.id,
    customerName: party.name,
    contactName,
    emailAddress,
    defaultCurrency: textOrNone(record.currency),
    phone: phones[0]?.number,
    addresses,
    contacts: isReachable
      ? [
          {
            name: contactName,
            email: emailAddress,
            phone: phones,
            address: addresses?.[0],
            status,
            modifiedDate: modified?.text,
          },
        ]
      : undefined,
    status,
    sourceModifiedDate: modified?.text,
  };
}

/** A VENDOR contact. */
export function mapSupplier(
  record: WireContact,
  context: MappingContext,
  modified: SourceModified | undefined,
): Supplier {
  const party = partyOf(record);
  return {
    id: context.id,
    supplierName: party.name,
    contactName: party.contactName,
    emailAddress: party.emailAddress,
    phone: party.phones[0]?.number,
    addresses: party.addresses,
    status: party.status,
    defaultCurrency: textOrNone(record.currency),
    sourceModifiedDate: modified?.text,
  };
}

function partyOf(record: WireContact) {
  const information = record.contactInformation;
  const address = addressOf(information, record.address, 'Billing');
  return {
    name: textOrNone(record.name) ?? textOrNone(information?.name),
    contactName: textOrNone(information?.name),
    emailAddress: textOrNone(record.email) ?? textOrNone(information?.email),
    phones: phoneNumbersOf(information, record.phoneNumbers),
    addresses: address === undefined ? undefined : [address],
    status: record.archived === true || record.removed === true ? ('Archived' as const) : ('Active' as const),
  };
}
