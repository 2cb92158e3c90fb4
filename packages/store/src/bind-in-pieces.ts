/**
 * The Bind message of a statement with large parameters, sent as it is. The driver builds each message in one buffer, which it grows on
 * the way: a page's documents, some megabytes, would be copied once more, and the copy be garbage for the collector to count.
 *
 * Source: PostgreSQL, "Message Formats", Bind.
 */

/** What the driver hands to its serializer. */
export interface BindConfig {
  readonly portal?: string | undefined;
  readonly statement?: string | undefined;
  readonly values?: readonly unknown[] | undefined;
  /** Whether results come in binary. */
  readonly binary?: boolean | undefined;
  /** Makes of a value what is sent: text, bytes, or nothing. */
  readonly valueMapper: (value: unknown, index: number) => string | Buffer | null;
}

/** Parameters from here on are sent without being copied, in bytes. */
const large = 64 * 1024;

/** Whether {@link bindInPieces} is worth it. */
export function hasLargeValue({ values = [] }: BindConfig): boolean {
  return values.some((value) => Buffer.isBuffer(value) && isLarge(value));
}

/** @returns the message, in pieces: large parameters are pieces of their own, and the very buffers that were given */
export function bindInPieces({ portal, statement, values = [], binary, valueMapper }: BindConfig): Buffer[] {
  const sent = values.map(valueMapper);
  const names = [portal ?? '', statement ?? ''].map((name) => Buffer.from(`${name}\0`));
  const valueBytes = sent.map((value) => (value === null ? 0 : Buffer.byteLength(value)));
  const fixedBytes = 4 + 2 + 2 * sent.length + 2 + 4 * sent.length + 2 + 2;
  const length = [...names.map((name) => name.length), ...valueBytes].reduce((sum, n) => sum + n, fixedBytes);
  const copied = sent.reduce(
    (sum, value, index) => sum + (Buffer.isBuffer(value) && isLarge(value) ? 0 : (valueBytes[index] ?? 0)),
    0,
  );
  const small = Buffer.allocUnsafe(
    1 + fixedBytes + copied + names.reduce((sum, name) => sum + name.length, 0),
  );

  const pieces: Buffer[] = [];
  let begun = 0;
  let end = small.write('B', 0, 'latin1');
  end = small.writeInt32BE(length, end);
  for (const name of names) end += name.copy(small, end);
  end = small.writeInt16BE(sent.length, end);
  for (const value of sent) end = small.writeInt16BE(Buffer.isBuffer(value) ? 1 : 0, end);
  end = small.writeInt16BE(sent.length, end);
  for (const [index, value] of sent.entries()) {
    end = small.writeInt32BE(value === null ? -1 : (valueBytes[index] ?? 0), end);
    if (Buffer.isBuffer(value) && isLarge(value)) {
      pieces.push(small.subarray(begun, end), value);
      begun = end;
    } else if (typeof value === 'string') {
      end += small.write(value, end);
    } else if (value !== null) {
      end += value.copy(small, end);
    }
  }
  end = small.writeInt16BE(1, end);
  end = small.writeInt16BE(binary ? 1 : 0, end);
  pieces.push(small.subarray(begun, end));
  return pieces;
}

function isLarge(bytes: Buffer): boolean {
  return bytes.length >= large;
}
