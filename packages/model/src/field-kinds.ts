import { z } from 'zod';

/** What a property of a unified record can be compared with in a query, and how; `any`: as the value in the record demands. */
export type FieldKind = 'text' | 'number' | 'boolean' | 'localDate' | 'instant' | 'enum' | 'id' | 'any';

/**
 * Marks string schemas whose kind their type does not tell: dates, instants, ids.
 * Other packages may add their own schemas: `fieldKinds.add(schema, { kind: 'instant' })`.
 */
export const fieldKinds = z.registry<{ kind: FieldKind }>();
