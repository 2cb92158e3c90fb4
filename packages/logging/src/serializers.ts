import { redactMembers, redactText } from './redact.ts';

/** An error as it appears in a log line. */
export interface SerializedError {
  type: string;
  message: string;
  stack?: string;
  cause?: SerializedError;
  errors?: SerializedError[];
  [member: string]: unknown;
}

const longestCauseChain = 5;

/** An error with its cause and members (codes, statuses), without secrets. What is no error is told as text. */
export function serializeError(error: unknown, depth = 0): SerializedError {
  if (!(error instanceof Error)) return { type: typeof error, message: redactText(String(error)) };
  const { cause, stack, name: _name, message: _message, ...members } = error;
  const inner = depth < longestCauseChain && cause !== undefined;
  const several = depth < longestCauseChain && error instanceof AggregateError;
  return {
    ...redactMembers(members),
    type: error.name,
    message: redactText(error.message),
    ...(error.stack && { stack: redactText(error.stack) }),
    ...(inner && { cause: serializeError(error.cause, depth + 1) }),
    ...(several && { errors: error.errors.map((item) => serializeError(item, depth + 1)) }),
  };
}

interface RequestLike {
  method?: string;
  url?: string;
  ip?: string;
}

/** An incoming request: no headers, and no OAuth code or state in its address. */
export function serializeRequest(request: RequestLike): Record<string, unknown> {
  return { method: request.method, url: redactText(request.url ?? ''), remoteAddress: request.ip };
}

/** The answer to a request: its status. */
export function serializeResponse(response: { statusCode?: number }): Record<string, unknown> {
  return { statusCode: response.statusCode };
}
