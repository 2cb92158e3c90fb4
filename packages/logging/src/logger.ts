import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { redactMembers, redactText } from './redact.ts';
import { serializeError, serializeRequest, serializeResponse } from './serializers.ts';
import { standardOutput } from './standard-output.ts';

/** What the project's code logs through. */
export type Logger = PinoLogger;

/** How a logger is made. */
export interface LoggerOptions {
  /** A pino level: `fatal`, `error`, `warn`, `info`, `debug`, `trace`, `silent`. */
  level: string;
  /** The process or part that logs. */
  name: string;
  /** Where lines go; standard output unless given. */
  destination?: DestinationStream;
}

const serializers = {
  err: serializeError,
  error: serializeError,
  req: serializeRequest,
  res: serializeResponse,
};

/** What a serializer writes is left to it; everything else loses its secrets here. */
function redactAround(members: Record<string, unknown>): Record<string, unknown> {
  const written = Object.keys(serializers).filter((name) => name in members);
  const untouched = Object.fromEntries(written.map((name) => [name, members[name]]));
  return { ...redactMembers(members), ...untouched };
}

/**
 * A logger that writes one JSON line per event and keeps secrets out: members that hold secrets by their name,
 * at any depth, and credentials inside texts, errors and addresses.
 */
export function createLogger({ level, name, destination = standardOutput() }: LoggerOptions): Logger {
  const options = {
    level,
    name,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (members: Record<string, unknown>) => redactAround(members),
    },
    hooks: {
      logMethod(this: Logger, args: unknown[], method: (...args: unknown[]) => void) {
        method.apply(this, withSafeTexts(args));
      },
    },
  };
  return withSafeChildren(pino(options, destination));
}

/** pino does not format the bindings of child loggers; children inherit this `child`, and theirs do too. */
function withSafeChildren(logger: Logger): Logger {
  const makeChild: Logger['child'] = logger.child;
  logger.child = function child(this: Logger, bindings, options) {
    return makeChild.call(this, redactAround(bindings), options);
  } as Logger['child'];
  return logger;
}

/** pino would copy the message of an error into the line as it stands: it is given here instead, redacted. */
function withSafeTexts(args: unknown[]): unknown[] {
  const [subject, ...rest] = args;
  const members = subject instanceof Error ? { err: subject } : subject;
  const error: unknown = typeof members === 'object' && members !== null && 'err' in members && members.err;
  const texts = rest.length === 0 && error instanceof Error ? [error.message] : rest;
  return [members, ...texts].map((arg) => (typeof arg === 'string' ? redactText(arg) : arg));
}
