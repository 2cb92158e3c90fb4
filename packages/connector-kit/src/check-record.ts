/** Whether a record fits the description of what a platform takes; pure. */
import { isCalendarDate, isExactNumber } from '@tributary/model';
import type { WriteOption, WriteProblem, WriteVerdict } from './writing.ts';

/** Beyond these the rest of a record is not looked at: a client mends the first ones and sends it again. */
const mostProblems = 50;
const mostElements = 1000;

/** Members that a record which was read has of ours, and that say nothing about the platform's. */
const ours: ReadonlySet<string> = new Set([
  'id',
  'modifiedDate',
  'sourceModifiedDate',
  'metadata',
  'supplementalData',
]);

interface Findings {
  readonly errors: WriteProblem[];
  readonly warnings: WriteProblem[];
}

/**
 * Checks a record, as `parseExactJson` reads it and without nulls, against the description. A member that the description lacks
 * is a warning: it is left out of what is written.
 */
export function checkRecord(description: WriteOption, record: unknown): WriteVerdict {
  const findings: Findings = { errors: [], warnings: [] };
  checkValue(description, record, '', findings);
  return findings;
}

/** The record without members and elements that are null, which count as absent. */
export function withoutNulls<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.filter((element) => element !== null).map(withoutNulls) as Value;
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)])) as Value;
}

function checkValue(option: WriteOption, value: unknown, place: string, findings: Findings): void {
  if (findings.errors.length >= mostProblems) return;
  switch (option.type) {
    case 'Object':
      if (isObject(value)) checkMembers(option.properties ?? {}, value, place, findings);
      else refuse(findings, place, 'must be an object', 'type');
      return;
    case 'Array':
      checkElements(option, value, place, findings);
      return;
    case 'Number':
      if (!isNumber(value)) refuse(findings, place, 'must be a number', 'type');
      return;
    case 'Boolean':
      if (typeof value !== 'boolean') refuse(findings, place, 'must be true or false', 'type');
      return;
    case 'DateTime':
      if (typeof value !== 'string' || dateOf(value) === undefined)
        refuse(findings, place, 'must be a date such as 2024-05-31', 'type');
      return;
    case 'String':
      checkText(option, value, place, findings);
      return;
  }
}

function checkText({ options = [] }: WriteOption, value: unknown, place: string, findings: Findings): void {
  if (typeof value !== 'string') refuse(findings, place, 'must be text', 'type');
  else if (!value.isWellFormed() || value.includes('\u0000'))
    refuse(findings, place, 'has characters that cannot be written', 'characters');
  else if (options.length > 0 && !options.some((choice) => choice.value === value)) {
    const some = options.slice(0, 20).map((choice) => choice.value);
    refuse(findings, place, `must be one of ${some.join(', ')}`, 'one-of');
  }
}

function checkElements(option: WriteOption, value: unknown, place: string, findings: Findings): void {
  if (!Array.isArray(value)) refuse(findings, place, 'must be a list', 'type');
  else if (value.length > mostElements)
    refuse(findings, place, `must have at most ${mostElements} elements`, 'too-many');
  else
    for (const [index, element] of value.entries())
      checkValue({ ...option, type: 'Object' }, element, `${place}[${index}]`, findings);
}

function checkMembers(
  properties: Readonly<Record<string, WriteOption>>,
  value: Readonly<Record<string, unknown>>,
  place: string,
  findings: Findings,
): void {
  const at = (name: string) => (place === '' ? name : `${place}.${name}`);
  for (const [name, option] of Object.entries(properties)) {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member !== undefined) checkValue(option, member, at(name), findings);
    else if (option.required) refuse(findings, at(name), 'is needed', 'required');
  }
  for (const [name, member] of Object.entries(value)) {
    if (Object.hasOwn(properties, name) || member === undefined) continue;
    if (place === '' && ours.has(name)) continue;
    // What a reference has beside its id is a name, which the platform knows.
    if (Object.hasOwn(properties, 'id')) continue;
    if (findings.warnings.length < mostProblems)
      findings.warnings.push({
        itemId: at(name.slice(0, 100)),
        message: 'The platform takes no such member: it is left out.',
        validatorName: 'not-taken',
      });
  }
}

function refuse({ errors }: Findings, place: string, what: string, validatorName: string): void {
  errors.push({ itemId: place || 'record', message: `${place || 'The record'} ${what}.`, validatorName });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

function isNumber(value: unknown): boolean {
  return (
    typeof value === 'bigint' || isExactNumber(value) || (typeof value === 'number' && Number.isFinite(value))
  );
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * The calendar date of a text, `YYYY-MM-DD`, whatever time of the day it names: dates of records are local to the business.
 * @returns undefined when the text names no day
 */
export function dateOf(text: string): string | undefined {
  const [whole, year, month, day] = DATE.exec(text) ?? [];
  if (whole === undefined || !isCalendarDate(Number(year), Number(month), Number(day))) return undefined;
  return `${year}-${month}-${day}`;
}
