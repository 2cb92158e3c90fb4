import { z } from 'zod';
import { FAULT_KINDS } from './kinds/index.ts';
import { type FaultAction, type FaultKind, type FaultTools, isPattern } from './kinds/kind.ts';

const switchSchema = z.looseObject({
  match: z.string().refine(isPattern, { error: 'not a regular expression' }),
  kind: z.string().refine((name) => Object.hasOwn(FAULT_KINDS, name), {
    error: `expected one of ${Object.keys(FAULT_KINDS).join(', ')}`,
  }),
  times: z.int().min(1).nullable().default(1),
  skip: z.int().min(0).default(0),
});

type SwitchInput = z.output<typeof switchSchema>;

/** A switch and its kind. Throws `z.ZodError` when the kind, a parameter or its value is wrong or unknown. */
function readSwitch(input: unknown): { values: SwitchInput; kind: FaultKind } {
  const values = switchSchema.parse(input);
  const kind = FAULT_KINDS[values.kind];
  if (kind === undefined) throw new RangeError(`no fault is called ${values.kind}`);
  z.strictObject({ ...switchSchema.shape, ...kind.parameters.shape }).parse(input);
  return { values, kind };
}

/** What is wrong with a list of switches, one line each; nothing when all are right. */
export function faultProblems(inputs: readonly unknown[]): string[] {
  return inputs.flatMap((input, index) => {
    try {
      readSwitch(input);
      return [];
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      return error.issues.map(
        ({ path, message }) => `switch ${index + 1}: ${[...path, ''].join('.')} ${message}`,
      );
    }
  });
}

interface FaultSwitch {
  id: number;
  /** Regular expression on `METHOD /path?query`. */
  match: string;
  kind: string;
  /** How often it still strikes; `null`: until it is cleared. */
  times: number | null;
  /** How many matching requests pass unharmed first. */
  skip: number;
  /** How often it has struck. */
  struck: number;
}

export interface FaultBoard {
  list(): FaultSwitch[];
  /** Adds switches. Throws `z.ZodError` and adds none when one of them is wrong. */
  add(inputs: readonly unknown[]): FaultSwitch[];
  /** As `add`, in place of all that were set. */
  replace(inputs: readonly unknown[]): FaultSwitch[];
  clear(): void;
  /** The fault that strikes this request, which uses it up once. */
  strike(method: string, url: string): FaultAction | undefined;
}

export function createFaultBoard(tools: FaultTools): FaultBoard {
  let switches: { entry: FaultSwitch; pattern: RegExp; action: FaultAction }[] = [];
  let lastId = 0;
  const prepared = (inputs: readonly unknown[]): typeof switches =>
    inputs.map(readSwitch).map(({ values, kind }) => {
      lastId += 1;
      const { match, times, skip } = values;
      return {
        entry: { id: lastId, match, kind: values.kind, times, skip, struck: 0 },
        pattern: new RegExp(match),
        action: kind.prepare(values, tools),
      };
    });
  const shown = (list: typeof switches): FaultSwitch[] => list.map(({ entry }) => ({ ...entry }));
  return {
    list: () => shown(switches),
    add: (inputs) => {
      const added = prepared(inputs);
      switches = [...switches, ...added];
      return shown(added);
    },
    replace: (inputs) => {
      switches = prepared(inputs);
      return shown(switches);
    },
    clear: () => {
      switches = [];
    },
    strike: (method, url) => {
      const found = switches.find(
        ({ entry, pattern }) => entry.times !== 0 && pattern.test(`${method} ${url}`),
      );
      if (!found) return undefined;
      if (found.entry.skip > 0) {
        found.entry.skip -= 1;
        return undefined;
      }
      found.entry.struck += 1;
      if (found.entry.times !== null) found.entry.times -= 1;
      return found.action;
    },
  };
}
