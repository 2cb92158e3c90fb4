import { z } from 'zod';
import { Decimal, ONE } from '../../exact/decimal.ts';
import { isDate } from '../calendar.ts';

/** Bodies of POST and PUT, as `parseJson` gives them: integers are `bigint`, other numbers `Decimal`. Unknown members are ignored. */
const decimal = z.union([z.bigint().transform((whole) => new Decimal(whole, 0)), z.instanceof(Decimal)], {
  error: 'expected a number',
});
const cents = z.bigint({ error: 'expected an integer number of cents' });
const date = z.string().refine(isDate, { error: 'expected a day as YYYY-MM-DD' });
const currency = z.string().regex(/^[A-Z]{3}$/, { error: 'expected a currency code of three capitals' });

const head = {
  number: z.string().optional(),
  contact: z.bigint().nullish(),
  contactName: z.string().nullish(),
  date: date.optional(),
  currency: currency.optional(),
  exchangeRate: decimal.optional(),
  description: z.string().default(''),
  memo: z.string().default(''),
};

export const saleInput = z.object({
  ...head,
  dueDate: date.optional(),
  terms: z.string().default('NET30'),
  poNumber: z.string().default(''),
  lineItems: z.array(
    z.object({
      id: z.bigint().optional(),
      item: z.bigint().optional(),
      description: z.string().default(''),
      account: z.bigint().optional(),
      quantity: decimal.default(ONE),
      rate: decimal,
      taxCode: z.string().default(''),
      taxAmount: cents.optional(),
    }),
  ),
});

export const paymentInput = z.object({
  ...head,
  account: z.bigint().optional(),
  amount: cents,
  allocations: z.array(z.object({ record: z.bigint(), amount: cents })).default([]),
  method: z.string().default(''),
});

const side = cents.refine((value) => value >= 0n, { error: 'must not be negative' }).default(0n);

export const adjustmentInput = z.object({
  ...head,
  lines: z
    .array(z.object({ account: z.bigint(), debit: side, credit: side, description: z.string().default('') }))
    .min(2),
});

export const transferInput = z.object({
  ...head,
  fromAccount: z.bigint(),
  toAccount: z.bigint(),
  amount: cents,
});

export const contactInput = z.object({
  type: z.enum(['CUSTOMER', 'VENDOR', 'PARTNER', 'OWNER', 'GOVERNMENT', 'OTHER', 'EMPLOYEE']),
  name: z.string().min(1),
  email: z.string().default(''),
  phoneNumbers: z.string().default(''),
  currency: currency.optional(),
  contactInformation: z
    .object({
      address: z
        .object({
          street: z.string().default(''),
          city: z.string().default(''),
          province: z.string().default(''),
          postalCode: z.string().default(''),
          country: z.string().default(''),
        })
        .optional(),
    })
    .optional(),
  archived: z.boolean().default(false),
});

export const itemInput = z.object({
  name: z.string().min(1),
  sku: z.string().default(''),
  description: z.string().optional(),
  defaultTaxCode: z.string().default(''),
  defaultSellRate: decimal.optional(),
  defaultBuyRate: decimal.optional(),
  creditAccount: z.bigint().optional(),
  debitAccount: z.bigint().optional(),
});

export const accountInput = z.object({
  name: z.string().min(1),
  number: z.string().default(''),
  description: z.string().default(''),
  type: z.enum([
    'ACCOUNTS_RECEIVABLE',
    'ACCOUNTS_PAYABLE',
    'BANK',
    'COST_OF_GOODS_SOLD',
    'CREDIT_CARD',
    'EQUITY',
    'EXPENSE',
    'FIXED_ASSET',
    'INCOME',
    'GAIN_OR_LOSS_ON_EXCHANGE',
    'LONG_TERM_LIABILITY',
    'OTHER_CURRENT_ASSET',
    'OTHER_CURRENT_LIABILITY',
    'OTHER_ASSET',
    'TAXES',
    'CASH',
    'RETAINED_EARNINGS',
    'PREPAID_EXPENSE',
    'CLIENT_CREDIT',
    'INVENTORY',
    'PAYROLL_TAX',
  ]),
});

export type HeadInput = Pick<z.output<typeof transferInput>, keyof typeof head>;
export type SaleInput = z.output<typeof saleInput>;
export type PaymentInput = z.output<typeof paymentInput>;
