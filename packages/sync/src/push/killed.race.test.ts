/** Workers that are killed between sending a write and recording its answer: nothing is written twice, and nothing stays pending. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { DoomedWriter } from '../testing/doomed-writer.ts';
import { startHarness } from '../testing/harness.ts';
import { atPlatform, requestWrite } from '../testing/writes.ts';

const deaths = Number(process.env['WRITE_DEATHS'] ?? 200);
const connectionCount = 50;
const script = fileURLToPath(new URL('../testing/doomed-writer.ts', import.meta.url));
const times = { leaseMs: 900, settleMs: 300 };

it(`writes each record once in spite of ${deaths} deaths`, async () => {
  const harness = await startHarness({ sandbox: { size: 60 } });
  try {
    const connections = [];
    for (let index = 0; index < connectionCount; index += 1) connections.push(await harness.link());
    const [one] = connections;
    if (one === undefined) throw new Error('there are connections');
    const chart = await atPlatform(harness, one, '/businesses/{business}/accounts');
    const income = String(chart.find(({ type }: { type: string }) => type === 'INCOME').id);
    // The platform acts, and answers when nobody is there to hear it any more.
    const held = { match: '^POST /api/businesses', kind: 'answerHeld', delayMs: 60_000, times: null };
    const words: string[] = [];
    const pending = new Map<string, string>();
    let died = 0;
    let round = 0;
    while (died < deaths) {
      round += 1;
      await harness.control('faults', { faults: [held] });
      for (const [index, connection] of connections.entries()) {
        const word = `Death ${round} of ${index}`;
        words.push(word);
        // A day of its own for each connection: all of them write to the same books.
        const issueDate = new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);
        const line = { unitAmount: 10 + index, quantity: 1, accountRef: { id: income } };
        const invoice = { issueDate, status: 'Submitted', note: word, lineItems: [line] };
        const id = await (index % 2 === 0
          ? requestWrite(harness, connection, 'invoices', invoice)
          : requestWrite(harness, connection, 'customers', { customerName: word, status: 'Active' }));
        pending.set(connection.id, id);
      }
      const doom: DoomedWriter = {
        databaseUrl: harness.databaseUrl,
        base: harness.base,
        ...times,
        pushIds: [...pending.values()],
      };
      const child = spawn(process.execPath, [script, JSON.stringify(doom)], { stdio: 'inherit' });
      const exited = once(child, 'exit');
      // One of each connection: the one before, where its worker died before its call had left, is sent anew and comes first.
      const startedAtMs = Date.now();
      const underWay = () =>
        harness.store.prisma.pushOperation.count({
          where: { stage: 'sent', sentAt: { gte: new Date(startedAtMs) } },
        });
      while ((await underWay()) < connectionCount) {
        if (Date.now() - startedAtMs > 60_000) throw new Error(`only ${await underWay()} writes were sent`);
        await delay(10);
      }
      child.kill('SIGKILL');
      const [, signal] = await exited;
      expect(signal).toBe('SIGKILL');
      died += await underWay();
    }
    await harness.control('faults', { faults: [] });
    const engine = harness.pushEngineFor('survivor', times);
    const never = new AbortController().signal;
    const open = () => harness.store.prisma.pushOperation.count({ where: { closedAt: null } });
    for (const startedAtMs = Date.now(); (await open()) > 0; await delay(100)) {
      if (Date.now() - startedAtMs > 30_000)
        throw new Error(`${await open()} writes do not come to their end`);
      await Promise.all([...pending.values()].map((id) => engine.execute(id, never)));
    }
    const rows = await harness.store.prisma.pushOperation.findMany();
    expect(rows.filter(({ status }) => status !== 'Success')).toEqual([]);
    expect(rows).toHaveLength(words.length);
    const invoices = await everything(harness, one, 'records/invoices');
    const contacts = await everything(harness, one, 'contacts');
    const written = [
      ...invoices.map((row) => String(row['memo'])),
      ...contacts.map((row) => String(row['name'])),
    ].filter((word) => word.startsWith('Death '));
    expect(written.toSorted()).toEqual(words.toSorted());
    process.stdout.write(
      `writes: ${died} deaths in ${round} processes, ${words.length} records, none twice\n`,
    );
  } finally {
    await harness.close();
  }
}, 300_000);

async function everything(
  harness: Parameters<typeof atPlatform>[0],
  connection: Parameters<typeof atPlatform>[1],
  path: string,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (;;) {
    const page = await atPlatform(
      harness,
      connection,
      `/businesses/{business}/${path}?limit=1000&offset=${rows.length}`,
    );
    if (page.length === 0) return rows;
    rows.push(...page);
  }
}
