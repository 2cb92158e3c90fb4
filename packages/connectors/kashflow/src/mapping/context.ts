import type { DataWarning } from '@tributary/connector-kit';
import type { KashFlowLookup } from '../lookup.ts';
import { dateOrNone, type WireText } from '../wire.ts';

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
  readonly lookup: KashFlowLookup;
  warn(ruleId: string, message: string): void;
}

export function createMappingContext(
  id: string,
  lookup: KashFlowLookup,
): MappingContext & { readonly warnings: DataWarning[] } {
  const warnings: DataWarning[] = [];
  return { id, lookup, warnings, warn: (ruleId, message) => warnings.push({ ruleId, itemId: id, message }) };
}

/** A date that the record cannot do without. */
export function requiredDate(value: WireText, member: string): string {
  let date: string | undefined;
  try {
    date = dateOrNone(value);
  } catch {
    throw new Unmappable(`${member}: is not a calendar date`);
  }
  if (date === undefined) throw new Unmappable(`${member}: is missing`);
  return date;
}

/** A date that may be absent; one that cannot be read counts as absent, with a warning. */
export function optionalDate(value: WireText, member: string, context: MappingContext): string | undefined {
  try {
    return dateOrNone(value);
  } catch {
    context.warn('unreadable-date', `${member} is not a calendar date and was left out`);
    return undefined;
  }
}
