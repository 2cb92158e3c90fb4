/** A picture of latencies: for each series the share of requests by how long they took, on a logarithmic scale. Pure. */

interface Series {
  readonly name: string;
  readonly latenciesMs: readonly number[];
}

const width = 860;
const height = 380;
const plot = { left: 60, right: 840, top: 60, bottom: 320 };
const colours = ['#2563eb', '#ea580c'];
/** Bars in each factor of ten. */
const barsPerDecade = 12;

export function histogramPicture(title: string, series: readonly Series[]): string {
  const all = series.flatMap(({ latenciesMs }) => latenciesMs).filter((value) => value > 0);
  const from = Math.floor(Math.log10(smallest(all)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(largest(all))));
  const bars = (to - from) * barsPerDecade;
  const shares = series.map(({ latenciesMs }) => {
    const counts = new Array<number>(bars).fill(0);
    for (const value of latenciesMs) {
      const bar = Math.floor((Math.log10(Math.max(value, 10 ** from)) - from) * barsPerDecade);
      const place = Math.min(bars - 1, Math.max(0, bar));
      counts[place] = (counts[place] ?? 0) + 1;
    }
    return counts.map((count) => count / Math.max(1, latenciesMs.length));
  });
  const highest = largest(shares.flat());
  const x = (exponent: number) => plot.left + ((exponent - from) / (to - from)) * (plot.right - plot.left);
  const barWidth = (plot.right - plot.left) / bars;
  const rectangles = shares.flatMap((counts, index) =>
    counts.flatMap((share, bar) => {
      if (share === 0) return [];
      const tall = (share / highest) * (plot.bottom - plot.top);
      return [
        `<rect x="${(plot.left + bar * barWidth).toFixed(1)}" y="${(plot.bottom - tall).toFixed(1)}" width="${(barWidth - 1).toFixed(1)}" height="${tall.toFixed(1)}" fill="${colours[index % colours.length]}" fill-opacity="0.55"/>`,
      ];
    }),
  );
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => from + index).map(
    (exponent) =>
      `<line x1="${x(exponent)}" y1="${plot.top}" x2="${x(exponent)}" y2="${plot.bottom}" stroke="#d4d4d8"/>` +
      `<text x="${x(exponent)}" y="${plot.bottom + 20}" text-anchor="middle">${10 ** exponent >= 1 ? 10 ** exponent : (10 ** exponent).toFixed(-exponent)} ms</text>`,
  );
  const marks = series.flatMap(({ name, latenciesMs }, index) => {
    const sorted = latenciesMs.toSorted((one, other) => one - other);
    const at = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
    const [half, slow] = [at(0.5), at(0.99)];
    const colour = colours[index % colours.length];
    const line = x(Math.log10(Math.max(slow, 10 ** from)));
    const legend = `${escaped(name)}: ${sorted.length.toLocaleString('en-GB')} requests, half under ${half.toFixed(1)} ms, 99 % under ${slow.toFixed(1)} ms`;
    return [
      `<line x1="${line.toFixed(1)}" y1="${plot.top}" x2="${line.toFixed(1)}" y2="${plot.bottom}" stroke="${colour}" stroke-dasharray="4 3"/>`,
      `<rect x="${plot.left}" y="${height - 34 + index * 16}" width="10" height="10" fill="${colour}" fill-opacity="0.55"/>`,
      `<text x="${plot.left + 16}" y="${height - 25 + index * 16}">${legend}</text>`,
    ];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#27272a">
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="${plot.left}" y="28" font-size="16">${escaped(title)}</text>
<text x="${plot.left}" y="46">share of requests by time to the last byte; dashed: 99 % are faster</text>
${[...ticks, ...rectangles, ...marks].join('\n')}
<line x1="${plot.left}" y1="${plot.bottom}" x2="${plot.right}" y2="${plot.bottom}" stroke="#27272a"/>
</svg>
`;
}

const smallest = (values: readonly number[]) =>
  values.reduce((least, value) => Math.min(least, value), Number.MAX_VALUE);
const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
