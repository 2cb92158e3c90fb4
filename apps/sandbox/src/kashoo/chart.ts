import { Decimal } from '../exact/decimal.ts';
import type { BusinessProfile } from './catalogue.ts';

/** Roles that the books post to; each business has exactly one account per role. */
export type AccountRole =
  | 'bank'
  | 'savings'
  | 'cash'
  | 'foreignBank'
  | 'oldBank'
  | 'card'
  | 'receivable'
  | 'payable'
  | 'clientCredit'
  | 'vendorPrepaid'
  | 'salesTax'
  | 'provincialTax'
  | 'inventory'
  | 'equipment'
  | 'deposits'
  | 'payrollTax'
  | 'accrued'
  | 'loan'
  | 'equity'
  | 'draw'
  | 'retained'
  | 'sales'
  | 'services'
  | 'shipping'
  | 'exchange'
  | 'cogs'
  | 'rent'
  | 'office'
  | 'software'
  | 'meals'
  | 'oldAdvertising'
  | 'closed'
  | 'suspense';

interface AccountSketch {
  role: AccountRole;
  number: string;
  name: string;
  type: string;
  archived?: boolean;
  removed?: boolean;
  parent?: AccountRole;
  currency?: string;
}

const SKETCHES: readonly AccountSketch[] = [
  { role: 'cash', number: '1000', name: 'Petty Cash', type: 'CASH' },
  { role: 'bank', number: '1060', name: 'Chequing', type: 'BANK' },
  { role: 'savings', number: '1070', name: 'Savings', type: 'BANK' },
  { role: 'foreignBank', number: '1080', name: 'Foreign Currency Account', type: 'BANK', currency: 'USD' },
  { role: 'oldBank', number: '1090', name: 'Credit Union (closed)', type: 'BANK', archived: true },
  { role: 'receivable', number: '1200', name: 'Accounts Receivable', type: 'ACCOUNTS_RECEIVABLE' },
  { role: 'vendorPrepaid', number: '1300', name: 'Prepaid to Suppliers', type: 'PREPAID_EXPENSE' },
  { role: 'inventory', number: '1400', name: 'Inventory', type: 'INVENTORY' },
  { role: 'suspense', number: '1490', name: 'Uncategorised', type: 'OTHER_CURRENT_ASSET' },
  { role: 'equipment', number: '1500', name: 'Équipement & Machines', type: 'FIXED_ASSET' },
  { role: 'deposits', number: '1800', name: 'Security Deposits', type: 'OTHER_ASSET' },
  { role: 'card', number: '2010', name: 'Visa “Business”', type: 'CREDIT_CARD' },
  { role: 'payable', number: '2100', name: 'Accounts Payable', type: 'ACCOUNTS_PAYABLE' },
  { role: 'clientCredit', number: '2150', name: 'Customer Credits', type: 'CLIENT_CREDIT' },
  { role: 'salesTax', number: '2310', name: 'Sales Tax Payable', type: 'TAXES' },
  { role: 'provincialTax', number: '2320', name: 'Provincial Tax Payable', type: 'TAXES' },
  { role: 'payrollTax', number: '2400', name: 'Payroll Remittances', type: 'PAYROLL_TAX' },
  { role: 'accrued', number: '2500', name: 'Accrued Liabilities', type: 'OTHER_CURRENT_LIABILITY' },
  { role: 'loan', number: '2700', name: 'Term Loan', type: 'LONG_TERM_LIABILITY' },
  { role: 'equity', number: '3000', name: "Owner's Equity", type: 'EQUITY' },
  { role: 'draw', number: '3100', name: 'Owner\'s "Draw"', type: 'EQUITY', parent: 'equity' },
  { role: 'retained', number: '3900', name: 'Retained Earnings', type: 'RETAINED_EARNINGS' },
  { role: 'sales', number: '4000', name: 'Sales', type: 'INCOME' },
  { role: 'services', number: '4100', name: 'Services', type: 'INCOME', parent: 'sales' },
  { role: 'shipping', number: '4200', name: 'Shipping Charged', type: 'INCOME' },
  { role: 'exchange', number: '4900', name: 'Exchange Gain or Loss', type: 'GAIN_OR_LOSS_ON_EXCHANGE' },
  { role: 'cogs', number: '5000', name: 'Cost of Goods Sold', type: 'COST_OF_GOODS_SOLD' },
  { role: 'rent', number: '6000', name: 'Rent', type: 'EXPENSE' },
  { role: 'office', number: '6100', name: 'Office Supplies', type: 'EXPENSE' },
  { role: 'software', number: '6110', name: 'Software', type: 'EXPENSE', parent: 'office' },
  { role: 'meals', number: '6200', name: 'Café et réceptions', type: 'EXPENSE' },
  {
    role: 'oldAdvertising',
    number: '6900',
    name: 'Newspaper Advertising (old)',
    type: 'EXPENSE',
    archived: true,
  },
  { role: 'closed', number: '6999', name: 'Entered by mistake', type: 'EXPENSE', removed: true },
];

/** Account types whose balance is positive when credits exceed debits. */
export const CREDIT_TYPES: ReadonlySet<string> = new Set([
  'ACCOUNTS_PAYABLE',
  'CLIENT_CREDIT',
  'CREDIT_CARD',
  'LONG_TERM_LIABILITY',
  'OTHER_CURRENT_LIABILITY',
  'PAYROLL_TAX',
  'TAXES',
  'EQUITY',
  'RETAINED_EARNINGS',
  'INCOME',
  'GAIN_OR_LOSS_ON_EXCHANGE',
]);

export const PROFIT_AND_LOSS_TYPES: ReadonlySet<string> = new Set([
  'INCOME',
  'GAIN_OR_LOSS_ON_EXCHANGE',
  'COST_OF_GOODS_SOLD',
  'EXPENSE',
]);

interface Account extends AccountSketch {
  id: bigint;
}

interface TaxComponent {
  name: string;
  /** Per cent. */
  rate: Decimal;
  /** Charged on the base plus the components before it. */
  compound: boolean;
  account: bigint;
}

export interface Tax {
  id: bigint;
  code: string;
  name: string;
  /** Per cent, of all components together. */
  rate: Decimal;
  removed: boolean;
  components: readonly TaxComponent[];
}

/** What every posting rule needs to know about one business; a pure function of its profile. */
export interface Book {
  profile: BusinessProfile;
  accounts: readonly Account[];
  accountOf: Readonly<Record<AccountRole, bigint>>;
  taxes: ReadonlyMap<string, Tax>;
}

type ComponentSketch = readonly [name: string, rate: Decimal, role: AccountRole, compound?: boolean];
type TaxSketch = readonly [
  code: string,
  name: string,
  rate: Decimal,
  components: readonly ComponentSketch[],
  removed?: boolean,
];

const percent = (digits: bigint, scale: number): Decimal => new Decimal(digits, scale);

const CANADIAN: readonly TaxSketch[] = [
  ['GST', 'GST 5%', percent(50n, 1), [['GST', percent(50n, 1), 'salesTax']]],
  ['PST', 'PST 7%', percent(70n, 1), [['PST', percent(70n, 1), 'provincialTax']]],
  [
    'GSTPST',
    'GST + PST 12%',
    percent(120n, 1),
    [
      ['GST', percent(50n, 1), 'salesTax'],
      ['PST', percent(70n, 1), 'provincialTax'],
    ],
  ],
  ['HST', 'HST 13%', percent(130n, 1), [['HST', percent(130n, 1), 'salesTax']]],
  [
    'QST',
    'GST + QST, compounded',
    percent(13_925n, 3),
    [
      ['GST', percent(50n, 1), 'salesTax'],
      ['QST', percent(85n, 1), 'provincialTax', true],
    ],
  ],
  ['EXEMPT', 'Tax exempt', percent(0n, 1), [['Exempt', percent(0n, 1), 'salesTax']]],
  ['OLDGST', 'GST 6% (before 2008)', percent(60n, 1), [['GST', percent(60n, 1), 'salesTax']], true],
];

/** TrulySmall allows flat taxes of one component only: its system is the more constrained one. */
const STRUCTURED: readonly TaxSketch[] = CANADIAN.filter(
  ([, , , components, removed]) => components.length === 1 && !removed,
);

const AMERICAN: readonly TaxSketch[] = [
  [
    'ST',
    'State sales tax',
    percent(725n, 2),
    [
      ['State', percent(625n, 2), 'salesTax'],
      ['County', percent(100n, 2), 'provincialTax'],
    ],
  ],
  ['EXEMPT', 'Resale', percent(0n, 1), [['Exempt', percent(0n, 1), 'salesTax']]],
];

const BRITISH: readonly TaxSketch[] = [
  ['VAT20', 'VAT 20%', percent(200n, 1), [['VAT', percent(200n, 1), 'salesTax']]],
  ['VAT0', 'VAT zero-rated', percent(0n, 1), [['VAT', percent(0n, 1), 'salesTax']]],
];

function taxSketches(profile: BusinessProfile): readonly TaxSketch[] {
  if (profile.product === 'trulysmall') return STRUCTURED;
  if (profile.homeCurrency === 'USD') return AMERICAN;
  return profile.homeCurrency === 'GBP' ? BRITISH : CANADIAN;
}

/** Ids of accounts and taxes are the first ones of the business, in the order of the chart. */
export function bookOf(profile: BusinessProfile): Book {
  const currency = profile.homeCurrency === 'USD' ? 'CAD' : 'USD';
  const accounts = SKETCHES.map(
    (sketch, index): Account => ({
      ...sketch,
      ...(sketch.currency === undefined ? {} : { currency }),
      id: profile.idBase + 1n + BigInt(index),
    }),
  );
  const accountOf = Object.fromEntries(accounts.map(({ role, id }) => [role, id])) as Record<
    AccountRole,
    bigint
  >;
  const firstTax = profile.idBase + 1n + BigInt(accounts.length);
  const taxes = taxSketches(profile).map(
    ([code, name, rate, components, removed = false], index): Tax => ({
      id: firstTax + BigInt(index),
      code,
      name,
      rate,
      removed,
      components: components.map(([component, componentRate, role, compound = false]) => ({
        name: component,
        rate: componentRate,
        compound,
        account: accountOf[role],
      })),
    }),
  );
  return { profile, accounts, accountOf, taxes: new Map(taxes.map((tax) => [tax.code, tax])) };
}

/** The first id that neither an account nor a tax of the chart uses. */
export function firstFreeId(book: Book): bigint {
  return book.profile.idBase + 1n + BigInt(book.accounts.length + book.taxes.size);
}
