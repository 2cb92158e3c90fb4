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

type Answers = Record<string, { description?: string }>;
type Paths = Record<string, Record<string, { responses?: Answers }>>;

/** The document with the standard phrase of its status where an answer has no description of its own. */
export function withStatusPhrases<Whole extends object>(document: Whole): Whole {
  const copy = structuredClone(document) as Whole & { paths?: Paths };
  for (const operation of Object.values(copy.paths ?? {}).flatMap((methods) => Object.values(methods))) {
    for (const [status, answer] of Object.entries(operation.responses ?? {})) {
      if (answer.description === 'Default Response') answer.description = STATUS_CODES[status] ?? status;
    }
  }
  return copy;
}
