/** Addresses and telephone numbers, which Kashoo keeps both structured and as text. */
import type { WireContact } from '../wire.ts';
import { textOrNone, type WireText } from '../wire-values.ts';

type ContactInformation = NonNullable<WireContact['contactInformation']>;
type PhoneType = 'Primary' | 'Landline' | 'Mobile' | 'Fax' | 'Unknown';
type AddressType = 'Unknown' | 'Billing' | 'Delivery';

export interface Address {
  type: AddressType;
  line1?: string | undefined;
  line2?: string | undefined;
  city?: string | undefined;
  region?: string | undefined;
  country?: string | undefined;
  postalCode?: string | undefined;
}

export interface PhoneNumber {
  number: string;
  type: PhoneType;
}

const PHONE_TYPES: ReadonlyMap<string, PhoneType> = new Map([
  ['PRIMARY', 'Primary'],
  ['MOBILE', 'Mobile'],
  ['CELL', 'Mobile'],
  ['FAX', 'Fax'],
  ['HOME', 'Landline'],
  ['WORK', 'Landline'],
  ['OFFICE', 'Landline'],
  ['LANDLINE', 'Landline'],
]);

/** The structured address; else the text, by its lines. Undefined when neither says anything. */
export function addressOf(
  information: ContactInformation | null | undefined,
  text: WireText,
  type: AddressType,
): Address | undefined {
  const structured = information?.address;
  if (typeof structured === 'object' && structured !== null) {
    const [line1, line2] = streetLines(structured.street);
    const address: Address = {
      type,
      line1,
      line2,
      city: textOrNone(structured.city),
      region: textOrNone(structured.province),
      country: textOrNone(structured.country),
      postalCode: textOrNone(structured.postalCode),
    };
    if (Object.values(address).some((value) => value !== undefined && value !== type)) return address;
  }
  const [line1, line2] = streetLines(
    typeof structured === 'string' && structured.trim() !== '' ? structured : text,
  );
  return line1 === undefined ? undefined : { type, line1, line2 };
}

/** The first line, and the others joined: the unified model has two. */
function streetLines(text: WireText): [string | undefined, string | undefined] {
  const [first, ...others] = (text ?? '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return [first, others.length === 0 ? undefined : others.join(', ')];
}

/** Every number once, structured ones first. The first is the primary one unless the platform says what kind it is. */
export function phoneNumbersOf(
  information: ContactInformation | null | undefined,
  text: WireText,
): PhoneNumber[] {
  const numbers = new Map<string, PhoneType | undefined>();
  for (const phone of information?.phones ?? []) {
    const number = textOrNone(typeof phone === 'string' ? phone : phone.number)?.trim();
    const type = typeof phone === 'string' ? undefined : PHONE_TYPES.get((phone.type ?? '').toUpperCase());
    if (number !== undefined && !numbers.has(number)) numbers.set(number, type);
  }
  for (const part of (text ?? '').split(/[,;\n]/)) {
    const number = part.trim();
    if (number !== '' && !numbers.has(number)) numbers.set(number, undefined);
  }
  return [...numbers].map(([number, type], index) => ({
    number,
    type: type ?? (index === 0 ? 'Primary' : 'Unknown'),
  }));
}
