import { readFileSync } from 'node:fs';
import { type DataTypeKey, dataTypes } from '@tributary/model';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createManifest } from '../manifest.ts';
import { type DocumentCase, lookup } from './document-case.fixture.ts';
import { ledgerCases } from './documents-of-ledger.fixture.ts';
import { masterDataCases } from './documents-of-master-data.fixture.ts';
import { recordCases } from './documents-of-records.fixture.ts';
import { mapRecord } from './map.ts';

const documentCases = [...masterDataCases, ...recordCases, ...ledgerCases];

/** Statements are computed, not mapped: the model's own tests assert their properties. */
const mappedTypes = [...createManifest().dataTypes.keys()].filter((key) => !('servedAs' in dataTypes[key]));

/** Maps one case, compares the whole document, and returns the dotted paths that the comparison asserted. */
function assertDocument({ dataType, wire, expected, ...rest }: DocumentCase): string[] {
  const outcome = mapRecord(dataType, { id: 'from the listing', raw: wire }, lookup);
  if (outcome.kind === 'quarantined') throw new Error(`quarantined: ${outcome.reason}`);
  expect(JSON.parse(JSON.stringify(outcome.record))).toEqual(expected);
  expect(outcome.warnings.map(({ ruleId }) => ruleId)).toEqual(rest.warnings ?? []);
  const asserted = pathsOf(expected);
  if (rest.sourceModifiedAt !== undefined) {
    expect(outcome.sourceModifiedAt).toBe(rest.sourceModifiedAt);
    expect(outcome.sourceModifiedMs).toBe(Date.parse(rest.sourceModifiedAt));
  }
  if (rest.isDeleted !== undefined) {
    expect(outcome.isDeleted).toBe(rest.isDeleted);
    asserted.push('metadata', 'metadata.isDeleted');
  }
  return asserted.map((path) => `${dataType}.${path}`);
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

/** The rows of Kashoo's table in `docs/not-mapped.md`. */
function exceptions(): Exception[] {
  const text = readFileSync(new URL('../../../../../docs/not-mapped.md', import.meta.url), 'utf8');
  const [ours = ''] = text.split(/^# .*KashFlow/m);
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
      expect(properties.length).toBeGreaterThan(8);
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

  test('that a document asserts exists in the model', () => {
    const known = new Set(mappedTypes.flatMap(allProperties));
    expect([...asserted].filter((property) => !known.has(property))).toEqual([]);
  });
});
