import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accentsOf, contrastOf, grounds, themeOf } from './brand-colour.ts';

const colour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);

test.each(['light', 'dark'] as const)('any colour stays readable by %s', (scheme) => {
  fc.assert(
    fc.property(colour, (chosen) => {
      const { accent, onAccent, accentInk } = accentsOf(chosen, scheme);
      expect(contrastOf(accent, onAccent)).toBeGreaterThanOrEqual(4.5);
      for (const ground of grounds[scheme]) {
        expect(contrastOf(accentInk, ground)).toBeGreaterThanOrEqual(4.5);
        if (scheme === 'dark') expect(contrastOf(accent, ground)).toBeGreaterThanOrEqual(3);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a colour that is readable as it is stays as it is', () => {
  expect(accentsOf('#123456', 'light')).toEqual({
    accent: '#123456',
    onAccent: '#ffffff',
    accentInk: '#123456',
  });
  expect(accentsOf('#ffe000', 'light')).toMatchObject({ accent: '#ffe000', onAccent: '#000000' });
});

test('contrast is that of WCAG', () => {
  expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 10);
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
});

test('the grounds are those of the stylesheet', () => {
  const css = readFileSync(new URL('../routes/link/link.css', import.meta.url), 'utf8');
  const [light = '', dark = ''] = css.split('prefers-color-scheme: dark');
  for (const ground of grounds.light) expect(light).toContain(`: ${ground};`);
  for (const ground of grounds.dark) expect(dark).toContain(`: ${ground};`);
});

test('a theme holds colours and nothing else', () => {
  expect(themeOf('#ff0000')).toMatch(/^[\s:a-z#\d{};@()-]+$/);
});
