/** From an invoice or bill of the unified model to KashFlow's members, and what must be right about it before. */
import type { WriteProblem, WriteRequest, WriteVerdict } from '@tributary/connector-kit';
import { addDecimal, type Decimal, multiplyDecimal, roundDecimal } from '@tributary/model';
import { rateKey } from '../lookup.ts';
import { memberText } from '../raw-records.ts';
import { decimalOrNone } from '../wire.ts';
import { childOf, type XmlElement } from '../xml.ts';
import type { LineTarget } from './sale-lookup.ts';
import {
  amountProblems,
  dateIn,
  dateProblems,
  decimalIn,
  type Fields,
  isWireId,
  listIn,
  problem,
  refIn,
  refProblems,
  textIn,
  unknownReference,
} from './values.ts';
import { decimalWire, midnight, type WireMembers } from './wire-record.ts';

const ZERO: Decimal = { unscaled: 0n, scale: 0 };
const ONE: Decimal = { unscaled: 1n, scale: 0 };
const HUNDREDTHS = 2;
const NO_VAT = '-1';
/** What KashFlow's column of an amount holds: 15 digits before the point, roughly. */
const MOST: Decimal = { unscaled: 922_337_203_685_477n, scale: 0 };

interface Words {
  readonly word: 'invoice' | 'bill';
  readonly partyRef: string;
  readonly party: string;
}

const netOf = (line: Fields): Decimal =>
  roundDecimal(
    multiplyDecimal(decimalIn(line, 'unitAmount') ?? ZERO, decimalIn(line, 'quantity') ?? ONE),
    HUNDREDTHS,
  );

export function validateSale(
  { record, action }: WriteRequest,
  { word, partyRef, party }: Words,
): WriteVerdict {
  const lines = listIn(record, 'lineItems');
  const isCreate = action === 'create';
  const errors: WriteProblem[] = [
    ...dateProblems(record, 'issueDate'),
    ...dateProblems(record, 'dueDate'),
    ...refProblems(record, partyRef, `${partyRef}.id`),
    ...amountProblems(record, 'currencyRate', 'currencyRate'),
    ...lines.flatMap(lineProblems),
  ];
  if (isCreate && refIn(record, partyRef) === undefined)
    errors.push(
      problem(
        partyRef,
        `${party}-required`,
        `KashFlow needs a ${party} on every ${word}: name one in ${partyRef}.id.`,
      ),
    );
  if (lines.length === 0) errors.push(problem('lineItems', 'required', 'Must have at least one line.'));
  const number = word === 'invoice' && isCreate ? textIn(record, 'invoiceNumber') : undefined;
  if (number !== undefined && !isWireId(number))
    errors.push(
      problem(
        'invoiceNumber',
        'whole-number',
        'KashFlow numbers invoices with whole numbers; leave it out to get the next one.',
      ),
    );
  if (errors.length === 0) errors.push(...totalProblems(lines, word));
  return { errors, warnings: statusWarnings(record, action) };
}

function lineProblems(line: Fields, index: number): WriteProblem[] {
  const path = `lineItems[${index}]`;
  const problems = [
    ...amountProblems(line, 'unitAmount', `${path}.unitAmount`),
    ...amountProblems(line, 'quantity', `${path}.quantity`),
    ...amountProblems(line, 'taxAmount', `${path}.taxAmount`),
    ...refProblems(line, 'accountRef', `${path}.accountRef`),
    ...refProblems(line, 'taxRateRef', `${path}.taxRateRef`),
  ];
  const tax = decimalIn(line, 'taxAmount');
  if (tax !== undefined && tax.unscaled !== 0n && refIn(line, 'taxRateRef') === undefined)
    problems.push(
      problem(`${path}.taxRateRef`, 'required', 'Name the tax rate that the tax amount goes with.'),
    );
  return problems;
}

function totalProblems(lines: readonly Fields[], word: Words['word']): WriteProblem[] {
  const total = lines.reduce<Decimal>((sum, line) => addDecimal(sum, netOf(line)), ZERO);
  const isTooLarge = (amount: Decimal): boolean => {
    const whole = roundDecimal(amount, 0).unscaled;
    return whole > MOST.unscaled || whole < -MOST.unscaled;
  };
  if (isTooLarge(total) || lines.some((line) => isTooLarge(netOf(line))))
    return [problem('lineItems', 'too-large', 'Quantity times unit amount is more than KashFlow can hold.')];
  if (total.unscaled >= 0n) return [];
  return [
    problem(
      'lineItems',
      'negative-total',
      `The lines come to less than nothing. KashFlow takes a negative ${word} for a credit note, which is not written as ${word === 'bill' ? 'a bill' : 'an invoice'}.`,
    ),
  ];
}

function statusWarnings(record: Fields, action: WriteRequest['action']): WriteProblem[] {
  const status = textIn(record, 'status');
  if (action === 'update' || status === undefined || !/paid/i.test(status)) return [];
  return [
    problem('status', 'not-kept', 'It is written as unpaid: KashFlow takes what is paid from payments.'),
  ];
}

/** What the client said of the record itself. A new one without a due date is due at once. */
export function headMembers(record: Fields, action: WriteRequest['action']): Record<string, string> {
  const issued = dateIn(record, 'issueDate');
  const due = dateIn(record, 'dueDate') ?? (action === 'create' ? issued : undefined);
  return {
    ...(issued === undefined ? {} : { InvoiceDate: midnight(issued) }),
    ...(due === undefined ? {} : { DueDate: midnight(due) }),
  };
}

/** Lines with the VAT that the client gave, or else what the rate comes to. */
export function lineMembers(
  record: Fields,
  rates: ReadonlyMap<string, string>,
  targets: readonly LineTarget[],
): { members: Record<string, string>[]; problems: WriteProblem[] } {
  const problems: WriteProblem[] = [];
  const members = listIn(record, 'lineItems').map((line, index) => {
    const taxId = refIn(line, 'taxRateRef');
    const percentage = taxId === undefined ? NO_VAT : rates.get(taxId);
    if (taxId !== undefined && percentage === undefined)
      problems.push(unknownReference(`lineItems[${index}].taxRateRef`, taxId));
    const rate = decimalOrNone(percentage ?? NO_VAT) ?? ZERO;
    const vat = decimalIn(line, 'taxAmount') ?? vatOf(netOf(line), rate);
    return {
      Quantity: decimalWire(decimalIn(line, 'quantity') ?? ONE),
      Description: textIn(line, 'description') ?? '',
      Rate: decimalWire(decimalIn(line, 'unitAmount') ?? ZERO),
      ChargeType: targets[index]?.ChargeType ?? '0',
      VatRate: percentage ?? NO_VAT,
      VatAmount: decimalWire(vat),
      ProductID: targets[index]?.ProductID ?? '0',
      Sort: String(index + 1),
    };
  });
  return { members, problems };
}

function vatOf(net: Decimal, rate: Decimal): Decimal {
  if (rate.unscaled <= 0n) return ZERO;
  const { unscaled, scale } = multiplyDecimal(net, rate);
  return roundDecimal({ unscaled, scale: scale + 2 }, HUNDREDTHS);
}

const HEAD = ['InvoiceDate', 'DueDate', 'CustomerID', 'CurrencyCode', 'ExchangeRate'];
const DECIMALS: ReadonlySet<string> = new Set(['Quantity', 'Rate', 'VatRate', 'VatAmount', 'ExchangeRate']);
const LINE = ['Quantity', 'Description', 'Rate', 'ChargeType', 'VatRate', 'VatAmount', 'ProductID'];

interface ComparableSale {
  readonly head: Readonly<Record<string, string>>;
  readonly lines: readonly (readonly string[])[];
}

/** What an update writes, in a form in which the record can be compared with it. */
export function comparableSaleOf(head: WireMembers, lines: readonly WireMembers[]): ComparableSale {
  const names = HEAD.filter((name) => head[name] !== undefined);
  return {
    head: Object.fromEntries(names.map((name) => [name, comparableText(name, head[name] ?? '')])),
    lines: lines.map((line) => LINE.map((name) => comparableText(name, line[name] ?? ''))),
  };
}

/** The same of a record at KashFlow. */
export function comparableSale(element: XmlElement, headNames: readonly string[] = HEAD): ComparableSale {
  return {
    head: Object.fromEntries(
      headNames.map((name) => [name, comparableText(name, memberText(element, name))]),
    ),
    lines: (childOf(element, 'Lines')?.elements ?? []).map((line) =>
      LINE.map((name) => comparableText(name, memberText(line, name))),
    ),
  };
}

/** Decimals by their value: KashFlow shows more places than were written. */
function comparableText(name: string, text: string): string {
  if (!DECIMALS.has(name)) return text.trim();
  try {
    const decimal = decimalOrNone(text);
    return decimal === undefined ? '' : rateKey(decimal);
  } catch {
    return text;
  }
}
