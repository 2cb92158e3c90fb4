/** What is wrong with one member of a request, as the API names it: `body.name`. */
export interface FieldProblem {
  readonly itemId?: string;
  readonly message: string;
}

/** An answer of the API that is no success, or none at all. `message` is meant for people. */
export class ApiProblem extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Finds the request in the server's log. */
  readonly correlationId: string | undefined;
  readonly fields: readonly FieldProblem[];

  constructor(
    message: string,
    details: { status: number; correlationId?: string | undefined; fields?: readonly FieldProblem[] },
  ) {
    super(message);
    this.name = 'ApiProblem';
    this.status = details.status;
    this.correlationId = details.correlationId;
    this.fields = details.fields ?? [];
  }

  /** What the API says about a member of the body; undefined when that is not what is wrong. */
  fieldProblem(member: string): string | undefined {
    const place = `body.${member}`;
    return this.fields.find(({ itemId }) => itemId === place || itemId?.startsWith(`${place}.`))?.message;
  }
}

const unreachable = 'The server could not be reached. Check your connection; what you entered is still here.';
const unreadable =
  'The server answered with something that is not from Tributary. A proxy may stand in between.';

/** The problem behind a request that got no answer. */
export function unreachableProblem(): ApiProblem {
  return new ApiProblem(unreachable, { status: 0 });
}

/** The problem behind an answer whose body is not what the API sends. */
export function unreadableProblem(status: number, correlationId: string | undefined): ApiProblem {
  return new ApiProblem(unreadable, { status, correlationId });
}

/**
 * The problem that an error answer tells.
 * @param body the parsed answer, of whatever form
 */
export function problemOf(status: number, body: unknown, correlationId: string | undefined): ApiProblem {
  const { error, validation, correlationId: named } = isObject(body) ? body : {};
  const errors = isObject(validation) && Array.isArray(validation['errors']) ? validation['errors'] : [];
  const fields = errors.filter(isFieldProblem);
  const told = typeof error === 'string' && error !== '' ? error : fallbackOf(status);
  return new ApiProblem(sentencesOf(fields) ?? told, {
    status,
    correlationId: typeof named === 'string' ? named : correlationId,
    fields,
  });
}

/** `body.clientSecret`, `must not be empty` is “Client secret must not be empty.” Undefined where something has no place in the body. */
function sentencesOf(fields: readonly FieldProblem[]): string | undefined {
  const sentences = fields.map(({ itemId, message }) => {
    const member = /^body\.([A-Za-z]+)$/.exec(itemId ?? '')?.[1];
    if (member === undefined) return undefined;
    const words = member.replaceAll(
      /([a-z])([A-Z])/g,
      (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
    );
    return `${words.charAt(0).toUpperCase()}${words.slice(1)} ${message}.`.replace(/\.\.$/, '.');
  });
  return sentences.length > 0 && !sentences.includes(undefined) ? sentences.join(' ') : undefined;
}

/** Any error as a problem that can be shown. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(
    'Something went wrong in this page. Reload it; if it happens again, tell your operator.',
    {
      status: 0,
    },
  );
}

function fallbackOf(status: number): string {
  if (status === 429) return 'There were too many requests. Wait a moment and try again.';
  if (status >= 500) return `The server is in trouble (${status}). Try again in a moment.`;
  return `The server refused this (${status}).`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isObject(value) && typeof value['message'] === 'string';
}
