/** Whether a record of the platform is what a body has asked for; pure. */
import { type ExactNumber, isExactNumber, wireDecimalText } from '@tributary/model';

/**
 * Whether everything that was sent is in the record as it was sent. Numbers compare by value, and nothing, null, 0 and empty text are
 * alike, which the platform uses for each other.
 */
export function isLike(sent: unknown, found: unknown): boolean {
  if (isNothing(sent)) return isNothing(found);
  if (Array.isArray(sent))
    return (
      Array.isArray(found) &&
      sent.length === found.length &&
      sent.every((element, index) => isLike(element, found[index]))
    );
  if (isNumber(sent) || isNumber(found)) return numberText(sent) === numberText(found);
  if (typeof sent === 'object' && sent !== null) {
    if (typeof found !== 'object' || found === null) return false;
    const members = found as Readonly<Record<string, unknown>>;
    return Object.entries(sent).every(([name, value]) => isLike(value, members[name]));
  }
  if (typeof sent === 'string' && typeof found === 'string') return wordsOf(sent) === wordsOf(found);
  return sent === found;
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (isNumber(value) && numberText(value) === '0') ||
    (Array.isArray(value) && value.length === 0)
  );
}

type WireNumber = number | bigint | ExactNumber;

function isNumber(value: unknown): value is WireNumber {
  return typeof value === 'number' || typeof value === 'bigint' || isExactNumber(value);
}

/** Ids may come as text. */
function numberText(value: unknown): string | undefined {
  if (typeof value === 'string') return /^-?[0-9]+$/.test(value) ? BigInt(value).toString() : undefined;
  return isNumber(value) ? wireDecimalText(value) : undefined;
}

function wordsOf(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
