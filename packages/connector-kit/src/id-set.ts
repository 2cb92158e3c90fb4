const SMALLEST_TABLE = 1024;

/**
 * Remembers which record ids a listing has brought, in six to eleven bytes an id.
 *
 * Of each id 32 bits of a hash are kept, at a place that other bits of it name. Two ids are taken for one with a chance of about one in
 * a hundred million, and the answer only decides whether a page brought anything new: no record is dropped because of it.
 */
export class IdSet {
  /** Each twice as large as the one before; the last one has room. What a full one holds stays where it is, so nothing is ever copied. */
  readonly #tables: Uint32Array[] = [new Uint32Array(SMALLEST_TABLE)];
  #inLast = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds the id; whether it was not there before. */
  add(id: string): boolean {
    let first = 0x811c9dc5;
    let second = 0x9747b28c;
    for (let index = 0; index < id.length; index += 1) {
      const code = id.charCodeAt(index);
      first = Math.imul(first ^ code, 0x01000193);
      second = Math.imul(second ^ (code + index), 0x5bd1e995);
    }
    // Nothing is kept as 0.
    const mark = mixed(first) || 1;
    const place = mixed(second ^ first);
    for (const table of this.#tables) if (slotOf(table, place, mark) < 0) return false;
    this.#insert(place, mark);
    this.#size += 1;
    return true;
  }

  #insert(place: number, mark: number): void {
    let table = this.#tables.at(-1) ?? new Uint32Array(SMALLEST_TABLE);
    if (this.#inLast * 4 >= table.length * 3) {
      table = new Uint32Array(table.length * 2);
      this.#tables.push(table);
      this.#inLast = 0;
    }
    table[slotOf(table, place, mark)] = mark;
    this.#inLast += 1;
  }
}

/** Where the mark would go; -1 when it is there. */
function slotOf(table: Uint32Array, place: number, mark: number): number {
  const mask = table.length - 1;
  for (let slot = place & mask; ; slot = (slot + 1) & mask) {
    const held = table[slot];
    if (held === mark) return -1;
    if (held === 0) return slot;
  }
}

/** Every bit of the result depends on every bit of the value. Source: the finalizer of MurmurHash3. */
function mixed(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
