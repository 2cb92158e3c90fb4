/** What invoices and bills promise. */
import {
  type Amount,
  absolute,
  amountOf,
  amountText,
  compareAmounts,
  isSame,
  minus,
  plus,
  rounded,
  signOf,
} from './amounts.ts';
import { elementsOf, type SaleDocument, type SaleLine } from './documents.ts';
import {
  type IntegrityJudge,
  type IntegrityRule,
  type IntegrityRules,
  referenceRule,
  ruleOf,
} from './judge.ts';
import { checkCurrency, checkRate, checkReference, checkYear, dayOf } from './shared.ts';

type Total = 'subTotal' | 'taxAmount' | 'totalAmount';

/** @returns undefined when a line lacks the member */
function sumOf(
  lines: readonly SaleLine[],
  member: Total,
  each: (amount: Amount) => Amount,
): Amount | undefined {
  let sum: Amount = 0;
  for (const line of lines) {
    const amount = amountOf(line[member]);
    if (amount === undefined) return undefined;
    sum = plus(sum, each(amount));
  }
  return sum;
}

const asItIs = (amount: Amount): Amount => amount;

/** Lines may carry fractions of a cent, which a platform rounds line by line or at the end: both are sound. */
function checkSum(
  judge: IntegrityJudge,
  rule: IntegrityRule,
  lines: readonly SaleLine[],
  {
    member,
    what,
    stated,
  }: { readonly member: Total; readonly what: string; readonly stated: Amount | undefined },
): void {
  if (stated === undefined || lines.length === 0) return;
  const sum = sumOf(lines, member, asItIs);
  if (sum === undefined || isSame(sum, stated) || isSame(rounded(sum), stated)) return;
  const sumOfRounded = sumOf(lines, member, rounded);
  if (sumOfRounded === undefined || isSame(sumOfRounded, stated)) return;
  judge.found(
    rule,
    `${what} of the lines adds up to ${amountText(sum)}, the record says ${amountText(stated)}.`,
  );
}

/** What is allocated to a record in all; undefined when nothing says. */
function allocatedTo({ paymentAllocations }: SaleDocument): Amount | undefined {
  let sum: Amount | undefined;
  for (const { allocation } of elementsOf(paymentAllocations)) {
    const amount = amountOf(allocation?.totalAmount);
    if (amount !== undefined) sum = sum === undefined ? amount : plus(sum, amount);
  }
  return sum;
}

export function saleRules(dataType: 'invoices' | 'bills'): IntegrityRules {
  const isInvoice = dataType === 'invoices';
  const subject = isInvoice ? 'invoice' : 'bill';
  const party = isInvoice
    ? referenceRule(subject, '050', 'customers', 'The customer')
    : referenceRule(subject, '050', 'suppliers', 'The supplier');
  const account = referenceRule(subject, '051', 'chartOfAccounts', 'The account of a line,');
  const item = referenceRule(subject, '052', 'items', 'The item of a line,');
  const taxRate = referenceRule(subject, '053', 'taxRates', 'The tax rate of a line,');
  const linesTotal = ruleOf(subject, '030', 'error');
  const linesTax = ruleOf(subject, '031');
  const linesSubTotal = ruleOf(subject, '032');
  const totals = ruleOf(subject, '033', 'error');
  const due = ruleOf(subject, '034');
  const paid = ruleOf(subject, '035');
  const currency = ruleOf(subject, '040');
  const rate = ruleOf(subject, '041');
  const dueBeforeIssue = ruleOf(subject, '070');
  const issueYear = ruleOf(subject, '071');
  const dueYear = ruleOf(subject, '072');

  const checkAmounts = (record: SaleDocument, judge: IntegrityJudge): void => {
    const lines = elementsOf(record.lineItems);
    const total = amountOf(record.totalAmount);
    const tax = amountOf(isInvoice ? record.totalTaxAmount : record.taxAmount);
    const subTotal = amountOf(record.subTotal);
    checkSum(judge, linesTotal, lines, { member: 'totalAmount', what: 'The total', stated: total });
    checkSum(judge, linesTax, lines, { member: 'taxAmount', what: 'The tax', stated: tax });
    checkSum(judge, linesSubTotal, lines, { member: 'subTotal', what: 'The sub-total', stated: subTotal });
    if (total === undefined) return;
    if (subTotal !== undefined && tax !== undefined && !isSame(plus(subTotal, tax), total))
      judge.found(
        totals,
        `The sub-total ${amountText(subTotal)} and the tax ${amountText(tax)} make ${amountText(plus(subTotal, tax))}, the total is ${amountText(total)}.`,
      );
    const amountDue = amountOf(record.amountDue);
    if (amountDue === undefined || record.status === 'Void') return;
    if (signOf(amountDue) * signOf(total) < 0 || compareAmounts(absolute(amountDue), absolute(total)) > 0)
      judge.found(due, `${amountText(amountDue)} is due of a total of ${amountText(total)}.`);
    if (isSame(amountDue, total)) return;
    const allocated = allocatedTo(record);
    if (allocated !== undefined && compareAmounts(absolute(allocated), absolute(minus(total, amountDue))) > 0)
      judge.found(
        paid,
        `Payments of ${amountText(allocated)} are allocated, of a total of ${amountText(total)} of which ${amountText(amountDue)} is due.`,
      );
  };

  const checkDates = ({ issueDate, dueDate }: SaleDocument, judge: IntegrityJudge): void => {
    if (typeof dueDate === 'string' && typeof issueDate === 'string' && dueDate < issueDate)
      judge.found(
        dueBeforeIssue,
        `It is due on ${dayOf(dueDate)}, before it was issued on ${dayOf(issueDate)}.`,
      );
    checkYear(judge, issueYear, issueDate);
    checkYear(judge, dueYear, dueDate);
  };

  return {
    check(record: SaleDocument, judge) {
      checkAmounts(record, judge);
      checkCurrency(judge, currency, record.currency);
      checkRate(judge, rate, record);
      checkReference(judge, party, isInvoice ? record.customerRef : record.supplierRef);
      for (const line of elementsOf(record.lineItems)) {
        checkReference(judge, account, line.accountRef);
        checkReference(judge, item, line.itemRef);
        checkReference(judge, taxRate, line.taxRateRef);
      }
      checkDates(record, judge);
    },
    duplicates: {
      ...ruleOf(subject, '060'),
      exceptStatus: 'Void',
      ...(isInvoice
        ? { what: 'The number', column: 'invoice_number' }
        : { what: 'The reference', column: 'reference', also: 'supplier_id' }),
    },
  };
}
