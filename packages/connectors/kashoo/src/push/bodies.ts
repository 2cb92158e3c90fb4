/**
 * From records of the unified model to bodies of Kashoo's calls; pure. Names of members are those of `wire.ts`, whose tables the
 * types below are taken from.
 */
import type { WriteRequest } from '@tributary/connector-kit';
import { decimalToExactNumber, type ExactNumber } from '@tributary/model';
import type {
  WireAccount,
  WireContact,
  WireItem,
  WireLine,
  WirePayment,
  WireSale,
  WireTransfer,
} from '../wire.ts';
import {
  centsOf,
  dayOf,
  decimalOf,
  listOf,
  type Members,
  membersOf,
  referenceId,
  textOf,
} from './unified.ts';

/** What has to be looked up beside the record. */
export interface BodyFacts {
  readonly homeCurrency: string | undefined;
  /** The tax code of a tax rate's id. */
  taxCodeOf(taxRateId: string): string;
}

type Body<Wire> = Partial<Record<keyof Wire, unknown>>;
/** Adjustments are read through the ledger alone. [assumed members] */
type Adjustment = { type: 'ADJUSTMENT'; date: unknown; memo: unknown; lines: unknown };

/** `type` of accounts by the category that clients choose from. */
const ACCOUNT_TYPES: ReadonlyMap<string, string> = new Map([
  ['Asset.BankAccount', 'BANK'],
  ['Asset.Cash', 'CASH'],
  ['Asset.FixedAsset', 'FIXED_ASSET'],
  ['Asset.OtherAsset', 'OTHER_ASSET'],
  ['Asset.OtherCurrentAsset', 'OTHER_CURRENT_ASSET'],
  ['Liability.CreditCard', 'CREDIT_CARD'],
  ['Liability.LongTermLiability', 'LONG_TERM_LIABILITY'],
  ['Liability.OtherCurrentLiability', 'OTHER_CURRENT_LIABILITY'],
  ['Equity', 'EQUITY'],
  ['Income', 'INCOME'],
  ['Expense.CostOfGoodsSold', 'COST_OF_GOODS_SOLD'],
  ['Expense', 'EXPENSE'],
]);

const BODIES: Readonly<Record<string, (request: WriteRequest, facts: BodyFacts) => object>> = {
  customers: (request) => contact(request, 'CUSTOMER', 'customerName'),
  suppliers: (request) => contact(request, 'VENDOR', 'supplierName'),
  invoices: (request, facts) =>
    sale(request, facts, { type: 'INVOICE', party: 'customerRef', number: 'invoiceNumber' }),
  bills: (request, facts) =>
    sale(request, facts, { type: 'BILL', party: 'supplierRef', number: 'reference' }),
  payments: (request, facts) => payment(request, facts, 'INVOICE_PAYMENT', 'customerRef'),
  billPayments: (request, facts) => payment(request, facts, 'BILL_PAYMENT', 'supplierRef'),
  items: item,
  journals: adjustment,
  journalEntries: adjustment,
  transfers: transfer,
  chartOfAccounts: account,
};

/** The body of the call, without members that have no value. An update's body lies over the record that is there. */
export function bodyOf(request: WriteRequest, facts: BodyFacts): Members {
  const build = BODIES[request.dataType];
  if (build === undefined) throw new TypeError(`Kashoo takes no ${request.dataType}`);
  return present(build(request, facts));
}

function contact({ record, action }: WriteRequest, type: string, nameField: string): Body<WireContact> {
  const [address = {}] = listOf(record['addresses']);
  const street = [textOf(address['line1']), textOf(address['line2'])]
    .filter((line) => line !== undefined)
    .join('\n');
  const hasAddress = listOf(record['addresses']).length > 0;
  return {
    type,
    archived: action === 'update' ? record['status'] === 'Archived' : undefined,
    name: textOf(record[nameField]),
    email: textOf(record['emailAddress']),
    phoneNumbers: textOf(record['phone']),
    currency: textOf(record['defaultCurrency']),
    contactInformation: hasAddress
      ? {
          address: {
            street,
            city: textOf(address['city']) ?? '',
            province: textOf(address['region']) ?? '',
            postalCode: textOf(address['postalCode']) ?? '',
            country: textOf(address['country']) ?? '',
          },
        }
      : undefined,
  };
}

/** Contact and currency of a record. An update says that there is no contact, a create says nothing. */
function head(
  { record, action }: WriteRequest,
  { homeCurrency }: BodyFacts,
  party: string,
): Body<WireSale & WirePayment> {
  const contactId = referenceId(record[party]);
  const nobody = action === 'update' ? { contact: null, contactName: null } : {};
  const currency = textOf(record['currency']);
  const isForeign = currency !== undefined && currency !== homeCurrency;
  const note = textOf(record['note']);
  return {
    ...(contactId === undefined ? nobody : { contact: wholeNumber(contactId) }),
    currency,
    exchangeRate: isForeign ? exact(record['currencyRate']) : undefined,
    memo: note,
    // What is read as one note stands in two members.
    description: action === 'update' && note !== undefined ? '' : undefined,
  };
}

function sale(
  request: WriteRequest,
  facts: BodyFacts,
  names: { readonly type: string; readonly party: string; readonly number: string },
): Body<WireSale> {
  const { record, action } = request;
  const issueDate = dayOf(record['issueDate']);
  return {
    type: names.type,
    number: textOf(record[names.number]),
    ...head(request, facts, names.party),
    date: issueDate,
    dueDate: dayOf(record['dueDate']) ?? (action === 'create' ? issueDate : undefined),
    lineItems: listOf(record['lineItems']).map((line) => present(saleLine(line, facts))),
  };
}

function saleLine(line: Members, { taxCodeOf }: BodyFacts): Body<WireLine> {
  const accountId = referenceId(line['accountRef']);
  const itemId = referenceId(line['itemRef']);
  const taxRateId = referenceId(line['taxRateRef']);
  return {
    description: textOf(line['description']),
    account: accountId === undefined ? undefined : wholeNumber(accountId),
    item: itemId === undefined ? undefined : wholeNumber(itemId),
    quantity: exact(line['quantity']),
    rate: exact(line['unitAmount']),
    taxCode: taxRateId === undefined ? '' : taxCodeOf(taxRateId),
  };
}

function payment(request: WriteRequest, facts: BodyFacts, type: string, party: string): Body<WirePayment> {
  const { record } = request;
  const accountId = referenceId(record['accountRef']);
  const allocated = new Map<string, bigint>();
  for (const line of listOf(record['lines'])) {
    for (const link of listOf(line['links'])) {
      const id = referenceId(link);
      if (link['type'] === 'PaymentOnAccount' || id === undefined) continue;
      allocated.set(id, (allocated.get(id) ?? 0n) - (centsOf(link['amount']) ?? 0n));
    }
  }
  return {
    type,
    number: textOf(record['reference']),
    ...head(request, facts, party),
    account: accountId === undefined ? undefined : wholeNumber(accountId),
    amount: cents(record['totalAmount']),
    date: dayOf(record['date']),
    allocations: [...allocated].map(([id, amount]) => ({
      record: wholeNumber(id),
      amount: wholeNumber(amount),
    })),
  };
}

function item({ record }: WriteRequest, { taxCodeOf }: BodyFacts): Body<WireItem> {
  const sold = membersOf(record['invoiceItem']);
  const bought = membersOf(record['billItem']);
  const income = referenceId(sold['accountRef']);
  const expense = referenceId(bought['accountRef']);
  const taxRateId = referenceId(sold['taxRateRef']) ?? referenceId(bought['taxRateRef']);
  return {
    name: textOf(record['name']),
    sku: textOf(record['code']),
    description: textOf(sold['description']) ?? textOf(bought['description']),
    defaultSellRate: exact(sold['unitPrice']),
    defaultBuyRate: exact(bought['unitPrice']),
    creditAccount: income === undefined ? undefined : wholeNumber(income),
    debitAccount: expense === undefined ? undefined : wholeNumber(expense),
    defaultTaxCode: taxRateId === undefined ? undefined : taxCodeOf(taxRateId),
    tracked: false,
  };
}

function adjustment({ record }: WriteRequest): Adjustment {
  return {
    type: 'ADJUSTMENT',
    date: dayOf(record['postedOn']),
    memo: textOf(record['description']),
    lines: listOf(record['journalLines']).map((line) => {
      const net = centsOf(line['netAmount']) ?? 0n;
      return present({
        account: wholeNumber(referenceId(line['accountRef']) ?? '0'),
        debit: wholeNumber(net > 0n ? net : 0n),
        credit: wholeNumber(net < 0n ? -net : 0n),
        description: textOf(line['description']),
      });
    }),
  };
}

function transfer({ record }: WriteRequest): Body<WireTransfer> {
  const accountOf = (side: unknown) => wholeNumber(referenceId(membersOf(side)['accountRef']) ?? '0');
  return {
    type: 'TRANSFER',
    date: dayOf(record['date']),
    memo: textOf(record['description']),
    fromAccount: accountOf(record['from']),
    toAccount: accountOf(record['to']),
    amount: cents(membersOf(record['from'])['amount']),
  };
}

function account({ record }: WriteRequest): Body<WireAccount> {
  return {
    name: textOf(record['name']),
    number: textOf(record['nominalCode']),
    description: textOf(record['description']),
    type: ACCOUNT_TYPES.get(textOf(record['fullyQualifiedCategory']) ?? ''),
  };
}

/** An int64 of the wire, with every digit. */
function wholeNumber(value: string | bigint): ExactNumber {
  return JSON.rawJSON(BigInt(value).toString());
}

function cents(value: unknown): ExactNumber | undefined {
  const amount = centsOf(value);
  return amount === undefined ? undefined : wholeNumber(amount);
}

function exact(value: unknown): ExactNumber | undefined {
  const decimal = decimalOf(value);
  return decimal === undefined ? undefined : decimalToExactNumber(decimal);
}

function present(members: object): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
