import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const tributary: MantineColorsTuple = [
  '#e8f5fb',
  '#d3e9f4',
  '#a5d2e8',
  '#74bbdc',
  '#4aa6d0',
  '#2d97c8',
  '#1587b9',
  '#0b6a9e',
  '#0a5a87',
  '#084a70',
];

/** Greys with a little blue, as the surfaces have it. */
const dark: MantineColorsTuple = [
  '#e3e7ee',
  '#b9c2ce',
  '#a3adbb',
  '#7b8696',
  '#3d4654',
  '#2d343f',
  '#222934',
  '#1a1f27',
  '#12161c',
  '#0c0f14',
];

const font = "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif";

export const theme = createTheme({
  primaryColor: 'tributary',
  primaryShade: { light: 7, dark: 7 },
  colors: { tributary, dark },
  fontFamily: font,
  headings: { fontFamily: font, fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close message' } } },
  },
});

const tinted = ['tributary', 'green', 'red', 'orange', 'yellow', 'gray', 'blue', 'teal'];

/** Mantine's paler texts do not reach the contrast that WCAG AA asks for; these do. */
export const cssVariables: CSSVariablesResolver = ({ colors }) => {
  const shade = (name: string, index: number) => colors[name]?.[index] ?? '';
  const texts = (index: number) =>
    Object.fromEntries(tinted.map((name) => [`--mantine-color-${name}-light-color`, shade(name, index)]));
  return {
    variables: {},
    light: {
      '--mantine-color-body': '#f7f8fa',
      '--mantine-color-text': '#1c2430',
      '--mantine-color-dimmed': '#566171',
      '--mantine-color-placeholder': '#68727f',
      '--mantine-color-error': '#c92a2a',
      '--mantine-color-anchor': shade('tributary', 7),
      ...texts(9),
      '--mantine-color-green-light-color': '#1f6b31',
      '--mantine-color-orange-light-color': '#a03c00',
      '--mantine-color-yellow-light-color': '#8a5500',
      '--mantine-color-gray-light-color': '#4b5563',
      '--mantine-color-red-light-color': '#b42323',
      '--portal-surface': '#ffffff',
      '--portal-border': '#e2e6ec',
      '--portal-hover': '#f1f4f8',
    },
    dark: {
      '--mantine-color-body': '#12161c',
      '--mantine-color-text': '#e3e7ee',
      '--mantine-color-dimmed': '#a3adbb',
      '--mantine-color-tributary-light': 'rgb(45 151 200 / 18%)',
      '--mantine-color-tributary-light-hover': 'rgb(45 151 200 / 26%)',
      '--mantine-color-placeholder': '#8b95a4',
      '--mantine-color-error': '#ff8787',
      '--mantine-color-anchor': shade('tributary', 3),
      ...texts(2),
      '--portal-surface': '#1a1f27',
      '--portal-border': '#2d343f',
      '--portal-hover': '#222934',
    },
  };
};
