import * as Plot from '@observablehq/plot';

import { emptyPlotMarks, iterationAxis, thinHistory } from './chart-parts.js';
import { chartColor, type ChartFrame } from './chart-theme.js';
import { finiteExtent } from './finite-extent.js';
import { decimalExponent, numberText, percentTextUp } from './number-text.js';
import { renderPlot } from './plot-svg.js';
import type { HistoryPoint } from './report-input.js';

/** Below this a relative gap in float64 is rounding: such points are drawn hollow, on this line. */
const roundingFloor = 1e-16;

interface GapPoint {
  readonly iteration: number;
  readonly share: number;
  readonly isRounding: boolean;
}

/**
 * The relative gap, (objective − dual bound) / |objective|, against the iteration on a logarithmic axis, with the
 * tolerance as a level. A gap of zero or below has no logarithm: it is drawn hollow at 1e-16. O(history).
 */
export function renderGapChart(
  frame: ChartFrame,
  history: readonly HistoryPoint[],
  tolerance: number,
): string {
  const points = gapPoints(history);
  const level = points.length > 0 && tolerance > 0 && Number.isFinite(tolerance) ? tolerance : null;
  const domain = gapDomain(points, level);
  const last = points.at(-1);
  return renderPlot(frame, {
    height: 290,
    marginLeft: 58,
    marginTop: 26,
    marginRight: 18,
    marginBottom: 40,
    x: iterationAxis(history),
    y: {
      type: 'log',
      domain,
      label: 'relative gap in %, log scale',
      labelArrow: 'none',
      grid: true,
      ticks: powersOfTen(domain),
      tickFormat: (share: number) => numberText(share * 100, 2),
    },
    marks: [
      ...(last === undefined ? emptyPlotMarks('no bound was recorded') : []),
      ...(level === null ? [] : toleranceMarks(level)),
      Plot.lineY(points, { x: 'iteration', y: 'share', stroke: chartColor.primal, strokeWidth: 2 }),
      Plot.dot(
        points.filter((point) => point.isRounding),
        { x: 'iteration', y: 'share', r: 3.5, stroke: chartColor.primal, fill: chartColor.surface },
      ),
      ...(last === undefined || last.isRounding ? [] : lastMarks(last)),
    ],
  });
}

function gapPoints(history: readonly HistoryPoint[]): readonly GapPoint[] {
  return thinHistory(history)
    .filter((point) => Number.isFinite(point.objective - point.dualBound))
    .map((point) => {
      const share =
        (point.objective - point.dualBound) / Math.max(Math.abs(point.objective), Number.MIN_VALUE);
      const isRounding = !(share > roundingFloor);
      const drawn = isRounding ? roundingFloor : Math.min(share, 1e15);
      return { iteration: point.iteration, share: drawn, isRounding };
    });
}

function gapDomain(points: readonly GapPoint[], level: number | null): [number, number] {
  const shares = points.map((point) => point.share);
  const [low, high] = finiteExtent(level === null ? shares : [...shares, level]) ?? [1e-6, 1];
  const bottom = low / 8;
  return [bottom, Math.max(high * 6, bottom * 100)];
}

function powersOfTen([low, high]: readonly [number, number]): number[] {
  const first = decimalExponent(low);
  const last = decimalExponent(high);
  const stride = Math.max(1, Math.ceil((last - first) / 8));
  const powers: number[] = [];
  for (let exponent = last; exponent > first; exponent -= stride) powers.push(Number(`1e${exponent}`));
  return powers;
}

function toleranceMarks(level: number): Plot.Markish[] {
  return [
    Plot.ruleY([level], { stroke: chartColor.dual, strokeDasharray: '2,3', strokeWidth: 1.5 }),
    Plot.text([level], {
      y: (value: number) => value,
      frameAnchor: 'left',
      text: () => `tolerance ${percentTextUp(level)}`,
      dx: 6,
      dy: -9,
      fill: chartColor.dual,
      fontWeight: 600,
      stroke: chartColor.surface,
      strokeWidth: 4,
    }),
  ];
}

function lastMarks(last: GapPoint): Plot.Markish[] {
  return [
    Plot.dot([last], {
      x: 'iteration',
      y: 'share',
      r: 3.5,
      fill: chartColor.primal,
      stroke: chartColor.surface,
    }),
    Plot.text([last], {
      x: 'iteration',
      y: 'share',
      text: () => percentTextUp(last.share),
      textAnchor: 'end',
      dx: 4,
      dy: 15,
      fill: chartColor.primal,
      fontWeight: 600,
      stroke: chartColor.surface,
      strokeWidth: 4,
    }),
  ];
}
