import { readFileSync } from 'node:fs';
import { parseCsv } from '../kit/csv.ts';
import { amount, cents, lineCents } from '../kit/exact.ts';
import { equal, expect, needed } from '../kit/expect.ts';
import { at, exactAt, type Json, textAt } from '../kit/json.ts';
import type { Report } from '../kit/report.ts';
import { users } from '../kit/sandbox.ts';
import type { World } from '../world.ts';
import { enableKashoo } from './lender.ts';
import { dataPath, linkCompany, untilSynced } from './linking.ts';

interface Sale {
  /** `YYYY-MM-DD`. */
  date: string;
  totalCents: bigint;
  /** Undefined: nobody. */
  customer: string | undefined;
}

/** What the file says, computed from its text alone. */
interface Expected {
  lines: number;
  totalCents: bigint;
  sales: ReadonlyMap<string, Sale>;
}

/** Adds up a file of sales lines in integers: each line rounded to cents, halves away from zero. */
function readLines(file: string): Expected {
  const [heading = [], ...rows] = parseCsv(readFileSync(file, 'utf8'));
  const column = (name: string): number => {
    const index = heading.findIndex((title) => title.toLowerCase().replaceAll(/[\s_]/g, '') === name);
    if (index < 0) throw new Error(`${file} has no column ${name}`);
    return index;
  };
  const columns = {
    number: column('invoiceno'),
    quantity: column('quantity'),
    date: column('invoicedate'),
    price: column('unitprice'),
    customer: column('customerid'),
  };
  const sales = new Map<string, Sale>();
  let totalCents = 0n;
  for (const row of rows) {
    const cell = (name: keyof typeof columns): string => row[columns[name]]?.trim() ?? '';
    const line = lineCents(cell('quantity'), cell('price'));
    totalCents += line;
    const customer = cell('customer').replace(/\.0+$/, '');
    const known = sales.get(cell('number'));
    if (known) known.totalCents += line;
    else {
      const somebody = customer === '' || customer === '0' ? undefined : customer;
      sales.set(cell('number'), { date: cell('date').slice(0, 10), totalCents: line, customer: somebody });
    }
  }
  return { lines: rows.length, totalCents, sales };
}

/** The walk over real sales lines: what the file says is what the lender reads. */
export async function datasetWalk(world: World, report: Report, file: string): Promise<void> {
  const expected = readLines(file);
  const sales = [...expected.sales.values()];
  let invoices: Json[] | undefined;
  await report.point(
    'D1',
    'a company is linked to the business made of the file and its first sync is complete',
    async (point) => {
      await point.need('application keys are saved, Kashoo is enabled', () => enableKashoo(world));
      const company = await point.need('linked by its link URL', () =>
        linkCompany(world, 'Online retail', users.one),
      );
      await point.need('every data type is Complete', async () => {
        for (const [key, value] of await untilSynced(world.api, company.companyId))
          equal(value, 'Complete', key);
      });
      invoices = await point.need('the invoices are read page by page through _links.next', () =>
        world.api.all(`${dataPath(company, 'invoices')}?pageSize=100`),
      );
    },
  );
  const byNumber = (): Map<string, Json> =>
    new Map(needed(invoices, 'D1').map((invoice) => [textAt(invoice, 'invoiceNumber'), invoice]));
  const each = (check: (number: string, sale: Sale, invoice: Json) => void): void => {
    const found = byNumber();
    for (const [number, sale] of expected.sales) {
      const invoice = found.get(number);
      expect(invoice, `there is no invoice ${number}`);
      check(number, sale, invoice);
    }
  };
  await report.point('D2', 'as many invoices as the file has numbers, each once', async (point) => {
    await point.check('the count', () => {
      equal(needed(invoices, 'D1').length, sales.length, 'invoices');
      equal(byNumber().size, sales.length, 'distinct invoice numbers');
      point.note(`${sales.length} invoices of ${expected.lines} lines`);
    });
  });
  await report.point(
    'D3',
    'the sum of the totals is the sum of the lines, each rounded to cents; every invoice by itself, too',
    async (point) => {
      await point.check('the sum', () => {
        const sum = needed(invoices, 'D1').reduce(
          (total, invoice) => total + cents(exactAt(invoice, 'totalAmount')),
          0n,
        );
        equal(amount(sum), amount(expected.totalCents), 'sum of totalAmount');
        point.note(`sum ${amount(sum)}`);
      });
      await point.check('every invoice', () =>
        each((number, sale, invoice) =>
          equal(cents(exactAt(invoice, 'totalAmount')), sale.totalCents, `totalAmount of ${number}`),
        ),
      );
    },
  );
  await report.point(
    'D4',
    'invoices of customer 0.0 are without a customer (NullId), and only those',
    async (point) => {
      await point.check('the rule', () => {
        each((number, sale, invoice) => {
          const isNobody = at(invoice, 'customerRef', 'id') === 'NullId';
          equal(isNobody, sale.customer === undefined, `NullId of ${number}`);
          if (isNobody)
            equal(at(invoice, 'customerRef', 'companyName'), 'Customer not specified', `name of ${number}`);
          else
            expect(
              textAt(invoice, 'customerRef', 'companyName').includes(sale.customer ?? ''),
              `customer of ${number}`,
            );
        });
        const nobody = needed(invoices, 'D1').filter(
          (invoice) => at(invoice, 'customerRef', 'id') === 'NullId',
        ).length;
        point.note(`${nobody} NullId`);
      });
      await point.check(
        'the same by the query customerRef.id=NullId, and as many customers as the file has',
        async () => {
          const companies = await world.api.all('/companies');
          const base = `/companies/${textAt(companies[0], 'id')}/data`;
          const found = await world.api.all(
            `${base}/invoices?pageSize=500&query=${encodeURIComponent('customerRef.id=NullId')}`,
          );
          equal(
            found.length,
            sales.filter(({ customer }) => customer === undefined).length,
            'invoices found',
          );
          const customers = new Set(sales.flatMap(({ customer }) => customer ?? []));
          equal((await world.api.all(`${base}/customers?pageSize=500`)).length, customers.size, 'customers');
          point.note(`${customers.size} customers`);
        },
      );
    },
  );
  await report.point('D5', 'the dates of the file are kept', async (point) => {
    await point.check('issueDate', () => {
      each((number, sale, invoice) =>
        equal(textAt(invoice, 'issueDate'), `${sale.date}T00:00:00`, `issueDate of ${number}`),
      );
      const dates = sales.map(({ date }) => date).sort();
      point.note(`${dates[0]} to ${dates.at(-1)}`);
    });
  });
  await report.point(
    'D6',
    'numbers that start with C are cancellations: negative invoices',
    async (point) => {
      await point.check('the sign', () => {
        const cancelled = [...expected.sales].filter(([number]) => number.startsWith('C'));
        expect(cancelled.length > 0, 'the file has no cancellation');
        const found = byNumber();
        for (const [number] of cancelled) {
          const total = cents(exactAt(found.get(number), 'totalAmount'));
          expect(total <= 0n, `${number} is ${amount(total)}`);
        }
        const negative = cancelled.filter(
          ([number]) => cents(exactAt(found.get(number), 'totalAmount')) < 0n,
        ).length;
        point.note(`${cancelled.length} cancellations, ${negative} below zero`);
      });
    },
  );
}
