import { signal } from '@preact/signals';

/** Colours that a canvas paints with, as [red, green, blue] of 0 … 255. */
export interface Palette {
  readonly surface: Rgb;
  readonly plus: Rgb;
  readonly minus: Rgb;
}

/** Red, green, blue. */
export type Rgb = readonly [number, number, number];

/** The palette of the style sheet, read again when the colour scheme changes. */
export const palette = signal<Palette>(readPalette());

if (typeof matchMedia === 'function') {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    palette.value = readPalette();
  });
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): Rgb => rgbOf(style.getPropertyValue(name));
  return { surface: color('--rl-surface'), plus: color('--rl-class-a'), minus: color('--rl-class-b') };
}

/** `#rrggbb` as numbers. */
export function rgbOf(hex: string): Rgb {
  const digits = /#([0-9a-f]{6})/i.exec(hex)?.[1] ?? '808080';
  const value = parseInt(digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
