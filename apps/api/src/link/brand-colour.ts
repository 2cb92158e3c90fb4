/**
 * A client may choose any colour; what is written in it or on it has to stay readable. Contrast is WCAG 2's: 4.5 for text (AA), 3 for
 * lines and focus rings.
 */

/** Colours of one scheme, `#rrggbb`. */
export interface Accents {
  /** Ground of the main button. */
  readonly accent: string;
  /** Text on it. */
  readonly onAccent: string;
  /** Links, and lines that must be seen, on the scheme's grounds. */
  readonly accentInk: string;
}

/** Grounds of the stylesheet (link.css), which accents have to be told from. */
export const grounds = {
  light: ['#ffffff', '#f3f5f9'],
  dark: ['#171c26', '#0d1118'],
} as const;

const textContrast = 4.5;
const lineContrast = 3;
const steps = 64;

type Channels = readonly [red: number, green: number, blue: number];

const channelsOf = (colour: string): Channels => [
  Number.parseInt(colour.slice(1, 3), 16),
  Number.parseInt(colour.slice(3, 5), 16),
  Number.parseInt(colour.slice(5, 7), 16),
];

const colourOf = (channels: Channels): string =>
  `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance, 0 to 1 (WCAG 2). */
function luminanceOf(colour: string): number {
  const [red, green, blue] = channelsOf(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours, 1 to 21 (WCAG 2). */
export function contrastOf(one: string, other: string): number {
  const [darker, lighter] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** The colour, moved towards black or white only as far as it takes to stand out from every ground. */
function standOut(colour: string, against: readonly string[], contrast: number, towards: string): string {
  const from = channelsOf(colour);
  const to = channelsOf(towards);
  for (let step = 0; step < steps; step += 1) {
    const moved = colourOf(
      from.map((channel, index) => channel + (((to[index] ?? 0) - channel) * step) / steps) as never,
    );
    if (against.every((ground) => contrastOf(moved, ground) >= contrast)) return moved;
  }
  return towards;
}

/** @param colour `#rrggbb` */
export function accentsOf(colour: string, scheme: keyof typeof grounds): Accents {
  const against = grounds[scheme];
  const towards = scheme === 'light' ? '#000000' : '#ffffff';
  // By day any colour may be a button's ground: its line marks it. By night a dark one would be a hole.
  const accent = scheme === 'light' ? colour : standOut(colour, against, lineContrast, towards);
  const onAccent = contrastOf(accent, '#ffffff') >= textContrast ? '#ffffff' : '#000000';
  return { accent, onAccent, accentInk: standOut(colour, against, textContrast, towards) };
}

/** The stylesheet that lays a client's colour over link.css. @param colour `#rrggbb` */
export function themeOf(colour: string): string {
  const rules = (scheme: keyof typeof grounds): string => {
    const { accent, onAccent, accentInk } = accentsOf(colour, scheme);
    return `:root { --accent: ${accent}; --on-accent: ${onAccent}; --accent-ink: ${accentInk}; --brand: ${colour}; }`;
  };
  return `${rules('light')}\n@media (prefers-color-scheme: dark) { ${rules('dark')} }\n`;
}
