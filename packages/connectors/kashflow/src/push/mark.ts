/**
 * The mark that a record carries of the push operation which wrote it: KashFlow keeps no key of the caller's, but a text. A write
 * whose answer was lost is looked for by it.
 */
import { createHash } from 'node:crypto';

const MARK = /\s*\bT-[0-9a-f]{12}$/;

/** The same for every attempt of an operation: `T-3f9a0c21b7de`. */
export function markOf(operationId: string): string {
  return `T-${createHash('sha256').update(operationId).digest('hex').slice(0, 12)}`;
}

/** The mark behind a text that the client wrote. */
export function withMark(text: string | undefined, operationId: string): string {
  const mark = markOf(operationId);
  return text === undefined ? mark : `${text} ${mark}`;
}

/** A text as the client wrote it: nothing when it was the mark alone. */
export function withoutMark(text: string): string {
  return text.replace(MARK, '');
}
