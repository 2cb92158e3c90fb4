/** What KashFlow takes of each record that clients can write, by the names of the unified model. */
import {
  type BookChoices,
  type WriteChoice,
  type WriteDescription,
  type WriteOption,
  writeFields,
} from '@tributary/connector-kit';
import type { AnyDataTypeKey } from '@tributary/model';

const { array, choices, date, number, object, record, reference, text } = writeFields;

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

/** An amount, or a quantity: KashFlow keeps four decimals. */
const amount = (
  name: string,
  displayName: string,
  description: string,
  details: writeFields.Details = {},
): writeFields.Named =>
  number(name, displayName, description, {
    ...details,
    refusedWhen: [
      'Must have at most 4 decimals, and 15 digits before the point.',
      ...(details.refusedWhen ?? []),
    ],
  });

const marked = (where: string): { notes: string[] } => ({
  notes: [`${where} also gets a short mark (T- and twelve characters), by which the record is found again.`],
});

const addresses = array('addresses', 'Addresses', 'One for bills, and one for deliveries to a customer.', [
  text('type', 'Type', 'What the address is for.', {
    options: choices({ Billing: 'Billing', Delivery: 'Delivery', Unknown: 'Unknown' }),
  }),
  text('line1', 'Line 1', 'Street.'),
  text('line2', 'Line 2', 'Added to the street.'),
  text('city', 'City', 'City.'),
  text('region', 'Region', 'County.'),
  text('country', 'Country', 'Country; KashFlow keeps none of a supplier.'),
  text('postalCode', 'Postal code', 'Postcode.'),
]);

function contact(kind: 'Customer' | 'Supplier', nameField: string): Describe {
  return () =>
    record(kind, `A ${kind.toLowerCase()} of the business.`, [
      text(nameField, 'Name', `Name of the ${kind.toLowerCase()}.`, {
        required: true,
        refusedWhen: ['Must not be empty.'],
        ...marked('The notes of a new record'),
      }),
      text('contactName', 'Contact name', 'The person to talk to.'),
      text('emailAddress', 'E-mail address', 'E-mail address.'),
      text('phone', 'Phone', 'Telephone number.'),
      addresses,
      text('taxNumber', 'Tax number', 'VAT number.'),
      text('defaultCurrency', 'Default currency', 'ISO 4217 code of a currency that the business has.'),
      text('status', 'Status', 'KashFlow archives nobody.', {
        options: choices({ Active: 'Active', Unknown: 'Unknown' }),
      }),
    ]);
}

function saleLines(books: BookChoices) {
  return array(
    'lineItems',
    'Line items',
    'Lines, each before tax.',
    [
      text('description', 'Description', 'Text of the line.'),
      amount('unitAmount', 'Unit amount', 'Price of one unit, before tax.', { required: true }),
      amount('quantity', 'Quantity', 'How many units.', { required: true }),
      reference(
        'itemRef',
        'Item',
        'Item that was sold or bought; the default item when there is no such one.',
      ),
      reference('accountRef', 'Account', 'Nominal code of the line; that of the item when it is left out.', {
        options: accountChoices(books),
        refusedWhen: ['Is needed when the line names no item and there is no default item.'],
      }),
      reference('taxRateRef', 'Tax rate', 'VAT does not apply when it is left out.', {
        options: taxChoices(books),
      }),
      amount('taxAmount', 'Tax amount', 'VAT of the line; what the rate comes to when it is left out.'),
    ],
    { required: true, refusedWhen: ['Must have at least one line.', 'Must not come to less than 0.'] },
  );
}

const currency = [
  text('currency', 'Currency', 'ISO 4217 code; the currency of the business when it is left out.'),
  amount('currencyRate', 'Currency rate', 'Units of the business’s currency for one unit of the record’s.', {
    refusedWhen: ['Is needed when the currency is not that of the business.'],
  }),
];
const defaultItem = reference(
  'defaultItemRef',
  'Default item',
  'Item of lines whose item is not there, or that name neither item nor account.',
);

const invoice: Describe = (books) =>
  record('Invoice', 'A sales invoice.', [
    text(
      'invoiceNumber',
      'Invoice number',
      'A whole number; KashFlow takes the next one when it is left out.',
      {
        refusedWhen: ['Must not be the number of another invoice.'],
        ...marked('The customer reference of a new invoice'),
      },
    ),
    reference('customerRef', 'Customer', 'Who is billed. KashFlow has no invoices without a customer.', {
      refusedWhen: ['A new invoice must name a customer: NullId names nobody.'],
    }),
    date('issueDate', 'Issue date', 'Date of the invoice.', { required: true }),
    date('dueDate', 'Due date', 'The issue date when a new invoice has none.'),
    ...currency,
    saleLines(books),
    defaultItem,
    text('status', 'Status', 'KashFlow has no drafts, and takes what is paid from payments.', {
      options: choices({ Submitted: 'Submitted', PartiallyPaid: 'Partially paid', Paid: 'Paid' }),
    }),
  ]);

const bill: Describe = (books) =>
  record('Bill', 'A supplier’s invoice to the business: a receipt of KashFlow.', [
    text(
      'reference',
      'Reference',
      'Number that the supplier gave the bill; KashFlow keeps one of its own beside it.',
      {
        ...marked('The reference of a new bill'),
      },
    ),
    reference('supplierRef', 'Supplier', 'Who bills. KashFlow has no receipts without a supplier.', {
      refusedWhen: ['A new bill must name a supplier: NullId names nobody.'],
    }),
    date('issueDate', 'Issue date', 'Date of the bill.', { required: true }),
    date('dueDate', 'Due date', 'The issue date when a new bill has none.'),
    ...currency,
    saleLines(books),
    defaultItem,
    text('status', 'Status', 'KashFlow has no drafts, and takes what is paid from payments.', {
      options: choices({ Open: 'Open', PartiallyPaid: 'Partially paid', Paid: 'Paid' }),
    }),
  ]);

const payment: Describe = (books) =>
  record('Payment', 'Money of a customer for one invoice.', [
    reference('customerRef', 'Customer', 'The customer of the invoice; need not be named.'),
    reference('accountRef', 'Account', 'Bank account that the money went to.', {
      required: true,
      options: bankChoices(books),
    }),
    reference('paymentMethodRef', 'Payment method', 'The first of the business when it is left out.'),
    amount('totalAmount', 'Total amount', 'Amount of the payment.', {
      required: true,
      refusedWhen: ['Must be above 0.', 'Must not be more than is due on the invoice.'],
    }),
    date('date', 'Date', 'Date of the payment.', { required: true }),
    text('note', 'Note', 'Note of the payment.', marked('The note')),
    array(
      'lines',
      'Lines',
      'One line: a payment of KashFlow is for one invoice.',
      [
        amount('amount', 'Amount', 'The total amount.', { required: true }),
        array('links', 'Links', 'The invoice that is paid.', [
          text('type', 'Type', 'What is paid.', { required: true, options: choices({ Invoice: 'Invoice' }) }),
          text('id', 'Id', 'Id of the invoice.', { required: true }),
          amount('amount', 'Amount', 'Below zero: it lowers what is due.', { required: true }),
        ]),
      ],
      { required: true, refusedWhen: ['Must be one line with one link.'] },
    ),
  ]);

const item: Describe = (books) =>
  record('Item', 'A sub-product: something that is sold under a product, which is an account.', [
    text('name', 'Name', 'Name of the item.', { required: true, refusedWhen: ['Must not be empty.'] }),
    text('code', 'Code', 'Stock-keeping unit; one is made up when it is left out.', {
      refusedWhen: ['Must not be the code of another item.'],
    }),
    text('itemStatus', 'Status', 'KashFlow archives no item.', { options: choices({ Active: 'Active' }) }),
    text('type', 'Type', 'Stock is kept in KashFlow itself.', {
      options: choices({ NonInventory: 'Not kept in stock', Service: 'Service', Inventory: 'Kept in stock' }),
    }),
    object('invoiceItem', 'Sale', 'How it is sold.', [
      text('description', 'Description', 'Text of a line with the item.'),
      amount('unitPrice', 'Unit price', 'Price of one unit, before tax.'),
      reference('accountRef', 'Account', 'The product that the item lies below.', {
        options: accountChoices(books),
        refusedWhen: ['A new item must name an account that sales are made under.'],
      }),
      reference('taxRateRef', 'Tax rate', 'VAT does not apply when it is left out.', {
        options: taxChoices(books),
      }),
    ]),
    object('billItem', 'Purchase', 'How it is bought.', [
      text('description', 'Description', 'Text of the item, when the sale has none.'),
      amount('unitPrice', 'Unit price', 'Wholesale price of one unit.'),
    ]),
  ]);

const descriptions: ReadonlyMap<AnyDataTypeKey, Describe> = new Map<AnyDataTypeKey, Describe>([
  ['customers', contact('Customer', 'customerName')],
  ['suppliers', contact('Supplier', 'supplierName')],
  ['items', item],
  ['invoices', invoice],
  ['bills', bill],
  ['payments', payment],
]);

/** What can be written to KashFlow. */
export const writing: WriteDescription = {
  dataTypes: new Set(descriptions.keys()),
  describe(dataType, books) {
    const describe = descriptions.get(dataType);
    if (describe === undefined) throw new TypeError(`KashFlow takes no ${dataType}`);
    return describe(books);
  },
};
