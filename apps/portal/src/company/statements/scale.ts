/** The vertical scale of a chart. */

export interface Scale {
  readonly least: number;
  readonly most: number;
  /** Values with a line across the chart, rising. */
  readonly ticks: readonly number[];
}

/** A step of 1, 2 or 5 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = rough / power;
  const rounded = digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10;
  return rounded * power;
}

/** A scale that holds zero and every value, with about `wanted` round steps. */
export function scaleOf(values: readonly number[], wanted = 4): Scale {
  const finite = values.filter(Number.isFinite);
  const lowest = Math.min(0, ...finite);
  const highest = Math.max(0, ...finite);
  if (lowest === highest) return { least: 0, most: 1, ticks: [0, 1] };
  const step = roundStep((highest - lowest) / wanted);
  const from = Math.floor(lowest / step);
  const to = Math.ceil(highest / step);
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => (from + index) * step);
  return { least: from * step, most: to * step, ticks };
}
