import { STATUS_CODES } from 'node:http';

type Document = { components?: { schemas?: Record<string, unknown> } };

const prefix = '#/components/schemas/';

/** The document without component schemas that nothing in it refers to. */
export function onlyReferencedSchemas<Whole extends object>(document: Whole): Whole {
  const { components } = document as Document;
  const schemas = components?.schemas;
  if (schemas === undefined) return document;
  const { components: _components, ...rest } = document as Document & Record<string, unknown>;
  const used = new Set<string>();
  const waiting = referencesIn(rest);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    waiting.push(...referencesIn(schemas[name]));
  }
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...document, components: { ...components, schemas: kept } };
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' && typeof member === 'string' && member.startsWith(prefix)
      ? [member.slice(prefix.length)]
      : referencesIn(member),
  );
}

interface Answer {
  description?: string;
  headers?: Record<string, object>;
}
interface Operation {
  /** Of its own: empty, for routes without a key; the cookie alone, for portal users. */
  security?: readonly object[];
  parameters?: object[];
  responses?: Record<string, Answer>;
}
type Paths = Record<string, Record<string, Operation>>;

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };

/** Headers of answers, by the name under which the document's components hold them. */
const answerHeaders: Readonly<Record<string, object>> = {
  'X-Correlation-Id': {
    description: 'Names this request in the log and in error bodies.',
    schema: { ...text, pattern: '^[0-9a-f]{32}$' },
  },
  'X-Rate-Limit-Limit': { description: 'Requests that the client may make in a UTC day.', schema: count },
  'X-Rate-Limit-Remaining': { description: 'Of these, how many are left.', schema: count },
  'X-Rate-Limit-Reset': {
    description: 'When the next UTC day starts.',
    schema: { ...text, format: 'date-time' },
  },
  'Retry-After': { description: 'Seconds to wait before asking again.', schema: count },
};

/** Headers that an answer comes with. Without a valid key there is no client whose quota could be told, and portal users use up none. */
function headersOf(status: string, { security }: Operation): Record<string, object> {
  const names = [
    'X-Correlation-Id',
    ...(security !== undefined || status === '401'
      ? []
      : ['X-Rate-Limit-Limit', 'X-Rate-Limit-Remaining', 'X-Rate-Limit-Reset']),
    ...(status === '429' || status === '503' ? ['Retry-After'] : []),
  ];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Sent twice with the same key within 24 hours, the request takes effect once, and the second is given the answer of the first.',
  schema: { ...text, minLength: 1, maxLength: 255 },
};
const refusal = { content: { 'application/json': { schema: { $ref: `${prefix}ErrorMessage` } } } };

/** The document with the header that makes POST and PATCH take effect once, and how it is refused. */
export function withIdempotencyKeys<Whole extends object>(document: Whole): Whole {
  const copy = structuredClone(document) as Whole & { paths?: Paths };
  for (const methods of Object.values(copy.paths ?? {})) {
    for (const operation of [methods['post'], methods['patch']]) {
      if (operation === undefined || operation.security?.length === 0) continue;
      operation.parameters = [...(operation.parameters ?? []), idempotencyKey];
      operation.responses = {
        ...operation.responses,
        409: operation.responses?.['409'] ?? {
          ...refusal,
          description: 'The first request with this key still runs.',
        },
        422: { ...refusal, description: 'The idempotency key was used for another request.' },
      };
    }
  }
  return copy;
}

/** The document with what every answer has: the phrase of its status, where it has no description of its own, and its headers. */
export function withAnswersInFull<Whole extends object>(document: Whole): Whole {
  const copy = structuredClone(document) as Whole & { components?: object; paths?: Paths };
  copy.components = { ...copy.components, headers: answerHeaders };
  for (const operation of Object.values(copy.paths ?? {}).flatMap((methods) => Object.values(methods))) {
    for (const [status, answer] of Object.entries(operation.responses ?? {})) {
      if (answer.description === 'Default Response') answer.description = STATUS_CODES[status] ?? status;
      answer.headers = { ...headersOf(status, operation), ...answer.headers };
    }
  }
  return copy;
}
