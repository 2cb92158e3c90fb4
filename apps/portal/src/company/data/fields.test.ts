import { type DataTypeKey, dataTypes, fieldsOf } from '@tributary/model';
import { describe, expect, test } from 'vitest';
import { fieldsOfType, listPathOf, recordNoun, tableTypes } from './fields.ts';

describe.each(tableTypes)('%s', (dataType) => {
  const definition = dataTypes[dataType as DataTypeKey];
  const catalogue = fieldsOf(definition.response);

  test('has only fields that the API knows, of the kind that it has', () => {
    const kinds = {
      number: ['money', 'number', 'percent'],
      localDate: ['day'],
      instant: ['instant'],
      boolean: ['flag'],
    };
    for (const field of fieldsOfType(dataType)) {
      const known = catalogue.get(field.path.toLowerCase());
      expect(known?.path, `${dataType}.${field.path}`).toBe(field.path);
      const expected = kinds[known?.kind as keyof typeof kinds] ?? ['text', 'choice'];
      expect(expected, `${dataType}.${field.path}`).toContain(field.kind);
      expect(known?.lists === undefined || field.isFilterOnly === true, field.path).toBe(true);
    }
  });

  test('has currencies where the record has them', () => {
    for (const { currency, kind } of fieldsOfType(dataType)) {
      if (kind !== 'money' || currency === 'currency' || currency === undefined) continue;
      expect(catalogue.has(currency.toLowerCase()), currency).toBe(true);
    }
  });

  test('is listed where the API lists it', () => {
    expect(listPathOf(dataType, ':accountId').replace('%3A', ':')).toBe(definition.listPath);
  });

  test('is called as the API calls it', () => {
    expect(recordNoun(dataType)).toBe(definition.title.singular);
  });
});
