import { createRandom, cumulate, zipfWeights } from '../../random.ts';
import { DAY_MS, dayStart, monthStart } from '../calendar.ts';
import { PROFIT_AND_LOSS_TYPES } from '../chart.ts';
import type { Workshop } from './cluster.ts';
import { KINDS, writeAdjustment } from './kinds.ts';
import { writeChart, writeMasterData } from './masterData.ts';
import type { BookStore } from './store.ts';

/** Months of books, the current one included. */
const MONTHS = 24;

/** How many records are written between two pauses. */
const BATCH = 2_000;

export interface GenerateOptions {
  store: BookStore;
  seed: number;
  /** Records to write, give or take the last event and the closing of the years. */
  size: number;
  nowMs: number;
}

/**
 * Writes generated books: 24 months that end the day before today, the same for the same seed, size and day.
 * Yields after every batch so that the caller can let other work happen; holds one business event in memory at a time.
 */
export function* generateBooks({ store, seed, size, nowMs }: GenerateOptions): Generator<void> {
  const random = createRandom(`${seed}/${store.book.profile.id}/${size}`);
  const endMs = dayStart(nowMs);
  const startMs = monthStart(endMs, MONTHS - 1);
  writeChart(store, startMs);
  const data = writeMasterData(store, random, size, startMs);
  const workshop: Workshop = {
    store,
    random,
    data,
    startMs,
    endMs,
    numbers: new Map(),
    written: 0,
    sales: {
      saleType: 'INVOICE',
      paymentType: 'INVOICE_PAYMENT',
      parties: data.customers,
      weights: zipfWeights(data.customers.length),
      lineRoles: ['sales', 'sales', 'sales', 'services', 'shipping'],
      moneyRoles: ['bank', 'bank', 'bank', 'savings', 'cash'],
    },
    purchases: {
      saleType: 'BILL',
      paymentType: 'BILL_PAYMENT',
      parties: data.suppliers,
      weights: zipfWeights(data.suppliers.length),
      lineRoles: ['cogs', 'cogs', 'rent', 'office', 'software', 'meals', 'oldAdvertising'],
      moneyRoles: ['bank', 'bank', 'card'],
    },
  };
  writeOpening(workshop);
  yield* writeDays(workshop, size);
  closeYears(workshop);
}

/** Weekdays are busier than weekends, December than the rest. */
function busyness(dayMs: number): number {
  const date = new Date(dayMs);
  const weekend = date.getUTCDay() % 6 === 0;
  return (weekend ? 2 : 6) * (date.getUTCMonth() === 11 ? 2 : 1);
}

function* writeDays(workshop: Workshop, size: number): Generator<void> {
  const days = Array.from(
    { length: (workshop.endMs - workshop.startMs) / DAY_MS },
    (_, day) => workshop.startMs + day * DAY_MS,
  );
  const until = cumulate(days.map(busyness));
  const total = until.at(-1) ?? 1;
  const weights = cumulate(KINDS.map(({ weight }) => weight));
  let events = 0;
  let paused = 0;
  for (const [day, dayMs] of days.entries()) {
    const due = Math.ceil((size * (until[day] ?? 0)) / total);
    while (workshop.written < due) {
      KINDS[events < KINDS.length ? events : workshop.random.weighted(weights)]?.write(workshop, dayMs);
      events += 1;
      if (workshop.written - paused >= BATCH) {
        paused = workshop.written;
        yield;
      }
    }
  }
}

/** Classic books open with an adjustment; TrulySmall keeps opening balances on the accounts themselves. */
function writeOpening(workshop: Workshop): void {
  const { store, startMs } = workshop;
  const { accountOf, profile } = store.book;
  if (profile.product === 'trulysmall') {
    const openedOn = new Date(startMs).toISOString().slice(0, 10);
    store.setOpeningBalance(accountOf.bank, openedOn, 1_500_000n);
    store.setOpeningBalance(accountOf.equipment, openedOn, 400_000n);
    store.setOpeningBalance(accountOf.card, openedOn, 40_000n);
    return;
  }
  writeAdjustment(workshop, 'ADJUSTMENT', startMs, 'Opening balances', [
    [accountOf.bank, 2_500_000n],
    [accountOf.oldBank, 120_000n],
    [accountOf.inventory, 900_000n],
    [accountOf.equipment, 1_800_000n],
    [accountOf.deposits, 150_000n],
    [accountOf.loan, -1_200_000n],
    [accountOf.equity, -4_270_000n],
  ]);
}

/** At each fiscal year's end that the books have passed, profit and loss accounts are closed into retained earnings. */
function closeYears(workshop: Workshop): void {
  const { store, startMs, endMs } = workshop;
  const { accounts, accountOf, profile } = store.book;
  const [month = '12', day = '31'] = profile.fiscalYearEnd.split('-');
  for (let year = new Date(startMs).getUTCFullYear(); ; year += 1) {
    const closedMs = Date.UTC(year, Number(month) - 1, Number(day));
    if (closedMs >= endMs) return;
    if (closedMs < startMs) continue;
    const closedOn = new Date(closedMs).toISOString().slice(0, 10);
    const lines = accounts
      .filter(({ type }) => PROFIT_AND_LOSS_TYPES.has(type))
      .map(({ id }): readonly [bigint, bigint] => {
        const row = store.get(
          'SELECT coalesce(sum(credit - debit), 0) AS open FROM entries WHERE account = ? AND date <= ?',
          id,
          closedOn,
        );
        return [id, typeof row?.['open'] === 'bigint' ? row['open'] : 0n];
      });
    const profit = lines.reduce((total, [, cents]) => total + cents, 0n);
    writeAdjustment(workshop, 'YEAR_END_ADJUSTMENT', closedMs, `Closing of ${year}`, [
      ...lines,
      [accountOf.retained, -profit],
    ]);
  }
}
