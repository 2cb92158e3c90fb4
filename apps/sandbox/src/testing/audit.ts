import { Decimal, lineCents } from '../exact/decimal.ts';
import type { SandboxClient, Wire } from './client.ts';

const CREDIT =
  /^(ACCOUNTS_PAYABLE|CLIENT_CREDIT|CREDIT_CARD|.*LIABILITY|PAYROLL_TAX|TAXES|EQUITY|RETAINED_EARNINGS|INCOME|GAIN_OR_LOSS_ON_EXCHANGE)$/;

const cents = (row: Wire, member: string): bigint => {
  const value = row[member];
  if (typeof value !== 'bigint') throw new TypeError(`${member} is no integer: ${String(value)}`);
  return value;
};
const rows = (row: Wire, member: string): Wire[] => (row[member] ?? []) as unknown as Wire[];
const total = (list: readonly Wire[], member: string): bigint =>
  list.reduce((sum, row) => sum + cents(row, member), 0n);
const decimal = (value: unknown): Decimal =>
  value instanceof Decimal ? value : new Decimal(BigInt(String(value)), 0);

/** What an auditor who sees the wire alone finds wrong with a business's books; an empty list is what we want. */
export async function audit(
  client: SandboxClient,
  token: string,
  business: bigint,
): Promise<{ findings: string[]; records: Wire[]; entries: number }> {
  const findings: string[] = [];
  const records = await client.all(token, `/businesses/${business}/records?includeRemoved=true`);
  const accounts = await client.all(token, `/businesses/${business}/accounts`);
  const perRecord = new Map<bigint, bigint>();
  let entries = 0;
  for (const account of accounts) {
    const id = cents(account, 'id');
    const listed = await client.all(token, `/accounts/${id}/journalEntries?sortColumn=date`);
    entries += listed.length;
    for (const entry of listed) {
      const record = cents(entry, 'record');
      perRecord.set(record, (perRecord.get(record) ?? 0n) + cents(entry, 'debit') - cents(entry, 'credit'));
    }
    const opening = await client.list(token, `/accounts/${id}/openingBalances`);
    const difference = total(listed, 'debit') - total(listed, 'credit');
    const expected =
      total(opening, 'amount') + (CREDIT.test(String(account['type'])) ? -difference : difference);
    const balance = cents(
      (await client.read(token, `/accounts/${id}/balances?primary=true`)) as Wire,
      'balance',
    );
    if (balance !== expected)
      findings.push(`account ${id} has the balance ${balance}, its entries make ${expected}`);
  }
  const allocated = new Map<bigint, bigint>();
  for (const payment of records.filter((row) => String(row['type']).endsWith('_PAYMENT'))) {
    const parts = rows(payment, 'allocations');
    if (cents(payment, 'amount') !== total(parts, 'amount') + cents(payment, 'unallocatedAmount')) {
      findings.push(`payment ${payment['id']} does not add up`);
    }
    if (payment['removed'] === true) continue;
    for (const part of parts)
      allocated.set(
        cents(part, 'record'),
        (allocated.get(cents(part, 'record')) ?? 0n) + cents(part, 'amount'),
      );
  }
  for (const record of records) {
    const id = cents(record, 'id');
    if ((perRecord.get(id) ?? 0n) !== 0n)
      findings.push(`record ${id} is out of balance by ${perRecord.get(id)}`);
    if (record['removed'] === true && perRecord.has(id)) findings.push(`removed record ${id} still posts`);
    if (record['type'] === 'INVOICE' || record['type'] === 'BILL')
      findings.push(...auditSale(record, allocated.get(id) ?? 0n, perRecord.has(id)));
  }
  return { findings, records, entries };
}

function auditSale(sale: Wire, allocated: bigint, posts: boolean): string[] {
  const findings: string[] = [];
  const check = (right: boolean, problem: string): void =>
    void (right || findings.push(`${sale['type']} ${sale['id']}: ${problem}`));
  const lines = rows(sale, 'lineItems');
  for (const line of lines)
    check(
      lineCents(decimal(line['quantity']), decimal(line['rate'])) === cents(line, 'amount'),
      `line ${line['id']} is not quantity × rate`,
    );
  check(total(lines, 'amount') === cents(sale, 'totalBeforeTaxes'), 'lines do not make totalBeforeTaxes');
  check(
    cents(sale, 'totalBeforeTaxes') + total(rows(sale, 'taxAmounts'), 'amount') === cents(sale, 'totalDue'),
    'lines and taxes do not make totalDue',
  );
  check(cents(sale, 'totalPaid') === allocated, `totalPaid ${sale['totalPaid']}, allocated ${allocated}`);
  check(total(rows(sale, 'payments'), 'amount') === allocated, 'payments[] differ from the allocations');
  check(
    cents(sale, 'balanceDue') === cents(sale, 'totalDue') - allocated,
    'balanceDue is not totalDue − allocations',
  );
  check(sale['paid'] === (cents(sale, 'balanceDue') === 0n), 'paid flag');
  check(sale['removed'] === true || posts || cents(sale, 'totalDue') === 0n, 'posts nothing');
  return findings;
}
