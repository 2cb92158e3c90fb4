/** Rows of a SOAP result, damaged: what a platform should never send. A row is the text of its element; its first member is its id. */

const MEMBER = /<(\w+)>([^<]*)<\/\1>/g;

const head = (row: string): string => /^<\w+>/.exec(row)?.[0] ?? '';
const tail = (row: string): string => row.slice(row.lastIndexOf('</'));

export const DAMAGES = {
  /** Every member but the id gets a value that no reader could take for it. */
  wrongTypes: (row: string): string => {
    let seen = 0;
    return row.replace(MEMBER, (member, name: string, value: string) => {
      seen += 1;
      if (seen === 1) return member;
      return /^[-\d]/.test(value)
        ? `<${name}>not a number</${name}>`
        : `<${name}><unexpected>text</unexpected></${name}>`;
    });
  },
  notAnObject: (row: string): string => `${head(row)}not a record${tail(row)}`,
  missingId: (row: string): string => row.replace(/<(\w+)>[^<]*<\/\1>/, ''),
} as const;

const HUGE = '99999999999999.9900';

/** The amount 99999999999999.99, consistent with the one line that is left. */
export function withHugeAmount(row: string): string {
  const line = `<anyType xsi:type="InvoiceLine"><Quantity>1</Quantity><Rate>${HUGE}</Rate><VatRate>-1.0000</VatRate><VatAmount>0.0000</VatAmount></anyType>`;
  return row
    .replace(/<Lines>[\s\S]*<\/Lines>|<Lines \/>/, `<Lines>${line}</Lines>`)
    .replace(/<(NetAmount|PayAmount|Price|balance|moneyin)>[^<]*/, `<$1>${HUGE}`)
    .replace(/<(VATAmount|AmountPaid)>[^<]*/g, '<$1>0.0000')
    .replace(/<Paid>1/, '<Paid>0');
}

const TEXTS = /<(Name|CustomerName|Description|Comment|PayNote|Contact)>([^<]*)/g;
/** As character references, which is how a careless writer of XML sends them. */
const UNSTORABLE = '&#x0;&#xD83D;';

export function withUnstorableText(row: string): string {
  return row.replace(
    TEXTS,
    (_member, name: string, value: string) => `<${name}>${UNSTORABLE}${value}${UNSTORABLE}`,
  );
}
