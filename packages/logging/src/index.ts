export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { redact, redacted, redactText } from './redact.ts';
export { type SerializedError, serializeError } from './serializers.ts';
