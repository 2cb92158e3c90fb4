/** Conditions of the API's query language, built from what somebody chose. */
import { condition } from '../../api/query-text.ts';
import type { Field, FieldKind } from './fields.ts';

export type Operator = '=' | '!=' | '~' | '>' | '<' | '>=' | '<=';

export interface OperatorChoice {
  readonly value: Operator;
  readonly label: string;
}

const is: OperatorChoice = { value: '=', label: 'is' };
const isNot: OperatorChoice = { value: '!=', label: 'is not' };
const ofText: readonly OperatorChoice[] = [{ value: '~', label: 'contains' }, is, isNot];
const ofNumbers: readonly OperatorChoice[] = [
  { value: '>=', label: 'at least' },
  { value: '<=', label: 'at most' },
  is,
  isNot,
  { value: '>', label: 'more than' },
  { value: '<', label: 'less than' },
];
const ofDates: readonly OperatorChoice[] = [
  { value: '>=', label: 'on or after' },
  { value: '<', label: 'before' },
  is,
];

const byKind: Readonly<Record<FieldKind, readonly OperatorChoice[]>> = {
  text: ofText,
  choice: [is, isNot],
  money: ofNumbers,
  number: ofNumbers,
  percent: ofNumbers,
  day: ofDates,
  instant: ofDates.filter(({ value }) => value !== '='),
  flag: [is],
};

/** What can be asked of a field, the most usual first. An id is only ever equal or not. */
export function operatorsOf(field: Field): readonly OperatorChoice[] {
  const isId = field.path === 'id' || /(^|\.)(id|[a-z]\w*Id)$/.test(field.path);
  return isId ? [is, isNot] : byKind[field.kind];
}

/** A condition as the API takes it. */
export function conditionOf(field: Field, operator: Operator, value: string): string {
  const plain = value.trim();
  const isBare =
    field.kind === 'money' || field.kind === 'number' || field.kind === 'percent' || field.kind === 'flag';
  return isBare ? `${field.path}${operator}${plain}` : condition(field.path, operator, plain);
}

/** A query that also asks for another condition. */
export function withCondition(query: string, added: string): string {
  const before = query.trim();
  if (before === '') return added;
  // “and” binds tighter than “or”: what is there has to stay together.
  return hasAlternatives(before) ? `{${before}}&&${added}` : `${before}&&${added}`;
}

/** Whether “or” stands in the query outside of quoted values. */
function hasAlternatives(query: string): boolean {
  return query.replaceAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, '').includes('||');
}
