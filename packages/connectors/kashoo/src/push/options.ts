/** What Kashoo takes of each record that clients can write, by the names of the unified model. */
import type { BookChoices, WriteChoice, WriteDescription, WriteOption } from '@tributary/connector-kit';
import type { AnyDataTypeKey } from '@tributary/model';
import { amount, array, choices, date, number, object, record, reference, text } from './fields.ts';

type Describe = (books: BookChoices) => WriteOption;

const accountChoices = ({ accounts }: BookChoices): WriteChoice[] =>
  accounts.map(({ id, name, nominalCode }) => ({
    value: id,
    type: 'String',
    displayName: nominalCode === undefined ? name : `${nominalCode} ${name}`,
  }));

const bankChoices = (books: BookChoices): WriteChoice[] =>
  accountChoices({ ...books, accounts: books.accounts.filter(({ isBankAccount }) => isBankAccount) });

const taxChoices = ({ taxRates }: BookChoices): WriteChoice[] =>
  taxRates.map(({ id, name }) => ({ value: id, type: 'String', displayName: name }));

const currency = text(
  'currency',
  'Currency',
  'ISO 4217 code; the currency of the business when it is left out.',
);
const currencyRate = number(
  'currencyRate',
  'Currency rate',
  'Units of the business’s currency for one unit of the record’s.',
  {
    refusedWhen: ['Is needed when the currency is not that of the business.'],
  },
);
const note = text('note', 'Note', 'Memo of the record.');

const addresses = array('addresses', 'Addresses', 'The first one is kept.', [
  text('type', 'Type', 'What the address is for.', {
    required: true,
    options: choices({ Billing: 'Billing', Delivery: 'Delivery', Unknown: 'Unknown' }),
  }),
  text('line1', 'Line 1', 'Street.'),
  text('line2', 'Line 2', 'Added to the street.'),
  text('city', 'City', 'City.'),
  text('region', 'Region', 'Province or state.'),
  text('country', 'Country', 'Country.'),
  text('postalCode', 'Postal code', 'Postal code.'),
]);

const emailAddress = text('emailAddress', 'E-mail address', 'E-mail address.');
const phone = text('phone', 'Phone', 'Telephone number.');
const defaultCurrency = text('defaultCurrency', 'Default currency', 'ISO 4217 code.');

function contact(kind: 'Customer' | 'Supplier', nameField: string): Describe {
  return () =>
    record(kind, `A contact of Kashoo that is a ${kind.toLowerCase()}.`, [
      text(nameField, 'Name', `Name of the ${kind.toLowerCase()}.`, {
        required: true,
        refusedWhen: ['Must not be empty.'],
      }),
      emailAddress,
      phone,
      addresses,
      defaultCurrency,
      text('status', 'Status', 'A new contact is active.', {
        required: true,
        options: choices({ Active: 'Active', Archived: 'Archived' }),
      }),
    ]);
}

function saleLines(books: BookChoices, accountNote: string) {
  return array(
    'lineItems',
    'Line items',
    'Lines, each before tax.',
    [
      text('description', 'Description', 'Text of the line.'),
      amount('unitAmount', 'Unit amount', 'Price of one unit, before tax.', { required: true }),
      number('quantity', 'Quantity', 'How many units.', { required: true }),
      reference('accountRef', 'Account', accountNote, { required: true, options: accountChoices(books) }),
      reference('taxRateRef', 'Tax rate', 'No tax when it is left out.', { options: taxChoices(books) }),
      reference('itemRef', 'Item', 'Item that was sold or bought.'),
    ],
    { required: true, refusedWhen: ['Must have at least one line.'] },
  );
}

const invoice: Describe = (books) =>
  record('Invoice', 'A sales invoice.', [
    text('invoiceNumber', 'Invoice number', 'Kashoo numbers the invoice when it is left out.'),
    reference('customerRef', 'Customer', 'No customer when it is left out, or when the id is NullId.'),
    date('issueDate', 'Issue date', 'Date of the invoice.', { required: true }),
    date('dueDate', 'Due date', 'The issue date when it is left out.'),
    currency,
    currencyRate,
    saleLines(books, 'Income account of the line.'),
    text('status', 'Status', 'A new invoice is submitted; payments change it.', {
      required: true,
      options: choices({ Submitted: 'Submitted', PartiallyPaid: 'Partly paid', Paid: 'Paid' }),
    }),
    note,
  ]);

const bill: Describe = (books) =>
  record('Bill', 'A supplier’s invoice to the business.', [
    text('reference', 'Reference', 'Number that the supplier gave the bill.'),
    reference('supplierRef', 'Supplier', 'No supplier when it is left out, or when the id is NullId.'),
    date('issueDate', 'Issue date', 'Date of the bill.', { required: true }),
    date('dueDate', 'Due date', 'The issue date when it is left out.'),
    currency,
    currencyRate,
    saleLines(books, 'Expense account of the line.'),
    text('status', 'Status', 'A new bill is open; payments change it.', {
      required: true,
      options: choices({ Open: 'Open', PartiallyPaid: 'Partly paid', Paid: 'Paid' }),
    }),
    note,
  ]);

function paymentOf(kind: 'Invoice' | 'Bill'): Describe {
  const [party, title] =
    kind === 'Invoice' ? (['customerRef', 'Customer'] as const) : (['supplierRef', 'Supplier'] as const);
  return (books) =>
    record(kind === 'Invoice' ? 'Payment' : 'Bill payment', `Money for ${kind.toLowerCase()}s.`, [
      reference(party, title, `${title} of the payment.`),
      reference('accountRef', 'Account', 'Account that the money goes through.', {
        required: true,
        options: bankChoices(books),
      }),
      amount('totalAmount', 'Total amount', 'Amount of the payment.', {
        required: true,
        refusedWhen: ['Must be the sum of its lines.'],
      }),
      currency,
      currencyRate,
      date('date', 'Date', 'Date of the payment.', { required: true }),
      note,
      array('lines', 'Lines', `What the payment settles.`, [
        amount('amount', 'Amount', 'Amount of the line.', { required: true }),
        array('links', 'Links', `The ${kind.toLowerCase()} that the line pays.`, [
          text('type', 'Type', 'What is paid; on account: nothing yet.', {
            required: true,
            options: choices({ [kind]: kind, PaymentOnAccount: 'Payment on account' }),
          }),
          text('id', 'Id', `Id of the ${kind.toLowerCase()}.`),
          amount('amount', 'Amount', 'Below zero: it lowers what is due.', { required: true }),
        ]),
      ]),
    ]);
}

const item: Describe = (books) => {
  const side = (name: string, title: string, price: string) =>
    object(name, title, `How it is ${price}.`, [
      text('description', 'Description', 'Text of a line with the item.'),
      amount('unitPrice', 'Unit price', 'Price of one unit, before tax.'),
      reference('accountRef', 'Account', 'Account of a line with the item.', {
        options: accountChoices(books),
      }),
      reference('taxRateRef', 'Tax rate', 'Tax of a line with the item.', { options: taxChoices(books) }),
    ]);
  return record('Item', 'Something that is sold or bought. TrulySmall Accounting has no items.', [
    text('name', 'Name', 'Name of the item.', { required: true, refusedWhen: ['Must not be empty.'] }),
    text('code', 'Code', 'Stock-keeping unit.'),
    text('itemStatus', 'Status', 'A new item is active.', {
      required: true,
      options: choices({ Active: 'Active' }),
    }),
    text('type', 'Type', 'Inventory is kept in Kashoo itself.', {
      required: true,
      options: choices({ NonInventory: 'Not kept in stock', Service: 'Service' }),
    }),
    side('invoiceItem', 'Sale', 'sold'),
    side('billItem', 'Purchase', 'bought'),
  ]);
};

const journalEntry: Describe = (books) =>
  record('Journal entry', 'An adjustment of Kashoo: debits and credits of one day.', [
    date('postedOn', 'Posted on', 'Date of the entry.', { required: true }),
    text('description', 'Description', 'Memo of the entry.'),
    array(
      'journalLines',
      'Journal lines',
      'A debit is above zero, a credit below.',
      [
        amount('netAmount', 'Net amount', 'Debit minus credit.', { required: true }),
        reference('accountRef', 'Account', 'Account of the line.', {
          required: true,
          options: accountChoices(books),
        }),
        text('description', 'Description', 'Text of the line.'),
      ],
      { required: true, refusedWhen: ['Must have at least two lines.', 'Must add up to 0.'] },
    ),
  ]);

const transfer: Describe = (books) => {
  const side = (name: 'from' | 'to') =>
    object(
      name,
      name === 'from' ? 'From' : 'To',
      name === 'from' ? 'Where the money leaves.' : 'Where the money arrives.',
      [
        reference('accountRef', 'Account', 'A bank, cash or credit card account.', {
          required: true,
          options: bankChoices(books),
        }),
        amount('amount', 'Amount', 'The same on both sides.', { required: true }),
      ],
      { required: true },
    );
  return record('Transfer', 'Money moved between two accounts of the business.', [
    date('date', 'Date', 'Date of the transfer.', { required: true }),
    text('description', 'Description', 'Memo of the transfer.'),
    side('from'),
    side('to'),
  ]);
};

const account: Describe = () =>
  record('Account', 'An account of the chart of accounts.', [
    text('name', 'Name', 'Name of the account.', { required: true, refusedWhen: ['Must not be empty.'] }),
    text('nominalCode', 'Nominal code', 'Number of the account.', {
      notes: ['Should not be that of another account.'],
    }),
    text('description', 'Description', 'What the account is for.'),
    text('fullyQualifiedCategory', 'Category', 'Kind of the account.', {
      required: true,
      options: choices({
        'Asset.BankAccount': 'Bank',
        'Asset.Cash': 'Cash',
        'Asset.FixedAsset': 'Fixed asset',
        'Asset.OtherAsset': 'Other asset',
        'Asset.OtherCurrentAsset': 'Other current asset',
        'Liability.CreditCard': 'Credit card',
        'Liability.LongTermLiability': 'Long-term liability',
        'Liability.OtherCurrentLiability': 'Other current liability',
        Equity: 'Equity',
        Income: 'Income',
        'Expense.CostOfGoodsSold': 'Cost of goods sold',
        Expense: 'Expense',
      }),
    }),
  ]);

/** Kashoo writes journals as adjustments; clients know them by either name. */
const descriptions: ReadonlyMap<AnyDataTypeKey, Describe> = new Map<AnyDataTypeKey, Describe>([
  ['customers', contact('Customer', 'customerName')],
  ['suppliers', contact('Supplier', 'supplierName')],
  ['invoices', invoice],
  ['bills', bill],
  ['payments', paymentOf('Invoice')],
  ['billPayments', paymentOf('Bill')],
  ['items', item],
  ['journals', journalEntry],
  ['journalEntries', journalEntry],
  ['transfers', transfer],
  ['chartOfAccounts', account],
]);

/** What can be written to Kashoo. */
export const writing: WriteDescription = {
  dataTypes: new Set(descriptions.keys()),
  describe(dataType, books) {
    const describe = descriptions.get(dataType);
    if (describe === undefined) throw new TypeError(`Kashoo takes no ${dataType}`);
    return describe(books);
  },
};
