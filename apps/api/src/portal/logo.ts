/** Logos as they are uploaded: raster images alone, known by their bytes and not by what is said of them. Pure. */
import type { BrandingLogo } from '@tributary/store';

/** Bytes. */
export const largestLogo = 262_144;

/** What a file of each kind begins with; -1: any byte. */
const beginnings: readonly (readonly [contentType: string, bytes: readonly number[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/webp', [0x52, 0x49, 0x46, 0x46, -1, -1, -1, -1, 0x57, 0x45, 0x42, 0x50]],
];

/** @returns the image, or what is wrong with the text */
export function readLogo(dataUrl: string): BrandingLogo | string {
  const [, base64] = /^data:[\w./+-]*;base64,([\w+/]+={0,2})$/.exec(dataUrl) ?? [];
  if (base64 === undefined) return 'must be a data URL in base64, such as data:image/png;base64,…';
  const body = Buffer.from(base64, 'base64');
  if (body.length > largestLogo) return 'must have at most 256 kB';
  const [contentType] =
    beginnings.find(([, bytes]) => bytes.every((byte, at) => byte === -1 || byte === body[at])) ?? [];
  return contentType === undefined ? 'must be a PNG, JPEG or WebP image' : { contentType, body };
}

/** The other way round. */
export function dataUrlOf({ contentType, body }: BrandingLogo): string {
  return `data:${contentType};base64,${body.toString('base64')}`;
}
