import type { MappingOutcome } from '@tributary/connector-kit';
import type { DataTypeKey, RecordOf } from '@tributary/model';
import { KashooLookup } from '../lookup.ts';
import { mapRecord } from './map.ts';

type Mapped = Extract<MappingOutcome, { kind: 'mapped' }>;

/** Maps one record given as members, or as JSON text where the exact digits matter; fails the test when it is quarantined. */
export function mapOne<Key extends DataTypeKey>(
  dataType: Key,
  wire: object | string,
  lookup: KashooLookup = new KashooLookup({ homeCurrency: 'CAD' }),
): Mapped & { readonly record: RecordOf<Key>; readonly rules: readonly string[] } {
  const raw = typeof wire === 'string' ? wire : JSON.stringify(wire);
  const outcome = mapRecord(dataType, { id: 'from the listing', raw }, lookup);
  if (outcome.kind === 'quarantined') throw new Error(`quarantined: ${outcome.reason}`);
  return {
    ...outcome,
    record: outcome.record as RecordOf<Key>,
    rules: outcome.warnings.map(({ ruleId }) => ruleId),
  };
}

/** The reason for which a record is quarantined; fails the test when it is mapped. */
export function quarantineReason(dataType: DataTypeKey, raw: string): string {
  const outcome = mapRecord(
    dataType,
    { id: 'from the listing', raw },
    new KashooLookup({ homeCurrency: 'CAD' }),
  );
  if (outcome.kind === 'mapped') throw new Error(`mapped: ${JSON.stringify(outcome.record)}`);
  if (outcome.id !== 'from the listing') throw new Error(`quarantined under ${outcome.id}`);
  return outcome.reason;
}

/** The digits of a decimal as a client reads them; undefined when there is none. */
export function digitsOf(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
