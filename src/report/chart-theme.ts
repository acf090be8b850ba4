/**
 * Colours of every picture: CSS custom properties, so that one SVG follows the page into the dark, each with its light
 * value as the fallback for a page that defines none. Blue against orange is safe for every common colour blindness.
 */
export const chartColor = {
  primal: 'var(--rl-primal, #1b5e9b)',
  dual: 'var(--rl-dual, #a84a00)',
  muted: 'var(--rl-muted, #59626d)',
  surface: 'var(--rl-surface, #ffffff)',
  onPrimal: 'var(--rl-on-primal, #ffffff)',
  text: 'currentColor',
} as const;

/** Colours that tell classes apart, beside a symbol and a name of their own: colour is never the only sign. */
export const classColors = [
  'var(--rl-class-a, #1b5e9b)',
  'var(--rl-class-b, #a84a00)',
  'var(--rl-class-c, #1f7a4d)',
  'var(--rl-class-d, #7a3e9d)',
  'var(--rl-class-e, #a3265e)',
  'var(--rl-class-f, #6a6200)',
] as const;

/** The values of the custom properties in both themes; the page's style sheet is made from these. */
export const themes = {
  light: {
    page: '#f6f5f1',
    surface: '#ffffff',
    sunken: '#f1f0eb',
    text: '#1c2127',
    muted: '#59626d',
    rule: '#dddbd3',
    primal: '#1b5e9b',
    'on-primal': '#ffffff',
    dual: '#a84a00',
    caution: '#fdf1e1',
    'class-a': '#1b5e9b',
    'class-b': '#a84a00',
    'class-c': '#1f7a4d',
    'class-d': '#7a3e9d',
    'class-e': '#a3265e',
    'class-f': '#6a6200',
  },
  dark: {
    page: '#12151a',
    surface: '#1a1e25',
    sunken: '#232933',
    text: '#e7e9ec',
    muted: '#a3acb8',
    rule: '#333b47',
    primal: '#7fb6ee',
    'on-primal': '#10151b',
    dual: '#f0a262',
    caution: '#33271a',
    'class-a': '#7fb6ee',
    'class-b': '#f0a262',
    'class-c': '#6fcf9f',
    'class-d': '#cba4ee',
    'class-e': '#f495bb',
    'class-f': '#d3cb62',
  },
} as const;

/** The custom properties of a theme as declarations of a style sheet. */
export function themeDeclarations(theme: keyof typeof themes): string {
  return Object.entries(themes[theme])
    .map(([name, value]) => `--rl-${name}: ${value};`)
    .join(' ');
}

/** What every chart takes besides its data. */
export interface ChartFrame {
  /** Unique on the page: prefix of every id inside the picture. */
  readonly id: string;
  /** What is seen, for a reader who cannot see it. */
  readonly label: string;
  /** Width in CSS pixels at which the type has its natural size; default 480. */
  readonly width?: number | undefined;
}

export const chartFontSize = 12.5;
export const defaultChartWidth = 480;
