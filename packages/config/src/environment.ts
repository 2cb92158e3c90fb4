import type { z } from 'zod';

/** The environment of a process: `process.env`, or a plain object in tests. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment is wrong. `message` lists every problem, one readable line each; it holds no secret value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads and checks the environment of one process.
 *
 * A variable set to the empty string is treated as absent; variables that the schema does not name are ignored.
 * @throws {ConfigurationError} that lists everything wrong at once: the variable, what is wrong, what to put.
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Environment,
): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigurationError([...new Set(problems)]);
}

/** Where {@link exitOnConfigurationError} reports to and how it ends the process; replaced in tests. */
export interface ExitEdge {
  writeError(text: string): void;
  exit(code: number): never;
}

const processEdge: ExitEdge = {
  writeError: (text) => process.stderr.write(text),
  exit: (code) => process.exit(code),
};

/**
 * Runs `run`; when it throws a {@link ConfigurationError}, prints its list to standard error and exits with 1.
 * Any other error passes through.
 */
export function exitOnConfigurationError<Result>(run: () => Result, edge: ExitEdge = processEdge): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    edge.writeError(`${error.message}\n`);
    return edge.exit(1);
  }
}
