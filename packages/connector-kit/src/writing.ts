/**
 * How a platform takes records that clients write: its own schema, in the form of the published API's push options, and the steps of
 * one write.
 *
 * A write is one call that changes something at the platform, between two steps that only read:
 *
 *   validate ─▶ prepare ─▶ (engine commits "sent") ─▶ the call ─▶ readWritten ─▶ (engine stores the records, commits "done")
 *                                                        └─ answer lost ─▶ findWritten ─▶ found | absent | unknown
 *
 * The engine sends the prepared call itself, with the hook `beforeSending`, so that "sent" is on disk before the first byte leaves.
 * Whatever fails before that is safe to repeat. When the answer does not come (the worker died, time-out, broken connection, 5xx),
 * the engine waits until the platform has settled, asks {@link RecordWriter.findWritten}, and repeats the write only when that has
 * proven that nothing was written. While the outcome of a write is open, no other write of the same connection is sent: what
 * findWritten sees appear at the platform is either this write's or a person's.
 */
import type { AnyDataTypeKey, DataTypeKey } from '@tributary/model';
import type {
  JsonValue,
  PlatformRequest,
  PlatformResponse,
  PlatformSession,
  WireRecord,
} from './platform-session.ts';

export type WriteOptionType = 'Array' | 'Object' | 'String' | 'Number' | 'Boolean' | 'DateTime';

/** A value that a property takes, or an example of it. */
export interface WriteChoice {
  readonly value: string;
  readonly type: WriteOptionType;
  readonly displayName: string;
  readonly description?: string;
}

/** What the platform makes of a property beyond its type. */
export interface WriteRemark {
  /** The property's name. */
  readonly field: string;
  readonly details: string;
}

/** A property of a record, or the record itself, as the platform takes it. */
export interface WriteOption {
  readonly type: WriteOptionType;
  readonly displayName: string;
  readonly description: string;
  readonly required: boolean;
  /** Of an object, and of the elements of an array. */
  readonly properties?: Readonly<Record<string, WriteOption>>;
  /** Every value that is taken; absent: any. */
  readonly options?: readonly WriteChoice[];
  readonly validation?: {
    /** What makes a record be refused. */
    readonly warnings: readonly WriteRemark[];
    readonly information: readonly WriteRemark[];
  };
}

/** Names in the business's books that a record can refer to. */
export interface BookChoices {
  readonly accounts: readonly {
    readonly id: string;
    readonly name: string;
    readonly nominalCode?: string | undefined;
    readonly isBankAccount: boolean;
  }[];
  readonly taxRates: readonly { readonly id: string; readonly name: string }[];
}

/** Describes what can be written to a platform. */
export interface WriteDescription {
  readonly dataTypes: ReadonlySet<AnyDataTypeKey>;
  /** Pure. `dataType` is one of {@link dataTypes}. */
  describe(dataType: AnyDataTypeKey, books: BookChoices): WriteOption;
}

/** Something about a record that a client wants to write; `itemId` is its path in the record: `lineItems[2].accountRef`. */
export interface WriteProblem {
  readonly itemId: string;
  /** A sentence that says what to do. */
  readonly message: string;
  /** Stable name of the rule in kebab case: `required`, `unknown-reference`. */
  readonly validatorName: string;
}

export interface WriteVerdict {
  /** Any one of them refuses the record: nothing is sent. */
  readonly errors: readonly WriteProblem[];
  /** What is not written as it was sent; the rest goes on. */
  readonly warnings: readonly WriteProblem[];
}

/** One write that a client asked for. */
export interface WriteRequest {
  /** Of the push operation: the same in every attempt, a UUID. Platforms that keep a mark of the caller's are given it. */
  readonly operationId: string;
  readonly action: 'create' | 'update';
  /** One of the description's; of the writer's `updates` when it is an update. */
  readonly dataType: AnyDataTypeKey;
  /** Id of the record to be updated; undefined for a create. */
  readonly id: string | undefined;
  /**
   * The record by the names of the unified model, as `parseExactJson` reads it (numbers may be `ExactNumber` or bigint) and without nulls, checked
   * against {@link WriteDescription.describe}: required members are there, with their types. Members that the description lacks are
   * left out of it.
   */
  readonly record: Readonly<Record<string, unknown>>;
  /**
   * For an update: the platform's time of last change of the record that the client has seen, epoch milliseconds. A record that
   * changed since is not overwritten: {@link WriteRefusedError}. Undefined: overwrite it anyway, or the time is not known.
   */
  readonly expectedModifiedMs: number | undefined;
}

/** The call that makes the change, ready to be sent. */
export interface PreparedWrite {
  /**
   * It changes something, so that it is sent once; not `isRead`. A refusal whose body tells why (400, 422) is `accept`ed here and
   * read by {@link RecordWriter.readWritten}; other refusals end the operation with their status alone.
   */
  readonly call: PlatformRequest;
  /**
   * What findWritten needs to recognise the outcome (ids that were there before, the number that was chosen, …). Kept with the
   * operation; no secrets. `null` when nothing is needed.
   */
  readonly memory: JsonValue;
}

/** A record as the platform has it after the write, to be mapped and stored like a pulled one. */
export interface WrittenRecord {
  readonly change: 'Created' | 'Modified';
  /** Where it is stored: a pushed `journals` comes back as `journalEntries`. */
  readonly dataType: DataTypeKey;
  /** In the form in which {@link Connector.pull} would have yielded it (of a ledger type: as mapping gets it, see LedgerReader). */
  readonly record: WireRecord;
}

export interface Written {
  /** The written record first, then others that are known to have changed with it (the invoice that a payment pays). */
  readonly records: readonly [WrittenRecord, ...WrittenRecord[]];
}

/** A write that was sent and whose answer is not known. */
export interface LostWrite {
  readonly memory: JsonValue;
  /** When it was sent, epoch milliseconds by our clock. */
  readonly sentAtMs: number;
  /** Of these ids, those that cannot be this write's: stored before it was sent, or written by another operation. */
  others(dataType: DataTypeKey, ids: readonly string[]): Promise<ReadonlySet<string>>;
}

/**
 * - `absent`: it is proven that the platform did not carry it out and never will
 * - `unknown`: it cannot be told; `reason` goes to the client: `Two invoices like this one appeared since: …`
 */
export type FindOutcome =
  | ({ readonly kind: 'found' } & Written)
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * The platform, or what is stored there, refuses the write: nothing was written. The operation ends Failed with its problems.
 * `prepare` throws it (a customer that is not there), and `readWritten` when the answer is a refusal.
 */
export class WriteRefusedError extends Error {
  readonly problems: readonly WriteProblem[];
  constructor(message: string, problems: readonly WriteProblem[] = []) {
    super(message);
    this.name = 'WriteRefusedError';
    this.problems = problems;
  }
}

/**
 * Writes records to a platform, of the data types that its {@link WriteDescription} has. Sessions that it is handed only read: a call that is neither a GET nor `isRead` is refused.
 * Every call may throw a PlatformError: `unavailable` and `rateLimited` are tried again later, all others end the operation.
 */
export interface RecordWriter {
  /** Data types whose records can be updated. */
  readonly updates: ReadonlySet<AnyDataTypeKey>;
  /** Rules across members that the description cannot tell (lines must add up). Pure; the description has been checked before. */
  validate(request: WriteRequest): WriteVerdict;
  /**
   * Looks up what the platform's call needs (names to ids, the record to be updated) and builds the call.
   * May be asked again at any time before the call is sent.
   * @throws WriteRefusedError, PlatformError
   */
  prepare(session: PlatformSession, request: WriteRequest): Promise<PreparedWrite>;
  /**
   * What the platform has after its answer to the prepared call: a 2xx, or a status that the call accepts. Reads again what the answer does not hold.
   * An error other than WriteRefusedError counts as an answer that was lost.
   * @throws WriteRefusedError when the answer is a refusal
   */
  readWritten(session: PlatformSession, request: WriteRequest, answer: PlatformResponse): Promise<Written>;
  /**
   * Looks for a write whose answer was lost. An update is `found` when the record is as it should be, and `absent` while it is still
   * as it was before. Where nothing can be proven: `unknown`, never a guess.
   */
  findWritten(session: PlatformSession, request: WriteRequest, lost: LostWrite): Promise<FindOutcome>;
}
