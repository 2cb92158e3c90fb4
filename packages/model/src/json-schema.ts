import { z } from 'zod';
import { exactDecimal } from './schemas/values.ts';

/** JSON Schema as `z.toJSONSchema` builds it (draft 2020-12). */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * JSON Schema of a record or response: exact decimals appear as `{"type":"number"}`, dates as described strings.
 * @throws Error when the schema holds something that JSON Schema cannot express, exact decimals aside
 */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    // Custom checks have no JSON Schema; the override names the one that is known and refuses every other.
    unrepresentable: 'any',
    override: overrideExactDecimal,
  });
}

/** `override` for callers with `z.toJSONSchema` options of their own (with `unrepresentable: 'any'`). */
export function overrideExactDecimal(context: { zodSchema: z.core.$ZodType; jsonSchema: JsonSchema }): void {
  if (context.zodSchema === exactDecimal) {
    context.jsonSchema.type = 'number';
  } else if (context.zodSchema._zod.def.type === 'custom') {
    throw new Error('A custom schema other than the exact decimal has no JSON Schema');
  }
}
