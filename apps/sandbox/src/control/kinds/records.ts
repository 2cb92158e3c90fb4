/** Faults of single records: what a platform should never send, and some do. */
import { z } from 'zod';
import type { Json } from '../../exact/json.ts';
import * as kashFlow from '../../kashflow/damage.ts';
import { withHugeAmount } from '../../kashoo/hugeAmount.ts';
import { kind } from './kind.ts';
import { rowsOf } from './rows.ts';

type Members = Readonly<Record<string, Json | undefined>>;

function isRecord(value: Json | undefined): value is Members & Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Changes one row of a list, or all when `index` is null. @param ofElement the same change to a row of a SOAP result */
function changedRow(
  payload: unknown,
  index: number | null,
  change: (row: Members) => Json,
  ofElement: (row: string) => string,
): unknown {
  const answer = rowsOf(payload);
  if (answer === undefined) return payload;
  return answer.write(
    answer.rows.map((row, at) => {
      if (index !== null && at !== index) return row;
      if (typeof row === 'string') return ofElement(row);
      return isRecord(row) ? change(row) : row;
    }),
  );
}

const index = z.int().min(0).nullable().default(0);

/** A value of another kind than the one given, that no reader could take for it. */
function ofWrongType(value: Json | undefined): Json {
  if (typeof value === 'string') return { unexpected: 'text' };
  if (typeof value === 'boolean') return 'perhaps';
  if (Array.isArray(value)) return 'not a list';
  if (isRecord(value) && Object.getPrototypeOf(value) === Object.prototype) return 'not an object';
  return 'not a number';
}

const DAMAGES = {
  wrongTypes: (row: Members): Json =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, name === 'id' ? value : ofWrongType(value)]),
    ) as Json,
  notAnObject: (): Json => 'not a record',
  missingId: ({ id: _id, ...others }: Members): Json => others as Json,
} as const;

export const malformedRecord = kind(
  'damages one row of a list (`index`; null: all): wrongTypes, notAnObject or missingId',
  z.object({ damage: z.enum(['wrongTypes', 'notAnObject', 'missingId']), index }),
  ({ damage, index: at }) => ({
    onSend: async (_request, _reply, payload) =>
      changedRow(payload, at, DAMAGES[damage], kashFlow.DAMAGES[damage]),
  }),
);

export const hugeAmount = kind(
  'gives one row of a list (`index`; null: all) the amount 99999999999999.99, consistent with its lines',
  z.object({ index }),
  ({ index: at }) => ({
    onSend: async (_request, _reply, payload) =>
      changedRow(payload, at, (row) => withHugeAmount(row) as Json, kashFlow.withHugeAmount),
  }),
);

const UNSTORABLE = '\u0000\ud83d';

function withUnstorableText(value: Json | undefined, members: ReadonlySet<string>): Json | undefined {
  if (Array.isArray(value)) return value.map((inner) => withUnstorableText(inner, members)) as Json;
  if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      members.has(name) && typeof inner === 'string'
        ? `${UNSTORABLE}${inner}${UNSTORABLE}`
        : withUnstorableText(inner, members),
    ]),
  ) as Json;
}

export const unstorableText = kind(
  'puts \\u0000 and lone surrogates into texts of one row (`index`; null: all)',
  z.object({
    members: z
      .array(z.string())
      .min(1)
      .default(['name', 'contactName', 'description', 'memo', 'number', 'sku']),
    index,
  }),
  ({ members, index: at }) => ({
    onSend: async (_request, _reply, payload) =>
      changedRow(
        payload,
        at,
        (row) => withUnstorableText(row as Json, new Set(members)) as Json,
        kashFlow.withUnstorableText,
      ),
  }),
);
