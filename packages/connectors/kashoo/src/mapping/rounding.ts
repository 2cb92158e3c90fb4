export function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

export function sum(amounts: readonly bigint[]): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}

/** Index of the amount with the greatest magnitude among those that `mayTake` admits; the first of equals; -1 when there is none. */
export function indexOfLargest(amounts: readonly bigint[], mayTake: (index: number) => boolean): number {
  let best = -1;
  let bestMagnitude = -1n;
  for (const [index, amount] of amounts.entries()) {
    const size = magnitude(amount);
    if (size > bestMagnitude && mayTake(index)) {
      best = index;
      bestMagnitude = size;
    }
  }
  return best;
}

/** `numerator / denominator`, rounded half away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const doubled = magnitude(numerator) * 2n;
  const divisor = magnitude(denominator);
  const quotient = (doubled + divisor) / (2n * divisor);
  return numerator < 0n === denominator < 0n ? quotient : -quotient;
}
