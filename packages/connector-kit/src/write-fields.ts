/** Building blocks of a platform's own schema of records that can be written to it. */
import type { WriteChoice, WriteOption, WriteRemark } from './writing.ts';

/** What is said of a property beyond its name and type. */
export interface Details {
  readonly required?: boolean;
  readonly options?: readonly WriteChoice[];
  /** Reasons for which a record is refused. */
  readonly refusedWhen?: readonly string[];
  readonly notes?: readonly string[];
}

/** A property by its name in the unified model. */
export type Named = readonly [name: string, option: WriteOption];

function field(
  name: string,
  type: WriteOption['type'],
  displayName: string,
  description: string,
  { required = false, options, refusedWhen = [], notes = [] }: Details,
): WriteOption {
  const remarks = (details: readonly string[]): WriteRemark[] =>
    details.map((text) => ({ field: name, details: text }));
  const hasRemarks = refusedWhen.length > 0 || notes.length > 0;
  return {
    type,
    displayName,
    description,
    required,
    ...(options === undefined ? {} : { options }),
    ...(hasRemarks ? { validation: { warnings: remarks(refusedWhen), information: remarks(notes) } } : {}),
  };
}

const ofType =
  (type: WriteOption['type']) =>
  (name: string, displayName: string, description: string, details: Details = {}): Named => [
    name,
    field(name, type, displayName, description, details),
  ];

export const text = ofType('String');
export const number = ofType('Number');
export const date = ofType('DateTime');

export function object(
  name: string,
  displayName: string,
  description: string,
  properties: readonly Named[],
  details: Details = {},
): Named {
  return [
    name,
    {
      ...field(name, 'Object', displayName, description, details),
      properties: Object.fromEntries(properties),
    },
  ];
}

export function array(
  name: string,
  displayName: string,
  description: string,
  properties: readonly Named[],
  details: Details = {},
): Named {
  return [
    name,
    {
      ...field(name, 'Array', displayName, description, details),
      properties: Object.fromEntries(properties),
    },
  ];
}

/** A reference to another record by its id. */
export const reference = (
  name: string,
  displayName: string,
  description: string,
  details: Details = {},
): Named => {
  const { options, ...ofObject } = details;
  const id = text('id', 'Id', 'Id of the record.', {
    required: true,
    ...(options === undefined ? {} : { options }),
  });
  return object(name, displayName, description, [id], ofObject);
};

/** The record itself. */
export function record(displayName: string, description: string, properties: readonly Named[]): WriteOption {
  return {
    type: 'Object',
    displayName,
    description,
    required: true,
    properties: Object.fromEntries(properties),
  };
}

/** Fixed values. */
export const choices = (values: Readonly<Record<string, string>>): WriteChoice[] =>
  Object.entries(values).map(([value, displayName]) => ({ value, type: 'String', displayName }));
