import * as Plot from '@observablehq/plot';

import { chartColor } from './chart-theme.js';
import { countText, decimalExponent, numberText } from './number-text.js';
import type { HistoryPoint } from './report-input.js';
import { subsample } from './subsample.js';

/** More points than this on a line are not seen at the width of a page. */
const historyLimit = 600;

/** The history with at most 600 points, first and last kept. */
export function thinHistory(history: readonly HistoryPoint[]): readonly HistoryPoint[] {
  return subsample(history, historyLimit);
}

/** Whole iterations, few ticks; a history of one point gets a unit of room on both sides. */
export function iterationAxis(points: readonly HistoryPoint[]): Plot.ScaleOptions {
  const first = points.at(0)?.iteration ?? 0;
  const last = points.at(-1)?.iteration ?? 1;
  const domain = last > first ? [first, last] : [first - 1, first + 1];
  const ticks = last > first ? Math.min(6, last - first) : [first];
  return { domain, label: 'iteration', labelArrow: 'none', ticks, tickFormat: countText };
}

/** Text of the ticks of a linear axis, with as many digits as it takes to tell about ten steps apart. */
export function tickTextOf([low, high]: readonly [number, number]): (value: number) => string {
  const size = Math.max(Math.abs(low), Math.abs(high), Number.MIN_VALUE);
  const digits = decimalExponent(size) - decimalExponent(Math.max(high - low, size * 1e-12) / 10) + 1;
  return (value) => numberText(value, Math.min(15, Math.max(3, digits)));
}

/** The words in the middle of a picture that has nothing to draw. */
export function emptyPlotMarks(words: string): Plot.Markish[] {
  return [Plot.text([words], { frameAnchor: 'middle', text: String, fill: chartColor.muted })];
}
