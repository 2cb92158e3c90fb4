import type { FieldKind } from './field-kinds.ts';

/** A property that a query may name. */
export type FieldDefinition = {
  /** Dotted path as the schema spells it. */
  readonly path: string;
  readonly kind: FieldKind;
  /** Members of an enum, as the schema spells them. */
  readonly values?: readonly string[];
  /** Paths of the lists that the property lies in, the outermost first: a record can have it several times. */
  readonly lists?: readonly string[];
};

/**
 * The properties of one kind of record, by lower-cased dotted path. A path that ends in `.*` stands for everything below it: members
 * whose names the records bring along (tags, supplemental data).
 */
export type FieldCatalogue = ReadonlyMap<string, FieldDefinition>;

export type ComparisonOperator = '=' | '!=' | '~' | '>' | '<' | '>=' | '<=';

/**
 * One comparison. `value` is normalised for the field's kind:
 * - `text`, `id`: the text; `enum`: the member as the schema spells it, or the text as given when there is no such
 *   member (such a comparison equals nothing, so `=` matches no record and `!=` every one), and what `~` looks for as given;
 * - `number`: canonical plain decimal text; `boolean`: a boolean;
 * - `localDate`: `YYYY-MM-DDTHH:MM:SS[.fraction]`, any zone of the query dropped, for local dates have none;
 * - `instant`: `YYYY-MM-DDTHH:MM:SS[.fraction]Z`, up to six digits of fraction, without trailing zeros;
 * - `any`: the text as given, which the record's value decides how to take;
 * - `null` (written bare, `=` and `!=` only): the property is absent.
 */
export type QueryComparison = {
  readonly type: 'comparison';
  /** Dotted path as the schema spells it. */
  readonly field: string;
  readonly kind: FieldKind;
  readonly operator: ComparisonOperator;
  readonly value: string | boolean | null;
};

/** All (`and`) or any (`or`) of at least two nodes. */
export type QueryGroup = { readonly type: 'and' | 'or'; readonly nodes: readonly QueryNode[] };

export type QueryNode = QueryComparison | QueryGroup;

/** The text of a query or of an order is wrong; the message names the offender and can be shown to a client. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /** The property that the error is about, as the client wrote it. */
  readonly property?: string;
  /** Where in the text, from 0, in UTF-16 code units. */
  readonly position: number;

  constructor(message: string, position: number, property?: string) {
    super(message);
    this.position = position;
    if (property !== undefined) this.property = property;
  }
}
