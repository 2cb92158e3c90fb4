/** What a small business agrees to, in the same words wherever it is asked. Their version is `consentPageVersion`. */
import type { Connector } from '@tributary/connector-kit';
import type { DataTypeKey } from '@tributary/model';
import { html } from 'ghtml';
import type { LenderBrand } from '../../../link/branding.ts';
import { dataDescriptions } from '../../../link/data-descriptions.ts';
import { icons } from './icons.ts';
import { type Html, nameOf } from './layout.ts';

type Group = 'business' | 'sales' | 'purchases' | 'money' | 'statements';

const groups: readonly (readonly [Group, string, Html])[] = [
  ['business', 'Your business', icons.building],
  ['sales', 'Sales', icons.sales],
  ['purchases', 'Purchases', icons.cart],
  ['money', 'Bank and accounts', icons.bank],
  ['statements', 'Statements', icons.chart],
];

const groupOf: Readonly<Record<DataTypeKey, Group>> = {
  company: 'business',
  taxRates: 'business',
  items: 'business',
  customers: 'sales',
  invoices: 'sales',
  creditNotes: 'sales',
  payments: 'sales',
  suppliers: 'purchases',
  bills: 'purchases',
  billCreditNotes: 'purchases',
  billPayments: 'purchases',
  chartOfAccounts: 'money',
  bankAccounts: 'money',
  bankTransactions: 'money',
  accountTransactions: 'money',
  transfers: 'money',
  journalEntries: 'money',
  journals: 'money',
  balanceSheet: 'statements',
  profitAndLoss: 'statements',
  cashFlowStatement: 'statements',
};

/** @param platforms what may be chosen; everything that any of them offers is named */
export function consentSection(platforms: readonly Connector[], lender: LenderBrand): Html {
  const offered = [...new Set(platforms.flatMap(({ manifest }) => [...manifest.dataTypes.keys()]))];
  const sections = groups.map(([group, title, icon]) => {
    const lines = offered
      .filter((dataType) => groupOf[dataType] === group)
      .map((dataType) => {
        const { label, detail } = dataDescriptions[dataType];
        return html`<li><strong>${label}</strong>: ${detail}</li>`;
      });
    if (lines.length === 0) return '';
    return html`<section class="group"><h3>!${icon} ${title}</h3>
<ul>
!${lines.join('\n')}
</ul></section>`;
  });
  const name = nameOf(lender.name);
  return html`<section class="consent" aria-labelledby="consent">
<h2 id="consent">What is read, and why</h2>
<p>!${name} reads the following, now and regularly until you withdraw your consent, so that it can see how the business is doing without asking you for papers. !${whatIsWritten(platforms, name)}</p>
<div class="groups">
!${sections.join('\n')}
</div>
</section>`;
}

const canWrite = (platforms: readonly Connector[]): boolean =>
  platforms.some(({ writing }) => writing !== undefined);

/** Clients can write to some platforms; whoever agrees has to know. */
function whatIsWritten(platforms: readonly Connector[], name: Html): Html {
  return canWrite(platforms)
    ? html`!${name} can also enter records into your books, such as an invoice or a payment, and correct them; nothing is deleted.`
    : 'Your books are read and not changed.';
}

/** The promises that matter most, at a glance. */
export function promises(platforms: readonly Connector[]): Html {
  const promise = (icon: Html, text: string): Html => html`<li>!${icon} <span>${text}</span></li>`;
  return html`<ul class="promises">
!${promise(icons.eye, canWrite(platforms) ? 'Nothing is deleted' : 'Read, not changed')}
!${promise(icons.shield, 'Kept encrypted')}
!${promise(icons.undo, 'Withdraw at any time')}
</ul>`;
}
