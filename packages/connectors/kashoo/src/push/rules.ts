/** What Kashoo refuses of a record although each member by itself is right; pure. */
import type { WriteProblem, WriteRequest, WriteVerdict } from '@tributary/connector-kit';
import { centsOf, decimalOf, listOf, type Members, membersOf, referenceId, textOf } from './unified.ts';

type Report = (itemId: string, message: string, validatorName: string) => void;
type Rule = (request: WriteRequest, refuse: Report, warn: Report) => void;

/** Ids are 64-bit integers. */
const ID = /^[1-9][0-9]{0,18}$/;
/** What an int64 of cents holds. */
const mostCents = 9_223_372_036_854_775_807n;

const contact =
  (nameField: string): Rule =>
  ({ record, action }, refuse, warn) => {
    if (action === 'create' && record['status'] !== 'Active')
      refuse('status', 'A new contact is active.', 'one-of');
    if (textOf(record[nameField]) === undefined)
      refuse(nameField, `${nameField} must not be empty.`, 'required');
    const others = listOf(record['addresses']).length;
    if (others > 1) warn('addresses', 'Kashoo keeps one address: the others are left out.', 'not-taken');
  };

const sale =
  (partyField: string): Rule =>
  ({ record, action }, refuse) => {
    const lines = listOf(record['lineItems']);
    if (lines.length === 0) refuse('lineItems', 'There must be at least one line.', 'required');
    idOf(record, partyField, '', refuse);
    for (const [index, line] of lines.entries()) {
      const at = `lineItems[${index}]`;
      for (const name of ['accountRef', 'taxRateRef', 'itemRef'])
        if (name !== 'taxRateRef') idOf(line, name, `${at}.`, refuse);
      noDiscount(line, at, refuse);
    }
    for (const name of ['discountPercentage', 'totalDiscount'])
      if (isAmount(record[name]))
        refuse(name, 'Kashoo takes no discounts: lower the prices of the lines.', 'discount');
    if (action === 'create' && record['status'] !== 'Submitted' && record['status'] !== 'Open')
      refuse('status', 'A new record is unpaid: pay it by writing a payment.', 'one-of');
    rateOf(record, refuse);
  };

function noDiscount(line: Members, at: string, refuse: Report): void {
  for (const name of ['discountAmount', 'discountPercentage'])
    if (isAmount(line[name]))
      refuse(`${at}.${name}`, 'Kashoo takes no discounts: lower the price of the line.', 'discount');
}

function isAmount(value: unknown): boolean {
  return (decimalOf(value)?.unscaled ?? 0n) !== 0n;
}

const payment =
  (linkType: 'Invoice' | 'Bill', partyField: string): Rule =>
  ({ record }, refuse) => {
    const total = money(record, 'totalAmount', '', refuse);
    idOf(record, partyField, '', refuse);
    idOf(record, 'accountRef', '', refuse);
    let sum = 0n;
    const lines = listOf(record['lines']);
    for (const [index, line] of lines.entries()) {
      const at = `lines[${index}]`;
      const amount = money(line, 'amount', `${at}.`, refuse);
      const links = listOf(line['links']);
      sum += amount ?? 0n;
      let linked = 0n;
      for (const [position, link] of links.entries()) {
        const place = `${at}.links[${position}]`;
        linked += money(link, 'amount', `${place}.`, refuse) ?? 0n;
        if (link['type'] === linkType && referenceId(link) === undefined)
          refuse(`${place}.id`, `It must name the ${linkType.toLowerCase()} that is paid.`, 'required');
        else if (link['type'] === linkType) idOf({ link }, 'link', `${place}.`, refuse);
      }
      if (links.length > 0 && amount !== undefined && amount !== -linked)
        refuse(`${at}.amount`, 'The line must be what its links take off, with the other sign.', 'sum');
    }
    if (lines.length > 0 && total !== undefined && sum !== total)
      refuse('totalAmount', 'It must be the sum of its lines.', 'sum');
    rateOf(record, refuse);
  };

const item: Rule = ({ record }, refuse) => {
  if (textOf(record['name']) === undefined) refuse('name', 'name must not be empty.', 'required');
  for (const side of ['invoiceItem', 'billItem'])
    idOf(membersOf(record[side]), 'accountRef', `${side}.`, refuse);
};

const journalEntry: Rule = ({ record }, refuse) => {
  const lines = listOf(record['journalLines']);
  if (lines.length < 2) refuse('journalLines', 'There must be at least two lines.', 'required');
  let sum = 0n;
  for (const [index, line] of lines.entries()) {
    const at = `journalLines[${index}].`;
    sum += money(line, 'netAmount', at, refuse) ?? 0n;
    if (referenceId(line['accountRef']) === undefined)
      refuse(`${at}accountRef`, 'A line of a journal must name its account.', 'required');
    else idOf(line, 'accountRef', at, refuse);
  }
  if (sum !== 0n) refuse('journalLines', 'The lines must add up to 0.', 'sum');
};

const transfer: Rule = ({ record }, refuse) => {
  const sides = ['from', 'to'].map((name) => {
    const side = membersOf(record[name]);
    idOf(side, 'accountRef', `${name}.`, refuse);
    if (referenceId(side['accountRef']) === undefined)
      refuse(`${name}.accountRef`, 'A transfer must name both accounts.', 'required');
    return { amount: money(side, 'amount', `${name}.`, refuse), account: referenceId(side['accountRef']) };
  });
  const [from, to] = sides;
  if (from?.amount !== to?.amount) refuse('to.amount', 'It must be the amount that leaves.', 'sum');
  if ((from?.amount ?? 1n) <= 0n) refuse('from.amount', 'It must be above zero.', 'range');
  if (from?.account !== undefined && from.account === to?.account)
    refuse('to.accountRef', 'Money cannot be moved to where it is.', 'different');
};

const account: Rule = ({ record }, refuse) => {
  if (textOf(record['name']) === undefined) refuse('name', 'name must not be empty.', 'required');
};

const RULES: Readonly<Record<string, Rule>> = {
  customers: contact('customerName'),
  suppliers: contact('supplierName'),
  invoices: sale('customerRef'),
  bills: sale('supplierRef'),
  payments: payment('Invoice', 'customerRef'),
  billPayments: payment('Bill', 'supplierRef'),
  items: item,
  journals: journalEntry,
  journalEntries: journalEntry,
  transfers: transfer,
  chartOfAccounts: account,
};

/** See `RecordWriter.validate`. */
export function validate(request: WriteRequest): WriteVerdict {
  const errors: WriteProblem[] = [];
  const warnings: WriteProblem[] = [];
  const reportTo =
    (problems: WriteProblem[]): Report =>
    (itemId, message, validatorName) =>
      problems.push({ itemId, message, validatorName });
  RULES[request.dataType]?.(request, reportTo(errors), reportTo(warnings));
  return { errors, warnings };
}

function money(members: Members, name: string, at: string, refuse: Report): bigint | undefined {
  if (members[name] === undefined) return undefined;
  const cents = centsOf(members[name]);
  if (cents === undefined) refuse(at + name, 'It must have at most two decimals.', 'decimals');
  else if (cents > mostCents || cents < -mostCents) refuse(at + name, 'It is out of range.', 'range');
  return cents;
}

function idOf(members: Members, name: string, at: string, refuse: Report): void {
  const id = referenceId(members[name]);
  if (id !== undefined && !ID.test(id))
    refuse(`${at}${name}.id`, 'It is no id of Kashoo, whose ids are whole numbers.', 'unknown-reference');
}

function rateOf(record: Members, refuse: Report): void {
  const rate = decimalOf(record['currencyRate']);
  if (rate !== undefined && rate.unscaled <= 0n) refuse('currencyRate', 'It must be above zero.', 'range');
}
