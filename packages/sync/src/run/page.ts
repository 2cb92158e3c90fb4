/** Pure: one page of wire records → what the store writes. */
import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Connector, DataWarning, Lookup, WireRecord } from '@tributary/connector-kit';
import { type DataTypeKey, dataTypes } from '@tributary/model';
import {
  freshBuffers,
  type PageBuffers,
  type QuarantineRow,
  type RawRow,
  type RecordRow,
} from '@tributary/store';

export interface NormalisedPage {
  readonly records: readonly RecordRow[];
  readonly raw: readonly RawRow[];
  readonly quarantined: readonly QuarantineRow[];
  readonly warnings: readonly DataWarning[];
  /** Every id that the page showed, mapped or not. */
  readonly ids: readonly string[];
  readonly greatestModifiedMs: number | undefined;
}

/** A record with the hash of its text. */
export interface HashedRecord {
  readonly id: string;
  readonly wire: WireRecord;
  readonly rawHash: string;
}

/** What is mapped: records, hashed or not, and what the listing had to say of them. */
export interface WirePage {
  readonly records: readonly (WireRecord | HashedRecord)[];
  readonly warnings: readonly DataWarning[];
}

/** What a client wants of a raw record beside the unified one; undefined: nothing. */
export type Supplement = (raw: string) => object | undefined;

export interface NormalisingOptions {
  readonly supplement?: Supplement | undefined;
  /** Called with the records that are mapped and not deleted. */
  readonly see?: ((id: string, record: object) => void) | undefined;
  /** Where the documents are written. */
  readonly buffers?: PageBuffers | undefined;
}

/** Records mapped at a stretch, which takes less than a millisecond: whatever the platform and the database have answered waits for that long. */
const stretch = 10;
/** The same of hashing. */
const hashStretch = 100;

/** Hashes the texts of a page, and lets other work of the process go on now and then. */
export async function hashRecords(records: readonly WireRecord[]): Promise<HashedRecord[]> {
  const hashed: HashedRecord[] = [];
  for (const [index, wire] of records.entries()) {
    if (index % hashStretch === hashStretch - 1) await setImmediate();
    hashed.push({ id: wire.id, wire, rawHash: contentHash(wire.bytes ?? wire.raw) });
  }
  return hashed;
}

/**
 * Maps a page. Of several records with one id the last counts: a statement cannot write one row twice. Now and then it lets other
 * work of the process go on: the page before is being written, and other runs wait for their turn.
 */
export async function normalisePage(
  connector: Connector,
  dataType: DataTypeKey,
  page: WirePage,
  lookup: Lookup,
  { supplement, see = () => undefined, buffers = freshBuffers }: NormalisingOptions = {},
): Promise<NormalisedPage> {
  const records = new Map<string, RecordRow>();
  const raw = new Map<string, RawRow>();
  const quarantined = new Map<string, QuarantineRow>();
  const warnings: DataWarning[] = [...page.warnings];
  let greatestModifiedMs: number | undefined;
  const texts = createTexts(buffers);
  for (const [index, listed] of page.records.entries()) {
    if (index % stretch === stretch - 1) await setImmediate();
    const wire = 'wire' in listed ? listed.wire : listed;
    const outcome = connector.map(dataType, wire, lookup);
    if (outcome.kind === 'quarantined') {
      quarantined.set(outcome.id, { id: outcome.id, reason: outcome.reason, raw: storableJson(wire.raw) });
      records.delete(outcome.id);
      continue;
    }
    if (!outcome.isDeleted) see(outcome.id, outcome.record);
    const content = supplement?.(wire.raw);
    const document = texts.keep(
      JSON.stringify(
        content === undefined ? outcome.record : { ...outcome.record, supplementalData: { content } },
      ),
    );
    quarantined.delete(outcome.id);
    records.set(outcome.id, {
      id: outcome.id,
      document,
      contentHash: contentHash(document),
      sourceModifiedAt: outcome.sourceModifiedAt,
      isDeleted: outcome.isDeleted,
      columns: columnValues(dataType, outcome.record),
    });
    raw.set(outcome.id, {
      id: outcome.id,
      raw: wire.bytes ?? wire.raw,
      rawHash: 'rawHash' in listed ? listed.rawHash : contentHash(wire.bytes ?? wire.raw),
      // Each run lists the warnings of its records.
      mapAgain: outcome.warnings.length > 0,
    });
    warnings.push(...outcome.warnings);
    if (
      outcome.sourceModifiedMs !== undefined &&
      !(outcome.sourceModifiedMs <= (greatestModifiedMs ?? Number.NEGATIVE_INFINITY))
    ) {
      greatestModifiedMs = outcome.sourceModifiedMs;
    }
  }
  return {
    records: [...records.values()],
    raw: [...raw.values()].filter((row) => records.has(row.id)),
    quarantined: [...quarantined.values()],
    warnings,
    ids: [...new Set([...records.keys(), ...quarantined.keys()])],
    greatestModifiedMs,
  };
}

const textsChunk = 256 * 1024;

/**
 * Keeps the texts of a page outside the heap, in UTF-8, as they are hashed and sent: as strings they would live until the page is written,
 * and be moved and looked through by the garbage collector several times over.
 */
function createTexts(buffers: PageBuffers): { keep(text: string): Buffer } {
  let chunk: Buffer = Buffer.alloc(0);
  let end = 0;
  return {
    keep(text) {
      // No character takes more.
      const most = text.length * 3;
      if (end + most > chunk.length) {
        chunk = buffers.take(Math.max(textsChunk, most));
        end = 0;
      }
      const from = end;
      end += chunk.write(text, from);
      return chunk.subarray(from, end);
    },
  };
}

/**
 * 128 bits of SHA-256 in hexadecimal digits, which a `uuid` column takes: compact, and no accident in a book of any size. Without the
 * dashes: a text made of pieces takes several times the memory, for as long as a page waits to be written.
 * @param text a string, or its UTF-8
 */
export function contentHash(text: string | Buffer): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/**
 * JSON text that a `json` column takes, of a record that could not be mapped and may be no JSON at all: that becomes a string.
 */
function storableJson(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text.replaceAll('\u0000', '').toWellFormed());
  }
}

/** Values of the typed columns, read from the unified record by path. */
export function columnValues(dataType: DataTypeKey, record: object): (string | boolean | null)[] {
  return pathsOfColumns[dataType].map((path) => columnValue(path, record));
}

/** Names of members from the record down, of each typed column. */
const pathsOfColumns = Object.fromEntries(
  Object.values(dataTypes).map(({ key, columns }) => [key, columns.map(({ path }) => path.split('.'))]),
) as unknown as Readonly<Record<DataTypeKey, readonly (readonly string[])[]>>;

function columnValue(path: readonly string[], record: object): string | boolean | null {
  let value: unknown = record;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return null;
    value = (value as Record<string, unknown>)[step];
  }
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'object' && value !== null && 'rawJSON' in value) return String(value.rawJSON);
  return null;
}
