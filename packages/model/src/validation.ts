import type { z } from 'zod';
import { type DataTypeKey, dataTypes, type RecordOf } from './data-types.ts';
import { quickParser } from './quick-read.ts';

/** A value that fits its data type, or short messages that name the path of each problem. */
export type ValidationOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: readonly string[] };

/** At most this many messages are kept for one record: a broken mapping repeats itself on every line. */
const MAX_ISSUES = 10;

/** Checks what a mapping produced against the unified model; never throws, whatever the value. */
export function validateRecord<Key extends DataTypeKey>(
  key: Key,
  value: unknown,
): ValidationOutcome<RecordOf<Key>> {
  const result = parserOf(key)(value);
  return result.success
    ? { ok: true, value: result.data as RecordOf<Key> }
    : { ok: false, issues: issueMessages(result.error) };
}

type Parser = ReturnType<typeof quickParser<unknown>>;

const parsers = new Map<DataTypeKey, Parser>();

function parserOf(key: DataTypeKey): Parser {
  let parser = parsers.get(key);
  if (parser === undefined) {
    parser = quickParser<unknown>(dataTypes[key].record);
    parsers.set(key, parser);
  }
  return parser;
}

/** One short line per problem, path first: `lineItems[2].unitAmount: expected an exact number`. */
export function issueMessages(error: z.ZodError): string[] {
  const messages = error.issues
    .slice(0, MAX_ISSUES)
    .map((issue) => `${pathText(issue.path)}: ${issueText(issue)}`);
  const left = error.issues.length - messages.length;
  return left > 0 ? [...messages, `and ${left} more`] : messages;
}

function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? String(step) : `.${String(step)}`;
  }
  return text === '' ? '(record)' : text;
}

function issueText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `unknown ${issue.keys
        .slice(0, 5)
        .map((name) => JSON.stringify(name.slice(0, 40)))
        .join(', ')}`;
    default:
      return issue.message;
  }
}
