import { readFileSync } from 'node:fs';
import { type DataTypeKey, dataTypes } from '@tributary/model';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createManifest } from '../manifest.ts';
import { type DocumentCase, documentCases, lookup, xml } from './documents.fixture.ts';
import { mapRecord } from './map.ts';

const mappedTypes = [...createManifest().dataTypes.keys()];

/** Maps one case, compares the whole document, and returns the dotted paths that the comparison asserted. */
function assertDocument({ dataType, raw, expected, ...rest }: DocumentCase): string[] {
  const outcome = mapRecord(dataType, { id: 'from the listing', raw: JSON.stringify(raw) }, lookup);
  if (outcome.kind === 'quarantined') throw new Error(`quarantined: ${outcome.reason}`);
  expect(JSON.parse(JSON.stringify(outcome.record))).toEqual(expected);
  expect(outcome.warnings.map(({ ruleId }) => ruleId)).toEqual(rest.warnings ?? []);
  expect(outcome.sourceModifiedAt).toBe(rest.sourceModifiedAt);
  expect(outcome.isDeleted).toBe(false);
  return pathsOf(expected).map((path) => `${dataType}.${path}`);
}

/** Dotted paths of every property of a document; elements of lists share one path. */
function pathsOf(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => pathsOf(element, prefix));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    return [path, ...pathsOf(member, path)];
  });
}

/** Dotted paths of every property that a schema has. */
function propertiesOf(schema: unknown, prefix: string): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return propertiesOf(schema.unwrap(), prefix);
  if (schema instanceof z.ZodArray) return propertiesOf(schema.element, prefix);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, member]) => {
    const path = `${prefix}.${name}`;
    return [path, ...propertiesOf(member, path)];
  });
}

const allProperties = (key: DataTypeKey): string[] => propertiesOf(dataTypes[key].response, key);

interface Exception {
  readonly path: string;
  readonly reason: string;
}

/** The rows of KashFlow's table in `docs/not-mapped.md`. */
function exceptions(): Exception[] {
  const text = readFileSync(new URL('../../../../../docs/not-mapped.md', import.meta.url), 'utf8');
  const [, ours = ''] = text.split(/^# .*KashFlow/m);
  return [...ours.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, path = '', reason = '']) => ({
    path,
    reason: reason.trim(),
  }));
}

/** An exception covers its property and all below it; `*` stands for every data type. */
function covers({ path }: Exception, property: string): boolean {
  const parts = path.split('.');
  const steps = property.split('.');
  return parts.every((part, index) => part === steps[index] || (index === 0 && part === '*'));
}

describe.each(documentCases)('$dataType: $name', (documentCase) => {
  test('becomes exactly this document', () => {
    expect(assertDocument(documentCase).length).toBeGreaterThan(0);
  });
});

describe('every property of the model', () => {
  const asserted = new Set(documentCases.flatMap(assertDocument));

  test.each(mappedTypes)(
    'of %s is asserted by a document, or stands in docs/not-mapped.md with a reason',
    (key) => {
      const properties = allProperties(key);
      const allowed = exceptions();
      const missing = properties.filter(
        (property) => !asserted.has(property) && !allowed.some((exception) => covers(exception, property)),
      );
      expect(missing).toEqual([]);
    },
  );

  test('that stands in docs/not-mapped.md exists, has a reason, and is asserted nowhere', () => {
    const rows = exceptions();
    const properties = mappedTypes.flatMap(allProperties);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => !properties.some((property) => covers(row, property)))).toEqual([]);
    expect(rows.filter(({ reason }) => reason.length < 20)).toEqual([]);
    expect(rows.filter((row) => [...asserted].some((property) => covers(row, property)))).toEqual([]);
  });
});

describe('a record that cannot be mapped', () => {
  const reasonOf = (dataType: DataTypeKey, raw: string): string => {
    const outcome = mapRecord(dataType, { id: 'listed', raw }, lookup);
    if (outcome.kind === 'mapped') throw new Error(`mapped: ${JSON.stringify(outcome.record)}`);
    expect(outcome.id).toBe('listed');
    return outcome.reason;
  };
  const invoice = (members: string): string => JSON.stringify(xml(`<Invoice>${members}</Invoice>`));

  test.each([
    ['no JSON', 'invoices', '{', 'is not valid JSON'],
    ['no record', 'invoices', '"text"', 'is not a record with members'],
    ['no id', 'invoices', invoice('<InvoiceDate>2016-09-16</InvoiceDate>'), 'id: is missing'],
    ['no date', 'invoices', invoice('<InvoiceDBID>1</InvoiceDBID>'), 'InvoiceDate: is missing'],
    [
      'a day that is none',
      'invoices',
      invoice('<InvoiceDBID>1</InvoiceDBID><InvoiceDate>2016-02-30T00:00:00</InvoiceDate>'),
      'InvoiceDate: is not a calendar date',
    ],
    [
      'an amount that is none',
      'invoices',
      invoice('<InvoiceDBID>1</InvoiceDBID><NetAmount>1,5</NetAmount>'),
      'NetAmount: expected a decimal number',
    ],
    [
      'a journal out of balance',
      'journalEntries',
      JSON.stringify(
        xml(
          '<J><DBID>1</DBID><JournalDate>2016-09-30</JournalDate><Lines><l><Amount>1</Amount></l></Lines></J>',
        ),
      ),
      'Lines: they do not add up to 0',
    ],
  ] as const)('%s: is quarantined with the reason', (_what, dataType, raw, reason) => {
    expect(reasonOf(dataType, raw)).toBe(reason);
  });
});

test('amounts keep every digit that KashFlow gave', () => {
  const raw = xml(
    '<Invoice><InvoiceDBID>1</InvoiceDBID><InvoiceDate>2016-09-16T00:00:00</InvoiceDate><NetAmount>99999999999999.9901</NetAmount><VATAmount>0.0002</VATAmount></Invoice>',
  );
  const outcome = mapRecord('invoices', { id: '1', raw: JSON.stringify(raw) }, lookup);
  expect(JSON.stringify(outcome)).toContain('"totalAmount":99999999999999.9903,');
});
