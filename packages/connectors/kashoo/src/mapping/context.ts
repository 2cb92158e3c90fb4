import type { DataWarning } from '@tributary/connector-kit';
import { instant, localDate } from '@tributary/model';
import type { KashooLookup } from '../lookup.ts';
import type { Moment, WireText } from '../wire-values.ts';
import { textOrNone } from '../wire-values.ts';

/** The record cannot be mapped; its message becomes the reason of the quarantine. */
export class Unmappable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unmappable';
  }
}

/** What a mapping function gets beside the record: the lookup, and a place for warnings. */
export interface MappingContext {
  readonly id: string;
  readonly lookup: KashooLookup;
  warn(ruleId: string, message: string): void;
}

export function createMappingContext(
  id: string,
  lookup: KashooLookup,
): MappingContext & { readonly warnings: DataWarning[] } {
  const warnings: DataWarning[] = [];
  return { id, lookup, warnings, warn: (ruleId, message) => warnings.push({ ruleId, itemId: id, message }) };
}

/** A date that the record cannot do without. */
export function requiredDate(value: WireText, member: string): string {
  const date = textOrNone(value);
  if (date === undefined) throw new Unmappable(`${member}: is missing`);
  try {
    return localDate(date);
  } catch {
    throw new Unmappable(`${member}: is not a calendar date`);
  }
}

/** A date that may be absent; one that cannot be read counts as absent, with a warning. */
export function optionalDate(value: WireText, member: string, context: MappingContext): string | undefined {
  const date = textOrNone(value);
  if (date === undefined) return undefined;
  try {
    return localDate(date);
  } catch {
    context.warn('unreadable-date', `${member} is not a calendar date and was left out`);
    return undefined;
  }
}

/** When the platform last changed the record: `text` as the model writes it, `ms` since the epoch. */
export interface SourceModified {
  readonly text: string;
  readonly ms: number;
}

/** Undefined when the platform does not say, or not readably (with a warning). */
export function sourceModified(value: Moment, context: MappingContext): SourceModified | undefined {
  if (value === undefined || value === null || value === '' || value === 0) return undefined;
  try {
    const text = instant(value);
    return { text, ms: Date.parse(text) };
  } catch {
    context.warn('unreadable-instant', 'lastModified is not an instant and was left out');
    return undefined;
  }
}
