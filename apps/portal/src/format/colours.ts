/** Of the relative luminance of WCAG 2.2. */
function linear(channel: number): number {
  const part = channel / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

/** @param colour `#rrggbb` */
function luminance(colour: string): number {
  const channel = (at: number) => linear(Number.parseInt(colour.slice(at, at + 2), 16));
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** Black or white, whichever can be read better on the colour. @param colour `#rrggbb` */
export function readableTextOn(colour: string): '#000000' | '#ffffff' {
  const background = luminance(colour);
  const onWhite = 1.05 / (background + 0.05);
  const onBlack = (background + 0.05) / 0.05;
  return onWhite >= onBlack ? '#ffffff' : '#000000';
}
