/**
 * Checks answers against Codat's published specifications, where they are at hand (`../shared` beside the repository).
 *
 * Stricter than the specifications ask: strict clients drop a page for one member that they do not expect, so members that are not
 * described are refused, nulls too, although the specifications mark many members as nullable. What Tributary adds on purpose is
 * listed in {@link additions}.
 */
import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const folder = new URL('../../../../../shared/contracts/codat/', import.meta.url);
/** An operation that several describe is checked against the first that does. */
const files = ['Codat-Platform.json', 'Codat-Lending.json', 'Codat-Accounting-2023.json'];

/** Whether the specifications are there. */
export const hasCodatSpecification = files.every((file) => existsSync(new URL(file, folder)));

/** Members that answers have beside those of the specification, by the schema's title. */
const additions: Readonly<Record<string, readonly string[]>> = {
  // The older generation of the API, which both speak.
  Company: ['platform', 'status', 'linkUrl'],
  Integration: ['integrationType'],
  'Webhook consumer': ['secret', 'disabledReason', 'failingSince'],
  // The specification describes the configuration of a custom data type as a page of its records, and lists pages without links.
  'Custom data type records': ['dataSource', 'requiredData', 'keyBy', 'sourceModifiedDate', '_links'],
  'Custom data type record': ['sourceModifiedDate'],
};

/** Routes of Tributary alone that look like an operation of the specification. */
const ownRoutes = [/^POST \/companies\/[^/]+\/data\/queue\/all$/i];

export interface Problem {
  readonly operation: string;
  readonly message: string;
  /** Of the JSON Schema, when it is about the body. */
  readonly keyword?: string;
}

export interface CodatSpecification {
  /** What is wrong with an answer; empty for operations that no specification describes. */
  check(answer: {
    readonly method: string;
    /** Path with or without a query. */
    readonly url: string;
    readonly status: number;
    /** Undefined: the answer is no JSON. */
    readonly body: unknown;
  }): readonly Problem[];
  /** `GET /companies/{companyId}/…` of the operation that a request is of. */
  operationOf(method: string, url: string): string | undefined;
  /** Every operation of a specification, as `GET /companies/{companyId}/…`. */
  operations(file: string): readonly string[];
}

type Json = { readonly [member: string]: unknown };

interface Operation {
  readonly name: string;
  readonly path: RegExp;
  readonly parameters: number;
  readonly responses: ReadonlyMap<string, { readonly file: string; readonly schema: Json } | undefined>;
}

/** @throws when the specifications are not there */
export function loadCodatSpecification(): CodatSpecification {
  const documents = new Map(
    files.map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Json]),
  );
  const operations = files.flatMap((file) => operationsOf(file, documents.get(file) ?? {}));
  const compilers = new Map(files.map((file) => [file, createCompiler(documents.get(file) ?? {})]));

  function find(method: string, url: string): Operation | undefined {
    const path = url.replace(/[?#].*$/s, '').replace(/(.)\/$/, '$1');
    if (ownRoutes.some((route) => route.test(`${method.toUpperCase()} ${path}`))) return undefined;
    return operations
      .filter(({ name, path: pattern }) => name.startsWith(`${method.toUpperCase()} `) && pattern.test(path))
      .reduce<Operation | undefined>(
        (best, operation) =>
          best === undefined || operation.parameters < best.parameters ? operation : best,
        undefined,
      );
  }

  return {
    check({ method, url, status, body }) {
      const operation = find(method, url);
      if (operation === undefined) return [];
      const complaint = (message: string) => ({
        operation: operation.name,
        message: `${status}: ${message}`,
      });
      const isError = status >= 400;
      if (!isError && !operation.responses.has(String(status)))
        return [complaint(`the specification has ${[...operation.responses.keys()].join(', ')}`)];
      const described =
        operation.responses.get(String(status)) ?? (isError ? errorMessage(operation) : undefined);
      if (described === undefined || body === undefined) return [];
      const validate = compilers.get(described.file)?.(described.schema);
      if (validate === undefined || validate(body)) return [];
      return (validate.errors ?? [])
        .filter(({ keyword }) => !['allOf', 'anyOf', '$ref', 'if'].includes(keyword))
        .map(({ instancePath, message, params, keyword }) => ({
          ...complaint(`${instancePath || '/'} ${message} ${JSON.stringify(params)}`),
          keyword,
        }));
    },
    operationOf: (method, url) => find(method, url)?.name,
    operations: (file) => operationsOf(file, documents.get(file) ?? {}).map(({ name }) => name),
  };
}

function errorMessage({ responses }: Operation) {
  return responses.get('404') ?? responses.get('401');
}

const methods = ['get', 'put', 'post', 'delete', 'patch'];

function operationsOf(file: string, document: Json): Operation[] {
  return Object.entries(document['paths'] as Record<string, Json>).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        path: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`, 'i'),
        parameters: path.split('{').length,
        responses: new Map(
          Object.entries((operation as Json)['responses'] as Record<string, Json>).map(
            ([status, response]) => {
              const schema = jsonSchemaOf(resolve(document, response));
              return [status, schema === undefined ? undefined : { file, schema }];
            },
          ),
        ),
      })),
  );
}

function jsonSchemaOf(response: Json): Json | undefined {
  const content = response['content'] as Record<string, Json> | undefined;
  return content?.['application/json']?.['schema'] as Json | undefined;
}

function resolve(document: Json, node: Json): Json {
  const reference = node['$ref'];
  return typeof reference === 'string' ? resolve(document, at(document, reference)) : node;
}

function at(document: Json, reference: string): Json {
  let node: unknown = document;
  for (const step of reference.slice(2).split('/'))
    node = (node as Json)[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')];
  if (node === undefined) throw new Error(`nothing is at ${reference}`);
  return node as Json;
}

/**
 * Makes validators of a document's schemas. Each referenced schema becomes a definition in two forms: closed to further members,
 * and open, for use as one of several parts of a whole that is closed itself.
 */
function createCompiler(document: Json): (schema: Json) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
  ajv.addFormat('codat-date', (text: string) => isDate(text));
  const validators = new Map<Json, ValidateFunction>();
  return (schema) => {
    const known = validators.get(schema);
    if (known !== undefined) return known;
    const validate = ajv.compile(strictSchema(document, schema));
    validators.set(schema, validate);
    return validate;
  };
}

/** Local or with a zone, to any fraction of a second; a date by itself is read by Codat's clients too. */
function isDate(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}

/** Bounds are not among them: what requests may ask for is more than the published maximum of `pageSize`. */
const copied = ['type', 'enum', 'format', 'required', 'pattern', 'const'];

function strictSchema(document: Json, root: Json): Json {
  const definitions: Record<string, Json> = {};
  const names = new Map<string, string>();

  function definition(reference: string, form: 'closed' | 'open'): Json {
    const key = `${form} ${reference}`;
    const known = names.get(key);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    const name = `schema${names.size}`;
    names.set(key, name);
    definitions[name] = convert(at(document, reference), form);
    return { $ref: `#/$defs/${name}` };
  }

  function convert(node: Json, form: 'closed' | 'open'): Json {
    // The type of items has its schema one level too deep.
    if (typeof node['type'] === 'object') return convert(node['type'] as Json, form);
    const reference = node['$ref'];
    const shape: Record<string, unknown> = {};
    for (const keyword of copied) if (keyword in node) shape[keyword] = node[keyword];
    if (node['title'] === 'Date time') shape['format'] = 'codat-date';
    if (typeof reference === 'string') shape['allOf'] = [definition(reference, form)];
    const parts = node['allOf'] as Json[] | undefined;
    if (parts !== undefined) shape['allOf'] = parts.map((part) => convert(part, 'open'));
    for (const choice of ['oneOf', 'anyOf'] as const) {
      const choices = node[choice] as Json[] | undefined;
      // Whether a body fits one or several of a choice is nothing that a client can tell by.
      if (choices !== undefined) shape['anyOf'] = choices.map((item) => convert(item, 'closed'));
    }
    const items = node['items'] as Json | undefined;
    if (items !== undefined) shape['items'] = convert(items, 'closed');
    const properties = node['properties'] as Record<string, Json> | undefined;
    // A member that is required is known, whether it is described or not: `datatype` of a feature is not.
    const required = properties === undefined ? [] : ((node['required'] ?? []) as string[]);
    const added = [...required, ...(additions[String(node['title'])] ?? [])].filter(
      (name) => properties?.[name] === undefined,
    );
    if (properties !== undefined || added.length > 0) {
      shape['properties'] = Object.fromEntries([
        ...Object.entries(properties ?? {}).map(([name, property]) => [name, convert(property, 'closed')]),
        ...added.map((name) => [name, true]),
      ]);
    }
    const others = node['additionalProperties'];
    if (typeof others === 'object' && others !== null)
      shape['additionalProperties'] = convert(others as Json, 'closed');
    else if (form === 'closed' && (properties !== undefined || parts !== undefined) && others !== true)
      shape['unevaluatedProperties'] = false;
    return shape;
  }

  return { ...convert(root, 'closed'), $defs: definitions };
}

/**
 * A check of every answer that a test sees; does nothing where the specifications are absent.
 * @param hasFragments the test stores records that lack members on purpose
 */
export function createAnswerCheck({
  hasFragments = false,
} = {}): (answer: Parameters<CodatSpecification['check']>[0]) => void {
  if (!hasCodatSpecification) return () => undefined;
  const specification = loadCodatSpecification();
  return (answer) => {
    const problems = specification
      .check(answer)
      // Where a member is missing, none of those beside it count as described.
      .filter(({ keyword }) => !(hasFragments && /^(required|unevaluatedProperties)$/.test(keyword ?? '')));
    if (problems.length === 0) return;
    const lines = problems.slice(0, 10).map(({ operation, message }) => `${operation} answered ${message}`);
    throw new Error(`Codat's specification does not allow this:\n${lines.join('\n')}`);
  };
}
