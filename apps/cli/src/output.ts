import { databaseProblem } from '@tributary/store';

/** Writes a line for people. Standard output is kept for results that programs read. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What went wrong, in one line; the chain of causes adds what a person can act on. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || ('code' in error ? String(error.code) : error.name);
  // Connections that were tried on several addresses fail with an error that has no words of its own.
  const parts = error instanceof AggregateError && !error.message ? error.errors.map(reasonOf) : [own];
  const cause = error.cause instanceof Error ? reasonOf(error.cause) : undefined;
  return [...new Set(cause && !own.includes(cause) ? [...parts, cause] : parts)].join(': ');
}

/** One line that says why a command failed: what to do where the database is the reason, else `what` and the reason. */
export function failureLine(what: string, error: unknown): string {
  return databaseProblem(error) ?? `${what}: ${reasonOf(error)}`;
}
