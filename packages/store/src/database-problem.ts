import { isDatabaseAway } from './pool.ts';

/** The code, or message, of what stopped a connection; those that were tried on several addresses carry one error each. */
function detailOf(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof AggregateError) return [...new Set(current.errors.map(detailOf))].join(', ');
    if ('code' in current && typeof current.code === 'string') return current.message || current.code;
  }
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return current.code;
  }
  return undefined;
}

/**
 * What an operator has to do about a database that cannot be used, in one sentence or two on one line; undefined when the error is
 * about something else.
 */
export function databaseProblem(error: unknown): string | undefined {
  const detail = detailOf(error).replaceAll(/\s+/g, ' ');
  switch (codeOf(error)) {
    case '28P01':
    case '28000':
      return `The database refuses the user or password in DATABASE_URL (${detail}). Correct them there, or in PostgreSQL.`;
    case '3D000':
      return `There is no such database as DATABASE_URL names (${detail}). Create it, or correct the name.`;
    default:
      return isDatabaseAway(error)
        ? `The database at DATABASE_URL cannot be reached (${detail}). Start it, or correct host and port in DATABASE_URL.`
        : undefined;
  }
}
