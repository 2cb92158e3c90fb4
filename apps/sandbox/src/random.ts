/** A seeded source of numbers: the same seed gives the same sequence on every machine (integer arithmetic only). */
export interface Random {
  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** True `permille` times in a thousand. */
  chance(permille: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** An index of `cumulative` (running sums of integer weights), drawn by weight. */
  weighted(cumulative: readonly number[]): number;
}

function hashOf(text: string): [number, number, number, number] {
  const state: [number, number, number, number] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    state[0] = Math.imul(state[0] ^ code, 0x85ebca6b) ^ (state[3] >>> 13);
    state[1] = Math.imul(state[1] ^ state[0], 0xc2b2ae35) ^ (state[0] >>> 11);
    state[2] = Math.imul(state[2] ^ state[1], 0x27d4eb2f) ^ (state[1] >>> 15);
    state[3] = Math.imul(state[3] ^ state[2], 0x165667b1) ^ (state[2] >>> 12);
  }
  return state;
}

/** The small fast counting generator (sfc32), keyed by a text. */
export function createRandom(seed: string): Random {
  let [a, b, c, counter] = hashOf(seed);
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 16; round += 1) next();
  const below = (bound: number): number => Math.floor((next() / 0x1_0000_0000) * bound);
  return {
    int: (low, high) => low + below(high - low + 1),
    chance: (permille) => below(1000) < permille,
    pick: (list) => {
      const chosen = list[below(list.length)];
      if (chosen === undefined) throw new RangeError('nothing to pick from');
      return chosen;
    },
    weighted: (cumulative) => {
      const target = below(cumulative.at(-1) ?? 0);
      let low = 0;
      let high = cumulative.length - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((cumulative[middle] ?? 0) > target) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}

/** Running sums of integer weights, for `Random.weighted`. */
export function cumulate(weights: readonly number[]): number[] {
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return sum;
  });
}

/** Weights of a Zipf-like law for `count` ranks: a few regulars, a long tail. */
export function zipfWeights(count: number): number[] {
  return cumulate(Array.from({ length: count }, (_, rank) => Math.ceil(1_000_000 / (rank + 3))));
}
