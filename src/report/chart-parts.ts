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
export function iterationAxis(points: readonly Pick<HistoryPoint, 'iteration'>[]): Plot.ScaleOptions {
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

type BoundedPoint = Pick<HistoryPoint, 'iteration' | 'objective' | 'dualBound'>;

/** The objective as a line, the dual bound as a dashed one, and the gap between them shaded. */
export function boundMarks(
  points: readonly BoundedPoint[],
  bounded: readonly BoundedPoint[],
): Plot.Markish[] {
  return [
    Plot.areaY(bounded, {
      x: 'iteration',
      y1: 'dualBound',
      y2: 'objective',
      fill: chartColor.primal,
      fillOpacity: 0.1,
      clip: true,
    }),
    Plot.lineY(bounded, {
      x: 'iteration',
      y: 'dualBound',
      stroke: chartColor.dual,
      strokeWidth: 2,
      strokeDasharray: '6,3',
      clip: true,
    }),
    Plot.lineY(points, {
      x: 'iteration',
      y: 'objective',
      stroke: chartColor.primal,
      strokeWidth: 2,
      clip: true,
    }),
  ];
}
