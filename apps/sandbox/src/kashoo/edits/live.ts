import { Decimal } from '../../exact/decimal.ts';
import { type Json, parseJson } from '../../exact/json.ts';
import { createRandom, type Random } from '../../random.ts';
import { writeContact } from '../books/masterData.ts';
import { persona } from '../books/names.ts';
import type { BookStore } from '../books/store.ts';
import type { RecordType } from '../records.ts';
import { createLedger, type Ledger } from './ledger.ts';

/** One change that was made: what kind, and the record or contact it concerns. */
export interface LiveEdit {
  business: bigint;
  edit: string;
  id: bigint;
}

interface Desk {
  store: BookStore;
  ledger: Ledger;
  random: Random;
  nowMs: number;
}

const idIn = (row: Record<string, unknown> | undefined): bigint | undefined =>
  typeof row?.['id'] === 'bigint' ? row['id'] : undefined;

/** A record chosen by a random point in the business's range of ids; `undefined` when nothing fits. */
function anyRecord({ store, random }: Desk, condition: string): bigint | undefined {
  const range = store.get(
    'SELECT (SELECT min(id) FROM records) AS low, (SELECT max(id) FROM records) AS high',
  );
  const { low, high } = range ?? {};
  if (typeof low !== 'bigint' || typeof high !== 'bigint') return undefined;
  const from = low + (BigInt(random.int(0, 999_999)) * (high - low)) / 1_000_000n;
  const find = (comparison: string, order: string): bigint | undefined =>
    idIn(
      store.get(
        `SELECT id FROM records WHERE ${condition} AND id ${comparison} ? ORDER BY id ${order} LIMIT 1`,
        from,
      ),
    );
  return find('>=', 'ASC') ?? find('<', 'DESC');
}

function anyContact({ store, random }: Desk, type: string): bigint | undefined {
  const count = store.get(
    'SELECT count(*) AS n FROM contacts WHERE type = ? AND removed = 0 AND archived = 0',
    type,
  )?.['n'];
  if (typeof count !== 'bigint' || count === 0n) return undefined;
  return idIn(
    store.get(
      'SELECT id FROM contacts WHERE type = ? AND removed = 0 AND archived = 0 ORDER BY id LIMIT 1 OFFSET ?',
      type,
      random.int(0, Number(count) - 1),
    ),
  );
}

function newSale(desk: Desk, type: 'INVOICE' | 'BILL'): bigint {
  const {
    random,
    ledger,
    store: { book },
  } = desk;
  const contact = random.chance(150)
    ? undefined
    : anyContact(desk, type === 'INVOICE' ? 'CUSTOMER' : 'VENDOR');
  const codes = [...book.taxes.values()].filter(({ removed }) => !removed).map(({ code }) => code);
  const lineItems = Array.from({ length: random.int(1, 4) }, () => ({
    description: 'Live sale',
    account: book.accountOf[type === 'INVOICE' ? 'sales' : 'office'],
    quantity: new Decimal(BigInt(random.int(1, 99)), 1),
    rate: new Decimal(BigInt(random.int(100, 50_000)), 2),
    taxCode: random.chance(500) ? random.pick(codes) : '',
  }));
  return ledger.create(type, { ...(contact === undefined ? {} : { contact }), lineItems }).id;
}

function paySale(desk: Desk, type: 'INVOICE' | 'BILL'): bigint | undefined {
  const { store, ledger, random } = desk;
  const id = anyRecord(desk, `type = '${type}' AND open = 1`);
  const sale = id === undefined ? undefined : store.record(id);
  if (!sale || !('balanceDue' in sale)) return undefined;
  const allocated = random.chance(600)
    ? sale.balanceDue
    : (sale.balanceDue * BigInt(random.int(1, 99))) / 100n;
  if (allocated === 0n) return undefined;
  return ledger.create(`${type}_PAYMENT`, {
    ...('contact' in sale ? { contact: sale.contact } : {}),
    ...('contactName' in sale ? { contactName: sale.contactName } : {}),
    currency: sale.currency,
    exchangeRate: sale.exchangeRate,
    amount: allocated + (random.chance(100) ? 500n : 0n),
    allocations: [{ record: sale.id, amount: allocated }],
    method: 'BANK_TRANSFER',
  }).id;
}

function changeRecord(desk: Desk, condition: string, body: Json): bigint | undefined {
  const id = anyRecord(desk, condition);
  return id === undefined ? undefined : desk.ledger.update(id, body).id;
}

function removeRecord(desk: Desk, type: RecordType): bigint | undefined {
  const id = anyRecord(desk, `type = '${type}' AND removed = 0`);
  return id === undefined ? undefined : desk.ledger.remove(id).id;
}

function changeContact(
  desk: Desk,
  change: (name: string) => { name: string; removed: boolean },
): bigint | undefined {
  const { store, nowMs } = desk;
  const id = anyContact(desk, 'CUSTOMER');
  const row =
    id === undefined
      ? undefined
      : store.get('SELECT type, name, currency, body FROM contacts WHERE id = ?', id);
  const body = parseJson(String(row?.['body'] ?? 'null'));
  if (id === undefined || !row || typeof body !== 'object' || body === null) return undefined;
  const { name, removed } = change(String(row['name']));
  store.insertContact(
    { id, type: String(row['type']), name, currency: String(row['currency']), archived: false, removed },
    { ...body, name, removed, lastModified: BigInt(nowMs) },
  );
  return id;
}

const renameContact = (desk: Desk): bigint | undefined =>
  changeContact(desk, (name) => ({
    name: `${name.replace(/ \(now .*$/s, '')} (now № ${desk.random.int(1, 9999)})`,
    removed: false,
  }));

function newContact(desk: Desk): bigint {
  const { store, random, nowMs } = desk;
  return writeContact(store, {
    id: store.nextId(),
    type: 'CUSTOMER',
    persona: persona(random, random.int(41, 99_999)),
    currency: store.book.profile.homeCurrency,
    archived: false,
    removed: false,
    taxCode: '',
    atMs: nowMs,
  }).id;
}

/** What can happen while somebody works on the books; how often goes by how often it is listed. `undefined`: nothing to do it to. */
const EDITS: readonly (readonly [name: string, make: (desk: Desk) => bigint | undefined])[] = [
  ['invoiceCreated', (desk) => newSale(desk, 'INVOICE')],
  ['invoiceCreated', (desk) => newSale(desk, 'INVOICE')],
  ['invoicePaid', (desk) => paySale(desk, 'INVOICE')],
  ['invoicePaid', (desk) => paySale(desk, 'INVOICE')],
  ['billCreated', (desk) => newSale(desk, 'BILL')],
  ['billPaid', (desk) => paySale(desk, 'BILL')],
  [
    'invoiceMemoChanged',
    (desk) =>
      changeRecord(desk, "type = 'INVOICE' AND removed = 0", { memo: `checked ${desk.random.int(1, 9999)}` }),
  ],
  [
    'invoiceLinesChanged',
    (desk) =>
      changeRecord(
        desk,
        `type = 'INVOICE' AND open = 1 AND NOT EXISTS (SELECT 1 FROM allocations a WHERE a.record = records.id)`,
        {
          lineItems: [
            {
              description: 'Changed order',
              account: desk.store.book.accountOf.services,
              rate: new Decimal(BigInt(desk.random.int(100, 90_000)), 2),
            },
          ],
        },
      ),
  ],
  ['invoiceRemoved', (desk) => removeRecord(desk, 'INVOICE')],
  ['invoicePaymentRemoved', (desk) => removeRecord(desk, 'INVOICE_PAYMENT')],
  ['contactRenamed', renameContact],
  ['contactCreated', newContact],
  ['contactRemoved', (desk) => changeContact(desk, (name) => ({ name, removed: true }))],
];

/**
 * Makes `count` random changes now. The sequence of choices follows from `seed`, so that a run can be repeated.
 * A choice that finds nothing to change falls back to a new invoice.
 */
export function makeLiveEdits(
  store: BookStore,
  options: { seed: string; nowMs: number; count: number },
): LiveEdit[] {
  const random = createRandom(options.seed);
  const desk = { store, ledger: createLedger(store, () => options.nowMs), random, nowMs: options.nowMs };
  return Array.from({ length: options.count }, (): LiveEdit => {
    const [edit, make] = random.pick(EDITS);
    const id = make(desk);
    const business = store.book.profile.id;
    return id === undefined
      ? { business, edit: 'invoiceCreated', id: newSale(desk, 'INVOICE') }
      : { business, edit, id };
  });
}
