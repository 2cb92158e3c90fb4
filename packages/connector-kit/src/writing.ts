/** How a platform takes records that clients write: its own schema, in the form of the published API's push options. */
import type { AnyDataTypeKey } from '@tributary/model';

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
