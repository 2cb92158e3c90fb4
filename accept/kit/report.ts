import { Failure, NotDone } from './expect.ts';

export type Verdict = 'PASS' | 'FAIL' | 'NOT DONE';

interface Finding {
  verdict: Verdict;
  check: string;
  reason: string;
  seconds: number;
}

/** Ends a point early: what follows in it builds on a check that failed. */
class Stop extends Error {}

/** One numbered point of the walk: a handful of checks, and the line that they add up to. */
export class Point {
  readonly #findings: Finding[] = [];
  readonly #notes: string[] = [];

  /** Runs one check; what it throws is kept for the report. @returns undefined when it failed */
  async check<Value>(name: string, run: () => Value | Promise<Value>): Promise<Value | undefined> {
    const startedMs = performance.now();
    const seconds = (): number => (performance.now() - startedMs) / 1000;
    try {
      const value = await run();
      this.#findings.push({ verdict: 'PASS', check: name, reason: '', seconds: seconds() });
      return value;
    } catch (error) {
      this.#findings.push({
        verdict: verdictOf(error),
        check: name,
        reason: reasonOf(error),
        seconds: seconds(),
      });
      return undefined;
    }
  }

  /** Runs a check without which the rest of the point makes no sense. */
  async need<Value>(name: string, run: () => Value | Promise<Value>): Promise<Value> {
    const before = this.#findings.length;
    const value = await this.check(name, run);
    if (this.#findings[before]?.verdict !== 'PASS') throw new Stop();
    return value as Value;
  }

  /** Says something in the point's line: a figure, a way that was taken. */
  note(text: string): void {
    this.#notes.push(text);
  }

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  get notes(): readonly string[] {
    return this.#notes;
  }

  get verdict(): Verdict {
    const verdicts = new Set(this.#findings.map(({ verdict }) => verdict));
    if (verdicts.has('FAIL')) return 'FAIL';
    return verdicts.has('NOT DONE') || verdicts.size === 0 ? 'NOT DONE' : 'PASS';
  }
}

function verdictOf(error: unknown): Verdict {
  return error instanceof NotDone ? 'NOT DONE' : 'FAIL';
}

function reasonOf(error: unknown): string {
  if (error instanceof Failure || error instanceof NotDone) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Prints the points as they come and adds them up. */
export class Report {
  readonly #counts: Record<Verdict, number> = { PASS: 0, FAIL: 0, 'NOT DONE': 0 };
  readonly #print: (line: string) => void;
  readonly #verbose: boolean;
  readonly #wanted: (id: string) => boolean;

  constructor(options: { print: (line: string) => void; verbose: boolean; wanted: (id: string) => boolean }) {
    this.#print = options.print;
    this.#verbose = options.verbose;
    this.#wanted = options.wanted;
  }

  /** Runs one point and prints its line; below it, what did not pass, with the request and what came back. */
  async point(id: string, what: string, run: (point: Point) => Promise<void>): Promise<void> {
    if (!this.#wanted(id)) return;
    const point = new Point();
    const startedMs = performance.now();
    try {
      await run(point);
    } catch (error) {
      if (!(error instanceof Stop)) {
        await point.check('the point itself', () => {
          throw error;
        });
      }
    }
    this.#counts[point.verdict] += 1;
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    const passed = point.findings.filter(({ verdict }) => verdict === 'PASS').length;
    const notes = point.notes.length > 0 ? `; ${point.notes.join('; ')}` : '';
    const tally = `${passed} of ${point.findings.length} checks, ${seconds} s`;
    this.#print(`${point.verdict.padEnd(8)}  ${id.padEnd(3)} ${what} (${tally}${notes})`);
    for (const { verdict, check, reason, seconds: took } of point.findings) {
      if (verdict !== 'PASS')
        this.#print(`            ${verdict === 'FAIL' ? 'failed' : 'not done'}: ${check}: ${reason}`);
      else if (this.#verbose) this.#print(`            ok: ${check} (${took.toFixed(1)} s)`);
    }
  }

  /** Prints the sums. @returns whether everything passed */
  close(): boolean {
    const { PASS: passed, FAIL: failed, 'NOT DONE': notDone } = this.#counts;
    this.#print('');
    this.#print(`${passed} PASS, ${failed} FAIL, ${notDone} NOT DONE`);
    this.#print(`${passed} passed, ${failed + notDone} failed`);
    return failed + notDone === 0 && passed > 0;
  }
}
