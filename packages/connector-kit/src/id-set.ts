const FNV_PRIME = 0x01000193;
const SAFE_INTEGER = /^[1-9][0-9]{0,14}$/;

/**
 * Remembers which record ids a listing has brought, in eight bytes a slot (16 to 32 MB for a million ids).
 *
 * An id of up to 15 digits is kept as the number it is; any other as a 52-bit hash, negative so that the two never meet.
 * Two hashed ids share a hash with a chance of about one in ten thousand even among a million, and the answer only decides whether a
 * page brought anything new: no record is dropped because of it.
 */
export class IdSet {
  #slots = new Float64Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds the id; whether it was not there before. */
  add(id: string): boolean {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    const isNew = insert(this.#slots, keyOf(id));
    if (isNew) this.#size += 1;
    return isNew;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    for (const key of old) if (key !== 0) insert(this.#slots, key);
  }
}

function insert(slots: Float64Array, key: number): boolean {
  const mask = slots.length - 1;
  // Ids are often consecutive: spread both halves of the key over the table.
  let slot = (Math.imul(key | 0, 0x9e3779b1) ^ Math.imul((key / 0x100000000) | 0, 0x85ebca6b)) & mask;
  for (;;) {
    const held = slots[slot];
    if (held === key) return false;
    if (held === 0) {
      slots[slot] = key;
      return true;
    }
    slot = (slot + 1) & mask;
  }
}

function keyOf(id: string): number {
  if (SAFE_INTEGER.test(id)) return Number(id);
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let index = 0; index < id.length; index += 1) {
    const code = id.charCodeAt(index);
    low = Math.imul(low ^ code, FNV_PRIME);
    high = Math.imul(high ^ (code + index), 0x5bd1e995);
  }
  return -((high & 0xfffff) * 0x100000000 + (low >>> 0) + 1);
}
