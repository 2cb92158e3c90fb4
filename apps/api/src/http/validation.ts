import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { badRequest, type ValidationItem } from '../errors.ts';

const places: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' };

/** A path that names its member the way the client wrote it: `body.settings[3].syncSchedule`. */
function placeOf(part: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (place, step) => (typeof step === 'number' ? `${place}[${step}]` : `${place}.${String(step)}`),
    places[part] ?? part,
  );
}

/** What zod calls the kinds of JSON, in words for clients. */
const kinds: Readonly<Record<string, string>> = {
  object: 'a JSON object',
  record: 'a JSON object',
  array: 'a list',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
};

/** A schema's own words, or ours instead of the validator's: `Invalid input: expected record, received array`. */
function wordsOf({ message }: z.core.$ZodIssue): string {
  const expected = /^Invalid input: expected (\w+)/.exec(message)?.[1];
  if (expected !== undefined) return `must be ${kinds[expected] ?? expected}`;
  return message === 'Invalid input' ? 'is of the wrong kind' : message;
}

const mostProblemsShown = 20;

function problemsOf(part: string, error: z.core.$ZodError): ValidationItem[] {
  return error.issues.slice(0, mostProblemsShown).map((issue) => ({
    itemId: placeOf(part, issue.path),
    message: wordsOf(issue),
    validatorName: issue.code,
  }));
}

/** Validates with the route's zod schemas. What they refuse becomes a 400 that names every offender. */
export const validateWithZod: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const part = httpPart ?? 'body';
  return (data: unknown) => {
    // Fastify hands over null for a body that was not sent.
    const given = part === 'body' && data === null ? undefined : data;
    const result = schema.safeParse(part === 'querystring' ? inSpelling(schema, given) : given);
    if (result.success) return { value: result.data };
    const problems = problemsOf(part, result.error);
    const sentence = problems.map((problem) => `${problem.itemId}: ${problem.message}`).join('; ');
    return { error: badRequest(sentence, problems) };
  };
};

/** Names of parameters match in any case (`orderby`, `pagesize`); one given in two spellings is given twice. */
function inSpelling(schema: z.ZodType, parameters: unknown): unknown {
  if (!(schema instanceof z.ZodObject) || typeof parameters !== 'object' || parameters === null)
    return parameters;
  const spellings = new Map(Object.keys(schema.shape).map((name) => [name.toLowerCase(), name]));
  const named: Record<string, unknown> = {};
  for (const [written, value] of Object.entries(parameters)) {
    const name = spellings.get(written.toLowerCase()) ?? written;
    named[name] = name in named ? [named[name], value].flat() : value;
  }
  return named;
}

/** An id of ours in a path; what is no UUID is refused with a 400 that names the parameter. */
export const uuidParameter = z.uuid({ error: 'must be a UUID' }).transform(asWritten);

/** An id that nothing has. */
const nilUuid = '00000000-0000-0000-0000-000000000000';

/**
 * Ids are case-sensitive, and ours are in lower case, but PostgreSQL compares UUIDs by value: what is written otherwise must find
 * nothing, in the words in which an unknown id finds nothing.
 */
function asWritten(id: string): string {
  return id === id.toLowerCase() ? id : nilUuid;
}

export const companyParameters = z.object({ companyId: uuidParameter });
export const connectionParameters = z.object({ companyId: uuidParameter, connectionId: uuidParameter });
