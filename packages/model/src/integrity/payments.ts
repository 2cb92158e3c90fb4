/** What payments promise, those of customers and those for bills. */
import { type Amount, amountOf, amountText, isSame, negated, plus } from './amounts.ts';
import { elementsOf, type PaymentDocument } from './documents.ts';
import { type IntegrityRules, referenceRule, ruleOf } from './judge.ts';
import { checkCurrency, checkRate, checkReference, checkYear } from './shared.ts';

export function paymentRules(dataType: 'payments' | 'billPayments'): IntegrityRules {
  const isPayment = dataType === 'payments';
  const subject = isPayment ? 'payment' : 'billPayment';
  const paidType = isPayment ? 'Invoice' : 'Bill';
  const party = isPayment
    ? referenceRule(subject, '050', 'customers', 'The customer')
    : referenceRule(subject, '050', 'suppliers', 'The supplier');
  const account = referenceRule(subject, '051', 'chartOfAccounts', 'The account');
  const paid = isPayment
    ? referenceRule(subject, '054', 'invoices', 'The invoice')
    : referenceRule(subject, '054', 'bills', 'The bill');
  const linesTotal = ruleOf(subject, '030', 'error');
  const linked = ruleOf(subject, '035');
  const currency = ruleOf(subject, '040');
  const rate = ruleOf(subject, '041');
  const year = ruleOf(subject, '071');
  return {
    check(record: PaymentDocument, judge) {
      let sum: Amount | undefined;
      for (const line of elementsOf(record.lines)) {
        const amount = amountOf(line.amount);
        if (amount !== undefined) sum = sum === undefined ? amount : plus(sum, amount);
        for (const link of elementsOf(line.links)) {
          const off = amountOf(link.amount);
          // In one currency alone: what a link says is in that of the linked record.
          if (amount !== undefined && off !== undefined && amountOf(link.currencyRate) !== undefined) {
            if (!isSame(off, negated(amount)))
              judge.found(
                linked,
                `A line of ${amountText(amount)} takes ${amountText(negated(off))} off what it is linked to.`,
              );
          }
          if (link.type === paidType) checkReference(judge, paid, link);
        }
      }
      const total = amountOf(record.totalAmount);
      if (sum !== undefined && total !== undefined && !isSame(sum, total))
        judge.found(linesTotal, `The lines add up to ${amountText(sum)}, the total is ${amountText(total)}.`);
      checkCurrency(judge, currency, record.currency);
      checkRate(judge, rate, record);
      checkReference(judge, party, isPayment ? record.customerRef : record.supplierRef);
      checkReference(judge, account, record.accountRef);
      checkYear(judge, year, record.date);
    },
  };
}
