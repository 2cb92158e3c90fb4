import { type DataTypeKey, dataTypes, fieldsOf, formatQuery, parseQuery } from '@tributary/model';
import { expect, test } from 'vitest';
import { fieldsOfType, tableTypes } from './fields.ts';
import { conditionOf, operatorsOf, withCondition } from './filter-text.ts';

const examples = {
  money: '12.5',
  number: '3',
  percent: '20',
  day: '2024-02-29',
  instant: '2024-02-29',
  flag: 'true',
};

test.each(tableTypes)(
  'every condition that can be put together of %s is one that the API takes',
  (dataType) => {
    const catalogue = fieldsOf(dataTypes[dataType as DataTypeKey].response);
    for (const field of fieldsOfType(dataType)) {
      const value = field.choices?.[0] ?? examples[field.kind as keyof typeof examples] ?? 'a "b" && c';
      for (const operator of operatorsOf(field)) {
        const text = conditionOf(field, operator.value, value);
        expect(() => parseQuery(text, catalogue), text).not.toThrow();
      }
    }
  },
);

test('a condition is added to all of what is there, “or” included', () => {
  const catalogue = fieldsOf(dataTypes.invoices.response);
  const joined = withCondition('status=Paid||status=Void', 'totalAmount>=5');
  expect(formatQuery(parseQuery(joined, catalogue))).toBe('{status="Paid"||status="Void"}&&totalAmount>=5');
  expect(withCondition('note="a||b"', 'totalAmount>=5')).toBe('note="a||b"&&totalAmount>=5');
  expect(withCondition('  ', 'status="Paid"')).toBe('status="Paid"');
});
